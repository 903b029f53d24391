//! One message of the ADB wire: a header of six little-endian words, and bytes behind it.

use std::io;

use thiserror::Error;

/// Bytes of a header.
pub(super) const HEADER_BYTES: usize = 24;
/// The oldest version of the protocol: every message carries the sum of its bytes.
pub(super) const VERSION_WITH_SUMS: u32 = 0x0100_0000;
/// The version from which on nobody adds up bytes.
pub(super) const VERSION_WITHOUT_SUMS: u32 = 0x0100_0001;
/// What this device takes in one message.
pub(super) const MAX_PAYLOAD: u32 = 1 << 20;
/// What a device from before 2016 takes in one message.
pub(super) const OLD_MAX_PAYLOAD: u32 = 4 << 10;

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Connect,
    Authenticate,
    Open,
    Okay,
    Write,
    Close,
    /// A host that asks for TLS; none of our devices offers it.
    StartTls,
}

impl Command {
    const ALL: [(Self, [u8; 4]); 7] = [
        (Self::Connect, *b"CNXN"),
        (Self::Authenticate, *b"AUTH"),
        (Self::Open, *b"OPEN"),
        (Self::Okay, *b"OKAY"),
        (Self::Write, *b"WRTE"),
        (Self::Close, *b"CLSE"),
        (Self::StartTls, *b"STLS"),
    ];

    fn word(self) -> u32 {
        Self::ALL
            .iter()
            .find(|(command, _)| *command == self)
            .map_or(0, |(_, letters)| u32::from_le_bytes(*letters))
    }

    fn of(word: u32) -> Option<Self> {
        let letters = word.to_le_bytes();
        Self::ALL.iter().find(|(_, known)| *known == letters).map(|(command, _)| *command)
    }
}

/// What a host sent that is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum MessageError {
    #[error("the command {0:#010x} and its check {1:#010x} do not belong together")]
    Magic(u32, u32),
    #[error("no command is called {0:#010x}")]
    Command(u32),
    #[error("{0} bytes in one message")]
    Length(u32),
    #[error("the bytes add up to {found:#010x}, the header says {said:#010x}")]
    Sum { said: u32, found: u32 },
}

impl From<MessageError> for io::Error {
    fn from(error: MessageError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// What stands before the bytes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) command: Command,
    pub(super) first: u32,
    pub(super) second: u32,
    pub(super) length: u32,
    pub(super) sum: u32,
}

impl Header {
    /// The header of `payload`; `sums` says whether the two ends still add up bytes.
    pub(super) fn over(command: Command, first: u32, second: u32, payload: &[u8], sums: bool) -> Self {
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        Self { command, first, second, length, sum: if sums { sum(payload) } else { 0 } }
    }

    pub(super) fn encode(&self) -> [u8; HEADER_BYTES] {
        let word = self.command.word();
        let words = [word, self.first, self.second, self.length, self.sum, !word];
        let mut bytes = [0; HEADER_BYTES];
        for (place, word) in bytes.chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Reads what a host sent; at most `most` bytes may follow.
    pub(super) fn decode(bytes: &[u8; HEADER_BYTES], most: u32) -> Result<Self, MessageError> {
        let mut words = [0; 6];
        for (word, place) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = u32::from_le_bytes([place[0], place[1], place[2], place[3]]);
        }
        let [word, first, second, length, sum, magic] = words;
        if magic != !word {
            return Err(MessageError::Magic(word, magic));
        }
        let command = Command::of(word).ok_or(MessageError::Command(word))?;
        if length > most {
            return Err(MessageError::Length(length));
        }
        Ok(Self { command, first, second, length, sum })
    }

    /// Whether these are the bytes that the header promised.
    pub(super) fn check(&self, payload: &[u8]) -> Result<(), MessageError> {
        let found = sum(payload);
        if found == self.sum { Ok(()) } else { Err(MessageError::Sum { said: self.sum, found }) }
    }
}

/// The "checksum" of the protocol: the sum of the bytes, which wraps.
pub(super) fn sum(payload: &[u8]) -> u32 {
    payload.iter().fold(0, |sum: u32, byte| sum.wrapping_add(u32::from(*byte)))
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
