//! Readings and facts of one captured output.

use std::collections::BTreeMap;

use edgesoak_protocol::{Reading, Reason};

/// Most readings of one output; what comes after them is left out, and the fact `truncated` says so.
pub const MAX_READINGS: usize = 4096;
/// Longest name or raw text that is kept, bytes.
const MAX_TEXT: usize = 200;
/// Most facts of one output.
const MAX_FACTS: usize = 256;

/// Unit of a captured reading: the vendor's quantity in one fixed unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Degrees Celsius.
    Celsius,
    /// Milliamperes.
    MilliAmpere,
    /// Millivolts.
    MilliVolt,
    /// Milliwatts.
    MilliWatt,
    /// Millijoules.
    MilliJoule,
    /// Microampere-hours.
    MicroAmpereHour,
    /// Kilohertz.
    KiloHertz,
    /// Per cent.
    Percent,
    /// Kibibytes.
    Kibibyte,
    /// Bytes.
    Byte,
    /// A plain number.
    Count,
    /// A number that stands for a state.
    State,
}

impl Measure {
    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Measure::Celsius => "celsius",
            Measure::MilliAmpere => "mA",
            Measure::MilliVolt => "mV",
            Measure::MilliWatt => "mW",
            Measure::MilliJoule => "mJ",
            Measure::MicroAmpereHour => "uAh",
            Measure::KiloHertz => "kHz",
            Measure::Percent => "percent",
            Measure::Kibibyte => "KiB",
            Measure::Byte => "bytes",
            Measure::Count => "count",
            Measure::State => "state",
        }
    }
}

/// One reading.
#[derive(Debug, Clone, PartialEq)]
pub struct CapturedReading {
    /// Our name, stable over vendors: `temperature/skin`, `battery/voltage`.
    pub channel: String,
    /// The vendor's own name.
    pub name: String,
    /// A finite value in `unit`, or why there is none.
    pub value: Reading<f64>,
    /// Unit of `value`.
    pub unit: Measure,
    /// The text it was read from.
    pub raw: String,
}

/// Something that is not a reading.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A short text.
    Word(String),
}

/// What one output says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Capture {
    readings: Vec<CapturedReading>,
    facts: BTreeMap<String, Fact>,
}

impl Capture {
    /// Readings in the order of the text.
    #[must_use]
    pub fn readings(&self) -> &[CapturedReading] {
        &self.readings
    }

    /// Facts by name.
    #[must_use]
    pub fn facts(&self) -> &BTreeMap<String, Fact> {
        &self.facts
    }

    /// The readings, for what is known only at the end of the text.
    pub(crate) fn readings_mut(&mut self) -> &mut [CapturedReading] {
        &mut self.readings
    }

    /// Adds a reading. A value that is not finite becomes [`Reason::Parse`]; long texts are cut; readings beyond
    /// [`MAX_READINGS`] are left out.
    pub(crate) fn read(&mut self, channel: &str, name: &str, unit: Measure, raw: &str, value: Reading<f64>) {
        if self.readings.len() == MAX_READINGS {
            self.facts.insert("truncated".to_owned(), Fact::Flag(true));
            return;
        }
        let value = value.and_then(|value| if value.is_finite() { Ok(value) } else { Err(Reason::Parse) });
        self.readings.push(CapturedReading {
            channel: cut(channel),
            name: cut(name),
            value,
            unit,
            raw: cut(raw),
        });
    }

    /// Notes a fact; the last one of a name stands.
    pub(crate) fn fact(&mut self, name: &str, fact: Fact) {
        if self.facts.len() < MAX_FACTS || self.facts.contains_key(name) {
            let fact = if let Fact::Word(word) = fact { Fact::Word(cut(&word)) } else { fact };
            self.facts.insert(cut(name), fact);
        }
    }
}

/// The beginning of a text, without characters that a terminal would obey.
fn cut(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    // Nearly every text is plain, and copying it is much cheaper than walking over its letters.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
