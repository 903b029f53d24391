//! What lies in a folder: `LIST` and `LIS2`.

use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::stat;
use super::talk::Talk;

pub(super) fn old(talk: &mut Talk<'_>, path: &Path) -> io::Result<()> {
    for (name, known) in entries(path) {
        let Ok(known) = known else { continue };
        talk.say_numbers(*b"DENT", &stat::short(&known))?;
        say_name(talk, &name)?;
    }
    talk.say_numbers(*b"DONE", &[0; 4])
}

pub(super) fn new(talk: &mut Talk<'_>, path: &Path) -> io::Result<()> {
    for (name, known) in entries(path) {
        talk.say(b"DNT2")?;
        talk.say(&stat::long(known))?;
        say_name(talk, &name)?;
    }
    talk.say(b"DONE")?;
    talk.say(&[0; 72])
}

fn say_name(talk: &mut Talk<'_>, name: &OsString) -> io::Result<()> {
    let length = u32::try_from(name.len()).unwrap_or(0);
    talk.say(&length.to_le_bytes())?;
    talk.say(name.as_bytes())
}

/// The entries, with the two that every folder has. A folder that cannot be read is an empty one to a host.
fn entries(path: &Path) -> impl Iterator<Item = (OsString, io::Result<fs::Metadata>)> {
    let open = fs::read_dir(path);
    let of_itself =
        open.is_ok().then(|| [".", ".."].map(|name| (name.into(), fs::symlink_metadata(path.join(name)))));
    let entry = |entry: DirEntry| (entry.file_name(), entry.metadata());
    let inside = open.into_iter().flatten().filter_map(Result::ok).map(entry);
    of_itself.into_iter().flatten().chain(inside)
}
