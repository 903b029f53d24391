//! How `sync:` talks: four letters, a number, and bytes.

use std::io;

use super::super::stream::Stream;

/// Bytes that are sent at once.
const PIECE: usize = 256 << 10;

/// The talk on one stream.
#[derive(Debug)]
pub(super) struct Talk<'a> {
    stream: &'a Stream,
    out: Vec<u8>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(stream: &'a Stream) -> Self {
        Self { stream, out: Vec::new() }
    }

    /// Four letters and a number.
    pub(super) fn hear(&mut self) -> io::Result<([u8; 4], u32)> {
        let mut bytes = [0; 8];
        self.read(&mut bytes)?;
        Ok(parts(bytes))
    }

    /// As [`Talk::hear`], where a request may begin: none where the host has no more. Old hosts fill their last
    /// message up with zeros; they are passed over.
    pub(super) fn hear_request(&mut self, most_zeros: usize) -> io::Result<Option<([u8; 4], u32)>> {
        let mut bytes = [0; 8];
        for _ in 0..=most_zeros {
            if self.stream.read(&mut bytes[..1])? == 0 {
                return Ok(None);
            }
            if bytes[0] != 0 {
                self.read(&mut bytes[1..])?;
                return Ok(Some(parts(bytes)));
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    /// All of `into`, or an error.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < into.len() {
            match self.stream.read(&mut into[done..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => done += read,
            }
        }
        Ok(())
    }

    /// Says something; it is sent with what follows, or by [`Talk::flush`].
    pub(super) fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.extend(bytes);
        if self.out.len() < PIECE {
            return Ok(());
        }
        self.flush()
    }

    /// Four letters and numbers.
    pub(super) fn say_numbers(&mut self, letters: [u8; 4], numbers: &[u32]) -> io::Result<()> {
        self.say(&letters)?;
        numbers.iter().try_for_each(|number| self.say(&number.to_le_bytes()))
    }

    /// What was not done, and why.
    pub(super) fn fail(&mut self, doing: &str, error: &io::Error) -> io::Result<()> {
        let text = format!("{doing}: {}", reason(error));
        self.say_numbers(*b"FAIL", &[u32::try_from(text.len()).unwrap_or(0)])?;
        self.say(text.as_bytes())?;
        self.flush()
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.stream.write(&std::mem::take(&mut self.out))
    }
}

fn parts(bytes: [u8; 8]) -> ([u8; 4], u32) {
    let [letters, number] = [0, 4].map(|at| std::array::from_fn(|index| bytes[at + index]));
    (letters, u32::from_le_bytes(number))
}

/// The words of the system for an error, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
