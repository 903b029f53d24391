//! Files of others, read within bounds.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::failure::Failure;

/// The bytes of a plain file that has at most so many. A link to one is followed.
pub fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    read(path, most).map_err(|error| {
        Failure::config(format!("cannot read {}", path.display())).because(&error).reason("no_file")
    })
}

/// The same as text.
pub fn text(path: &Path, most: u64) -> Result<String, Failure> {
    String::from_utf8(bytes(path, most)?)
        .map_err(|_| Failure::config(format!("{} is not UTF-8 text", path.display())).reason("no_file"))
}

fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    // A pipe would be waited for, and a device never ends.
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain file"));
    }
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if length as u64 <= most {
        return Ok(bytes);
    }
    Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {most} bytes")))
}
