//! A reading is a value or the reason why there is none; it is never a zero that means "unknown".

use std::fmt;

use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Deserialize, Serialize};

/// Why a channel gave no value. The codes are part of the journal format: append only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Reason {
    /// The operating system refused the read (EACCES, EPERM).
    Denied = 0,
    /// The path, key or device does not exist (ENOENT, ENODEV).
    Absent = 1,
    /// A value that the driver uses to say "no value", such as -274 °C.
    Sentinel = 2,
    /// The text is older than its channel promises.
    Stale = 3,
    /// The text is not what the channel's rule expects.
    Parse = 4,
    /// The command that would give the value is not on the device.
    CommandMissing = 5,
    /// A "thermal zone" that holds a voltage, a current or a percentage.
    NotATemperature = 6,
    /// The driver failed to answer (EINVAL, ENODATA, EIO).
    Failed = 7,
    /// The part is switched off for the moment, such as an offline CPU.
    Offline = 8,
    /// Outside the physically plausible range of its quantity.
    Implausible = 9,
}

impl Reason {
    /// Every reason, in code order.
    pub const ALL: [Reason; 10] = [
        Reason::Denied,
        Reason::Absent,
        Reason::Sentinel,
        Reason::Stale,
        Reason::Parse,
        Reason::CommandMissing,
        Reason::NotATemperature,
        Reason::Failed,
        Reason::Offline,
        Reason::Implausible,
    ];

    /// The code that stands in a journal.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason with this code, if this version knows it.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The word used in the database, in reports and on the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Reason::Denied => "denied",
            Reason::Absent => "absent",
            Reason::Sentinel => "sentinel",
            Reason::Stale => "stale",
            Reason::Parse => "parse",
            Reason::CommandMissing => "command-missing",
            Reason::NotATemperature => "not-a-temperature",
            Reason::Failed => "failed",
            Reason::Offline => "offline",
            Reason::Implausible => "implausible",
        }
    }

    /// The reason with this [`word`](Self::word).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl<C> Encode<C> for Reason {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        e.u8(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Reason {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        Self::from_code(d.u8()?).ok_or_else(unknown_code)
    }
}

fn unknown_code() -> decode::Error {
    decode::Error::message("a reason code that this version does not know")
}

/// A value, or the reason why there is none.
pub type Reading<T> = Result<T, Reason>;

/// What a sampler writes: the integer the device printed, before any unit rule, or the reason.
///
/// On the wire a value is a CBOR integer and a reason is CBOR `simple(code)`: one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawReading(pub Reading<i64>);

impl<C> Encode<C> for RawReading {
    fn encode<W: encode::Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), encode::Error<W::Error>> {
        match self.0 {
            Ok(value) => e.i64(value)?,
            Err(reason) => e.simple(reason.code())?,
        };
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for RawReading {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        if d.datatype()? == Type::Simple {
            return Reason::from_code(d.simple()?).map(|reason| Self(Err(reason))).ok_or_else(unknown_code);
        }
        d.i64().map(|value| Self(Ok(value)))
    }
}
