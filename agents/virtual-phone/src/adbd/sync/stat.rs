//! What a file is: `STAT`, with sizes and times of 32 bits, and `STA2` and `LST2`.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::talk::Talk;

/// Mode, size and time as far as 32 bits hold them; zeros where there is no file.
pub(super) fn old(talk: &mut Talk<'_>, path: &Path) -> io::Result<()> {
    talk.say_numbers(*b"STAT", &fs::symlink_metadata(path).map_or([0; 3], |known| short(&known)))
}

/// The three numbers of the old protocol.
pub(super) fn short(known: &Metadata) -> [u32; 3] {
    // Larger sizes lose their upper half, as on every device.
    let low = |number: u64| u32::try_from(number & 0xffff_ffff).unwrap_or(u32::MAX);
    [known.mode(), low(known.size()), low(known.mtime().cast_unsigned())]
}

/// An error number, and all that is known of a file.
pub(super) fn new(talk: &mut Talk<'_>, letters: [u8; 4], known: io::Result<Metadata>) -> io::Result<()> {
    talk.say(&letters)?;
    talk.say(&long(known))
}

/// The fields of the new protocol.
pub(super) fn long(known: io::Result<Metadata>) -> [u8; 68] {
    let mut bytes = [0; 68];
    match known {
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(5);
            bytes[..4].copy_from_slice(&number.to_le_bytes());
        }
        Ok(known) => {
            let links = u32::try_from(known.nlink()).unwrap_or(u32::MAX);
            let fields = [
                &0_u32.to_le_bytes()[..],
                &known.dev().to_le_bytes(),
                &known.ino().to_le_bytes(),
                &known.mode().to_le_bytes(),
                &links.to_le_bytes(),
                &known.uid().to_le_bytes(),
                &known.gid().to_le_bytes(),
                &known.size().to_le_bytes(),
                &known.atime().to_le_bytes(),
                &known.mtime().to_le_bytes(),
                &known.ctime().to_le_bytes(),
            ];
            bytes.copy_from_slice(&fields.concat());
        }
    }
    bytes
}
