//! `RECV`: a file goes to the host.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use super::talk::Talk;
use super::{MAX_DATA, Next};

pub(super) fn serve(talk: &mut Talk<'_>, path: &Path) -> io::Result<Next> {
    // A named pipe without a writer would hold this thread for ever.
    let waiting = OFlags::NONBLOCK.bits().cast_signed();
    let mut file = match OpenOptions::new().read(true).custom_flags(waiting).open(path) {
        Ok(file) => file,
        Err(error) => return talk.fail("open failed", &error).map(|()| Next::End),
    };
    let mut buffer = vec![0; MAX_DATA as usize];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                talk.say_numbers(*b"DATA", &[u32::try_from(read).unwrap_or(0)])?;
                talk.say(&buffer[..read])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return talk.fail("read failed", &error).map(|()| Next::End),
        }
    }
    talk.say_numbers(*b"DONE", &[0])?;
    talk.flush()?;
    Ok(Next::Request)
}
