//! `sync:`: files come and go.

mod list;
mod receive;
mod send;
mod stat;
mod talk;

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use self::talk::Talk;
use super::device::Features;
use super::stream::Stream;

/// The longest path a host may name.
const MAX_PATH: u32 = 1024;
/// The most bytes under one `DATA`.
const MAX_DATA: u32 = 64 << 10;
/// The longest tail of zeros behind a file.
const MAX_TAIL: usize = 64;

/// What a request ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The next request.
    Request,
    /// The end of the talk.
    End,
}

/// Serves requests until the host has no more, or one fails.
pub(super) fn serve(stream: &Stream, features: Features) -> io::Result<()> {
    stream.accept()?;
    let mut talk = Talk::new(stream);
    while let Some((letters, length)) = talk.hear_request(MAX_TAIL)? {
        if &letters == b"QUIT" {
            break;
        }
        if length > MAX_PATH {
            talk.fail("reading a path", &io::Error::other("it is too long"))?;
            break;
        }
        let mut path = vec![0; length as usize];
        talk.read(&mut path)?;
        if answer(&mut talk, letters, path, features)? == Next::End {
            break;
        }
    }
    Ok(())
}

fn answer(talk: &mut Talk<'_>, letters: [u8; 4], path: Vec<u8>, features: Features) -> io::Result<Next> {
    let named = |path| PathBuf::from(OsString::from_vec(path));
    let current = features == Features::Current;
    match &letters {
        b"STAT" => stat::old(talk, &named(path))?,
        b"STA2" if current => stat::new(talk, letters, std::fs::metadata(named(path)))?,
        b"LST2" if current => stat::new(talk, letters, std::fs::symlink_metadata(named(path)))?,
        b"LIST" => list::old(talk, &named(path))?,
        b"LIS2" if current => list::new(talk, &named(path))?,
        b"RECV" => return receive::serve(talk, &named(path)),
        b"SEND" => return send::serve(talk, path),
        _ => {
            let known = String::from_utf8_lossy(&letters).into_owned();
            talk.fail("unknown command", &io::Error::other(known))?;
            return Ok(Next::End);
        }
    }
    talk.flush()?;
    Ok(Next::Request)
}
