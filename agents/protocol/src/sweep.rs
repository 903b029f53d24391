//! What `sweep` streams: everything that a session may have left on its device, for a host that knows what to look for.
//!
//! ```text
//! piece   length u32 | crc32 u32 | CBOR Piece          (repeated, `End` is the last)
//! ```
//! Integers are little-endian. `length` counts the CBOR payload only; the CRC covers it.

use minicbor::{Decode, Encode};
use thiserror::Error;

/// Most bytes of a file in one piece.
pub const MOST_BYTES: usize = 64 << 10;
/// Largest payload, bytes. Bounds what a hostile device can make us allocate.
const MAX_PAYLOAD: usize = MOST_BYTES + (8 << 10);
/// Bytes before a payload.
const PREFIX: usize = 8;
/// Longest name and longest reason, bytes; longer ones are cut.
const LONGEST: usize = 2 << 10;

/// Places that every device tells, in this order.
const EVERYWHERE: [&str; 4] = ["session", "home", "temp", "logs"];
/// Those of Android besides.
const OF_ANDROID: [&str; 5] = ["app-files", "tombstones", "dropbox", "logcat", "crash-buffer"];
/// Those of any other system.
const ELSEWHERE: [&str; 2] = ["system-journal", "crashes"];

/// Every place that a sweep tells, whatever is there and can be read: one that is missing was not searched.
pub fn owed(is_android: bool) -> impl Iterator<Item = &'static str> {
    let others: &[&str] = if is_android { &OF_ANDROID } else { &ELSEWHERE };
    EVERYWHERE.into_iter().chain(others.iter().copied())
}

/// A part of what was left behind.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Piece {
    /// A place begins.
    #[n(0)]
    Place {
        /// Its name, such as `logcat`.
        #[n(0)]
        name: String,
    },
    /// A file of the place begins, or a buffer of it.
    #[n(1)]
    File {
        /// Its name.
        #[n(0)]
        name: String,
    },
    /// The next bytes of the file.
    #[n(2)]
    Bytes {
        /// At most [`MOST_BYTES`].
        #[cbor(n(0), with = "minicbor::bytes")]
        bytes: Vec<u8>,
    },
    /// Something of the place could not be read.
    #[n(3)]
    Unread {
        /// What, and why.
        #[n(0)]
        why: String,
    },
    /// Every place was told.
    #[n(4)]
    End {},
}

impl Piece {
    /// A place.
    #[must_use]
    pub fn place(name: &str) -> Self {
        Self::Place { name: cut(name) }
    }

    /// A file.
    #[must_use]
    pub fn file(name: &str) -> Self {
        Self::File { name: cut(name) }
    }

    /// What could not be read.
    #[must_use]
    pub fn unread(why: &str) -> Self {
        Self::Unread { why: cut(why) }
    }

    /// Appends it to `out`.
    ///
    /// # Panics
    /// If it holds more than [`MOST_BYTES`]: no reader would take it.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; PREFIX]);
        minicbor::encode(self, &mut *out).expect("encoding into memory cannot fail");
        let payload = out.len() - start - PREFIX;
        let length = u32::try_from(payload).ok().filter(|_| payload <= MAX_PAYLOAD).expect("a bounded piece");
        let crc = crc32fast::hash(&out[start + PREFIX..]);
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        out[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
    }
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST)].to_owned()
}

/// Why bytes are no pieces.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("damaged piece at byte {offset}: {what}")]
pub struct SweepError {
    /// Where it begins in the stream.
    pub offset: u64,
    /// What is wrong with it.
    pub what: &'static str,
}

/// Incremental reader: feed it bytes as they come, take whole pieces out.
#[derive(Debug, Default)]
pub struct SweepReader {
    buffer: Vec<u8>,
    start: usize,
    offset: u64,
}

impl SweepReader {
    /// Adds bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole piece; `None` where more bytes are needed.
    ///
    /// # Errors
    /// If the bytes are damaged: nothing behind them can be read.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, SweepError> {
        let rest = &self.buffer[self.start..];
        let Some((prefix, behind)) = rest.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let [a, b, c, d, crc @ ..] = *prefix;
        let damaged = |what| Err(SweepError { offset: self.offset, what });
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > MAX_PAYLOAD {
            return damaged("it is longer than any piece");
        }
        let Some(payload) = behind.get(..length) else { return Ok(None) };
        if crc32fast::hash(payload) != u32::from_le_bytes(crc) {
            return damaged("its checksum does not match");
        }
        let Ok(piece) = minicbor::decode::<Piece>(payload) else { return damaged("it makes no sense") };
        self.start += PREFIX + length;
        self.offset += (PREFIX + length) as u64;
        Ok(Some(piece))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces() -> Vec<Piece> {
        vec![
            Piece::place("temp"),
            Piece::file("/tmp/ä"),
            Piece::Bytes { bytes: vec![0xFF; MOST_BYTES] },
            Piece::unread(&"x".repeat(10_000)),
            Piece::End {},
        ]
    }

    fn written() -> Vec<u8> {
        let mut out = Vec::new();
        for piece in pieces() {
            piece.write(&mut out);
        }
        out
    }

    fn read(parts: impl Iterator<Item = Vec<u8>>) -> Result<Vec<Piece>, SweepError> {
        let (mut reader, mut read) = (SweepReader::default(), Vec::new());
        for part in parts {
            reader.feed(&part);
            while let Some(piece) = reader.next_piece()? {
                read.push(piece);
            }
        }
        Ok(read)
    }

    #[test]
    fn pieces_come_back_however_they_are_cut() {
        let out = written();
        for length in [1, 7, 4096, out.len()] {
            assert_eq!(read(out.chunks(length).map(<[u8]>::to_vec)), Ok(pieces()), "{length}");
        }
    }

    #[test]
    fn a_flipped_bit_is_told() {
        let out = written();
        for at in (0..out.len()).step_by(997).chain(0..40) {
            let mut flipped = out.clone();
            flipped[at] ^= 0x10;
            let read = read([flipped].into_iter());
            assert!(read.as_ref().map_or(true, |read| *read != pieces()), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_pieces_or_damage(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(read([bytes].into_iter()));
        }
    }
}
