//! A reader that knows how many bytes are left.

use std::io::{BufReader, Error, Read, Seek, SeekFrom};

/// Why reading stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    Io(Error),
    Format(&'static str),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Io(error)
    }
}

/// Bytes of a file with a position that never passes its end.
pub(crate) struct Source<R> {
    reader: BufReader<R>,
    position: u64,
    length: u64,
}

impl<R: Read + Seek> Source<R> {
    pub fn new(reader: R, length: u64) -> Self {
        Self { reader: BufReader::with_capacity(64 * 1024, reader), position: 0, length }
    }

    pub fn position(&self) -> u64 {
        self.position
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// Takes `bytes` off what is left.
    fn claim(&mut self, bytes: u64) -> Result<(), Fault> {
        if bytes > self.length - self.position {
            return Err(Fault::Format("the file ends inside a value"));
        }
        self.position += bytes;
        Ok(())
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.claim(N as u64)?;
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub fn u32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, Fault> {
        self.array().map(u64::from_le_bytes)
    }

    /// A length and as many bytes of UTF-8. The claim comes before the allocation.
    pub fn string(&mut self, most: u64) -> Result<String, Fault> {
        let length = self.u64()?;
        if length > most {
            return Err(Fault::Format("a string is longer than its key allows"));
        }
        self.claim(length)?;
        let mut bytes =
            vec![0; usize::try_from(length).map_err(|_| Fault::Format("a string does not fit memory"))?];
        self.reader.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| Fault::Format("a string is not UTF-8"))
    }

    pub fn skip(&mut self, bytes: u64) -> Result<(), Fault> {
        self.claim(bytes)?;
        let step = i64::try_from(bytes).map_err(|_| Fault::Format("the file ends inside a value"))?;
        self.reader.seek_relative(step)?;
        Ok(())
    }

    /// Goes back to a position that was read before.
    pub fn go_to(&mut self, position: u64) -> Result<(), Fault> {
        self.position = self.reader.seek(SeekFrom::Start(position))?;
        Ok(())
    }
}
