//! One kept-open file and the channels in it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use edgesoak_protocol::{Reading, Reason};
use rustix::io::Errno;

use crate::errno;
use crate::root::Root;

/// Turns a file's bytes into one reading for each of its channels; fills all of `out`.
pub(crate) type Parse = fn(&[u8], &mut [Reading<i64>]);

/// Room for one file. `/proc/net/dev` with a hundred interfaces fits; what does not fit is not parsed, unless its
/// beginning says all.
pub(crate) const BUFFER_BYTES: usize = 16 * 1024;

/// What is special about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One read gives all.
    Small,
    /// Everything wanted stands in the first lines; the rest grows with the machine and may not fit.
    Head,
    /// The kernel hands it out page by page.
    Paged,
    /// Belongs to a part that may be switched off and on: its file is opened again after it vanished.
    Switchable,
}

/// One file with its descriptor.
#[derive(Debug)]
pub(crate) struct Source {
    root: Root,
    path: PathBuf,
    /// The error with which a recorded device refused it.
    refused: Option<Errno>,
    kind: Kind,
    parse: Parse,
    file: Result<File, Reason>,
    /// It was not there yet when it was named: a process that has just begun may show its files a moment later.
    is_awaited: bool,
}

impl Source {
    /// Opens the file.
    pub fn open(root: &Root, path: &str, kind: Kind, parse: Parse) -> Self {
        let mut source = Self { kind, ..Self::closed(root, parse) };
        source.follow(Some(path));
        // What a device does not have when it is probed it does not have at all.
        source.is_awaited = false;
        source
    }

    /// A source without a file, until [`Source::follow`] gives it one.
    pub fn closed(root: &Root, parse: Parse) -> Self {
        let file = Err(Reason::Absent);
        Self {
            root: root.clone(),
            path: PathBuf::new(),
            refused: None,
            kind: Kind::Small,
            parse,
            file,
            is_awaited: false,
        }
    }

    /// Reads another file from now on, or none.
    pub fn follow(&mut self, path: Option<&str>) {
        self.refused = path.and_then(|path| self.root.refusal(path));
        self.path = path.map(|path| self.root.at(path)).unwrap_or_default();
        self.file = if path.is_some() { self.file() } else { Err(Reason::Absent) };
        self.is_awaited = path.is_some() && matches!(self.file, Err(Reason::Absent));
    }

    fn file(&self) -> Result<File, Reason> {
        let file = match self.refused {
            Some(errno) => Err(errno.into()),
            None => self.root.open_at(&self.path),
        };
        file.map_err(|error| self.reason(&error))
    }

    /// Reads the file once and fills `out`. Allocates nothing.
    pub fn read(&mut self, buffer: &mut [u8], out: &mut [Reading<i64>]) {
        if (self.kind == Kind::Switchable || self.is_awaited) && self.file.is_err() {
            self.file = self.file();
            self.is_awaited &= self.file.is_err();
        }
        let result = match &self.file {
            Err(reason) => Err(*reason),
            Ok(file) => fill(file, self.kind, buffer).map_err(|error| self.reason(&error)),
        };
        match result {
            Ok(length) if length < buffer.len() || self.kind == Kind::Head => {
                (self.parse)(&buffer[..length], out);
            }
            Ok(_) => out.fill(Err(Reason::Parse)),
            Err(reason) => {
                if self.kind == Kind::Switchable {
                    self.file = Err(reason);
                }
                out.fill(Err(reason));
            }
        }
    }

    fn reason(&self, error: &io::Error) -> Reason {
        if self.kind == Kind::Switchable { errno::reason_of_switchable(error) } else { errno::reason(error) }
    }
}

fn fill(file: &File, kind: Kind, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = file.read_at(buffer, 0)?;
    while kind == Kind::Paged && length > 0 && length < buffer.len() {
        match file.read_at(&mut buffer[length..], length as u64)? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{cpu_times, integer};

    fn read(source: &mut Source) -> Reading<i64> {
        let mut out = [Err(Reason::Failed)];
        source.read(&mut [0; 64], &mut out);
        out[0]
    }

    #[test]
    fn a_file_is_read_again_through_its_descriptor() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("temp");
        std::fs::write(&path, "41000\n").expect("a small file");
        let root = Root::recorded(dir.path());
        let mut source = Source::open(&root, "/temp", Kind::Small, integer::one);
        assert_eq!(read(&mut source), Ok(41_000));
        std::fs::write(&path, "42000\n").expect("a small file");
        assert_eq!(read(&mut source), Ok(42_000));
        std::fs::write(&path, "9".repeat(64)).expect("a file that fills the buffer");
        assert_eq!(read(&mut source), Err(Reason::Parse));
    }

    #[test]
    fn a_file_that_does_not_fit_may_say_all_in_its_first_line() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("stat");
        std::fs::write(&path, format!("cpu  1 2 3 4 5 6 7 8 0 0\n{}", "0 ".repeat(100))).expect("a file");
        let mut out = [Err(Reason::Failed); 5];
        let root = Root::recorded(dir.path());
        Source::open(&root, "/stat", Kind::Head, cpu_times::split).read(&mut [0; 64], &mut out);
        assert_eq!(out, [Ok(3), Ok(16), Ok(4), Ok(5), Ok(8)]);
    }

    #[test]
    fn a_process_may_show_its_files_a_moment_after_it_began() {
        let dir = tempfile::tempdir().expect("a directory");
        let root = Root::recorded(dir.path());
        let mut source = Source::closed(&root, integer::one);
        source.follow(Some("/stat"));
        assert_eq!(read(&mut source), Err(Reason::Absent));
        std::fs::write(dir.path().join("stat"), "7\n").expect("a small file");
        assert_eq!(read(&mut source), Ok(7));
        std::fs::remove_file(dir.path().join("stat")).expect("it was there");
        source.follow(None);
        assert_eq!(read(&mut source), Err(Reason::Absent));
    }

    #[test]
    fn a_switched_off_part_comes_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("scaling_cur_freq");
        let root = Root::recorded(dir.path());
        let mut source = Source::open(&root, "/scaling_cur_freq", Kind::Switchable, integer::one);
        assert_eq!(read(&mut source), Err(Reason::Offline));
        std::fs::write(&path, "1800000\n").expect("a small file");
        assert_eq!(read(&mut source), Ok(1_800_000));
    }

    #[test]
    fn a_source_follows_a_file_or_none() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("status");
        std::fs::write(&path, "5").expect("a small file");
        let mut source = Source::closed(&Root::recorded(dir.path()), integer::one);
        assert_eq!(read(&mut source), Err(Reason::Absent));
        source.follow(Some("/status"));
        assert_eq!(read(&mut source), Ok(5));
        source.follow(None);
        assert_eq!(read(&mut source), Err(Reason::Absent));
        source.follow(Some("/gone"));
        assert_eq!(read(&mut source), Err(Reason::Absent));
    }
}
