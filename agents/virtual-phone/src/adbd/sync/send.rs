//! `SEND`: a file comes from the host.

use std::ffi::OsString;
use std::fs::{self, File, FileTimes, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{FileType, OFlags};

use super::talk::Talk;
use super::{MAX_DATA, Next};

/// What was being done when it failed, and why it did.
type Failed = (&'static str, io::Error);

/// Where a file goes, and what it is to be.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    path: PathBuf,
    mode: u32,
}

pub(super) fn serve(talk: &mut Talk<'_>, request: Vec<u8>) -> io::Result<Next> {
    let taken = match order(request) {
        Ok(order) if FileType::from_raw_mode(order.mode) == FileType::Symlink => take_link(talk, &order)?,
        Ok(order) => take_file(talk, &order)?,
        // What comes is heard to its end all the same: a host that still talks may miss what it is told.
        Err(failed) => drain(talk)?.and(Err(failed)),
    };
    match taken {
        Ok(()) => {
            talk.say_numbers(*b"OKAY", &[0])?;
            talk.flush()?;
            Ok(Next::Request)
        }
        Err((doing, error)) => {
            talk.fail(doing, &error)?;
            Ok(Next::End)
        }
    }
}

/// `PATH,MODE`.
fn order(mut request: Vec<u8>) -> Result<Order, Failed> {
    let bad = |what: &'static str| (what, io::Error::from(rustix::io::Errno::INVAL));
    let comma = request.iter().rposition(|byte| *byte == b',').ok_or_else(|| bad("bad request"))?;
    let mode =
        std::str::from_utf8(&request[comma + 1..]).ok().and_then(number).ok_or_else(|| bad("bad mode"))?;
    request.truncate(comma);
    Ok(Order { path: OsString::from_vec(request).into(), mode })
}

/// A number as C spells it: decimal, octal behind a 0, hexadecimal behind 0x.
fn number(text: &str) -> Option<u32> {
    let digits = |text: &str, base| {
        let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        u32::from_str_radix(text, base).ok().filter(|_| plain)
    };
    match text.strip_prefix('0') {
        None => digits(text, 10),
        Some("") => Some(0),
        Some(rest) => match rest.strip_prefix(['x', 'X']) {
            Some(rest) => digits(rest, 16),
            None => digits(rest, 8),
        },
    }
}

/// Hears pieces until the file is at its end; its time, or what is wrong with the talk.
fn pieces(
    talk: &mut Talk<'_>,
    mut piece: impl FnMut(&[u8]) -> Result<(), Failed>,
) -> io::Result<Result<u32, Failed>> {
    let mut buffer = Vec::new();
    let mut taken = Ok(());
    loop {
        let (letters, number) = talk.hear()?;
        match &letters {
            b"DONE" => return Ok(taken.map(|()| number)),
            b"DATA" if number <= MAX_DATA => {
                buffer.resize(number as usize, 0);
                talk.read(&mut buffer)?;
                if taken.is_ok() {
                    taken = piece(&buffer);
                }
            }
            b"DATA" => return Ok(Err(("reading", io::Error::other("oversize data message")))),
            _ => return Ok(Err(("reading", io::Error::other("invalid data message")))),
        }
    }
}

fn drain(talk: &mut Talk<'_>) -> io::Result<Result<(), Failed>> {
    Ok(pieces(talk, |_| Ok(()))?.map(|_| ()))
}

fn take_file(talk: &mut Talk<'_>, order: &Order) -> io::Result<Result<(), Failed>> {
    let mut file = match create(order) {
        Ok(file) => file,
        Err(failed) => return Ok(drain(talk)?.and(Err(failed))),
    };
    let taken = pieces(talk, |piece| file.write_all(piece).map_err(|error| ("write failed", error)));
    let ended = match taken {
        Ok(Ok(time)) => {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(time.into());
            // As on a device, a time that cannot be set is not worth a failure.
            let _ = file.set_times(FileTimes::new().set_accessed(time).set_modified(time));
            return Ok(Ok(()));
        }
        Ok(Err(failed)) => Ok(Err(failed)),
        Err(error) => Err(error),
    };
    // Half a file is none; a device node is not ours.
    if fs::symlink_metadata(&order.path).is_ok_and(|known| known.is_file()) {
        let _ = fs::remove_file(&order.path);
    }
    ended
}

fn create(order: &Order) -> Result<File, Failed> {
    let replaced = |known: fs::Metadata| known.is_file() || known.is_symlink();
    if fs::symlink_metadata(&order.path).is_ok_and(replaced) {
        // A program that runs can be replaced, not written.
        let _ = fs::remove_file(&order.path);
    }
    make_folder(&order.path)?;
    let user = order.mode >> 6 & 7;
    let mode = user << 6 | (order.mode >> 3 & 7 | user) << 3 | order.mode & 7 | user;
    let waiting = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .mode(mode)
        .custom_flags(waiting)
        .open(&order.path)
        .map_err(|error| ("couldn't create file", error))?;
    if file.metadata().is_ok_and(|known| known.is_file()) {
        // Whatever mask this process has: adbd has none.
        let _ = file.set_permissions(Permissions::from_mode(mode));
    }
    Ok(file)
}

fn make_folder(path: &Path) -> Result<(), Failed> {
    match path.parent() {
        Some(folder) if !folder.exists() => {
            fs::create_dir_all(folder).map_err(|error| ("secure_mkdirs failed", error))
        }
        _ => Ok(()),
    }
}

fn take_link(talk: &mut Talk<'_>, order: &Order) -> io::Result<Result<(), Failed>> {
    let mut target = Vec::new();
    let heard = pieces(talk, |piece| {
        target.extend(piece.iter().take_while(|byte| **byte != 0));
        Ok(())
    })?;
    Ok(heard.and_then(|_| {
        make_folder(&order.path)?;
        let _ = fs::remove_file(&order.path);
        symlink(OsString::from_vec(target), &order.path).map_err(|error| ("symlink failed", error))
    }))
}

#[cfg(test)]
mod tests {
    use super::{number, order};

    #[test]
    fn modes_are_numbers_as_c_spells_them() {
        assert_eq!(number("33188"), Some(0o100_644));
        assert_eq!(number("0100644"), Some(0o100_644));
        assert_eq!(number("0x81A4"), Some(0o100_644));
        assert_eq!(number("0"), Some(0));
        for no in ["", "08", "0x", "+5", "-1", "1 ", "4294967296"] {
            assert_eq!(number(no), None, "{no:?}");
        }
    }

    #[test]
    fn the_last_comma_ends_the_path() {
        let read = order(b"/data/a,b,0644".to_vec()).expect("it is an order");
        assert_eq!((read.path.as_path(), read.mode), (std::path::Path::new("/data/a,b"), 0o644));
        assert_eq!(order(b"/data/a".to_vec()).expect_err("no mode").0, "bad request");
        assert_eq!(order(b"/data/a,b".to_vec()).expect_err("no mode").0, "bad mode");
    }
}
