//! A folder with everything in it, bounded, without following a link.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use edgesoak_protocol::sweep::{MOST_BYTES, Piece};
use rustix::fs::OFlags;

use super::begun::Moment;

/// How much of a folder is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Only what changed at this moment or later.
    pub(super) since: Option<Moment>,
    /// Only what belongs to this user.
    pub(super) owner: Option<u32>,
    /// Entries that are looked at.
    pub(super) most_entries: usize,
    /// Bytes that are read.
    pub(super) most_bytes: u64,
    /// Folders within folders.
    pub(super) deepest: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { since: None, owner: None, most_entries: 500_000, most_bytes: 1 << 30, deepest: 64 }
    }
}

/// What is left of a walk.
pub(super) struct Walk<'a> {
    waiting: Vec<(PathBuf, usize)>,
    bounds: Bounds,
    left_out: Vec<PathBuf>,
    is_known: Box<dyn Fn(&Path) -> bool + 'a>,
    entries: usize,
    bytes: u64,
}

type Tell<'t> = dyn FnMut(Piece) -> io::Result<()> + 't;

impl<'a> Walk<'a> {
    pub(super) fn of(folder: &Path, bounds: Bounds) -> Self {
        let waiting = vec![(folder.to_owned(), 0)];
        Self { waiting, bounds, left_out: Vec::new(), is_known: Box::new(|_| false), entries: 0, bytes: 0 }
    }

    /// Does not go in there.
    pub(super) fn leave_out(&mut self, folder: &Path) {
        self.left_out.push(folder.to_owned());
        // The same folder by another way.
        self.left_out.extend(folder.canonicalize());
    }

    /// Does not read files of which this holds.
    pub(super) fn leave_out_files(&mut self, is_known: Box<dyn Fn(&Path) -> bool + 'a>) {
        self.is_known = is_known;
    }

    /// Tells everything; a folder that is not there holds nothing.
    pub(super) fn each(mut self, tell: &mut Tell<'_>) -> io::Result<()> {
        while let Some((path, depth)) = self.waiting.pop() {
            if self.left_out.contains(&path) {
                continue;
            }
            self.entries += 1;
            if self.entries > self.bounds.most_entries || self.bytes > self.bounds.most_bytes {
                return tell(unread(&path, "there is more than was read"));
            }
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => self.folder(&path, &found, depth, tell)?,
                Ok(found) if found.is_file() && self.counts(&found) => self.file(&path, tell)?,
                // Links, pipes and devices hold no text of their own.
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => tell(unread(&path, &error.to_string()))?,
            }
        }
        Ok(())
    }

    fn counts(&self, found: &Metadata) -> bool {
        let is_new = self.bounds.since.is_none_or(|since| (found.ctime(), found.ctime_nsec()) >= since);
        is_new && self.is_owned(found)
    }

    fn is_owned(&self, found: &Metadata) -> bool {
        self.bounds.owner.is_none_or(|owner| found.uid() == owner)
    }

    /// Where only files of one user count, what others keep to themselves is none of it. Elsewhere it may hold anything:
    /// the times of a folder do not change when a file in it does.
    fn excuses(&self, error: &io::Error, found: &Metadata) -> bool {
        error.kind() == ErrorKind::PermissionDenied && !self.is_owned(found)
    }

    fn folder(&mut self, path: &Path, found: &Metadata, depth: usize, tell: &mut Tell<'_>) -> io::Result<()> {
        if depth >= self.bounds.deepest {
            return tell(unread(path, "it lies too deep"));
        }
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if self.excuses(&error, found) => return Ok(()),
            Err(error) => return tell(unread(path, &error.to_string())),
        };
        for entry in entries {
            match entry {
                Ok(entry) => self.waiting.push((entry.path(), depth + 1)),
                Err(error) => return tell(unread(path, &error.to_string())),
            }
            if self.waiting.len() > self.bounds.most_entries {
                return tell(unread(path, "there is more than was read"));
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, tell: &mut Tell<'_>) -> io::Result<()> {
        if (self.is_known)(path) {
            return Ok(());
        }
        let mut file = match open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return tell(unread(path, &error.to_string())),
        };
        tell(Piece::file(&path.to_string_lossy()))?;
        loop {
            let mut bytes = Vec::new();
            if let Err(error) = (&mut file).take(MOST_BYTES as u64).read_to_end(&mut bytes) {
                return tell(unread(path, &error.to_string()));
            }
            if bytes.is_empty() {
                return Ok(());
            }
            self.bytes += bytes.len() as u64;
            tell(Piece::Bytes { bytes })?;
            if self.bytes > self.bounds.most_bytes {
                return tell(unread(path, "there is more than was read"));
            }
        }
    }
}

/// Neither a link that took the file's place is followed, nor a pipe waited for.
fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

fn unread(path: &Path, why: &str) -> Piece {
    Piece::unread(&format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::super::begun::changed;
    use super::*;

    fn told(walk: Walk<'_>) -> Vec<String> {
        let mut told = Vec::new();
        let mut tell = |piece| {
            told.push(match piece {
                Piece::File { name } => name.rsplit('/').next().unwrap_or_default().to_owned(),
                Piece::Bytes { bytes } => format!("{} bytes", bytes.len()),
                Piece::Unread { why } => format!("unread {}", why.rsplit(": ").next().unwrap_or_default()),
                other => format!("{other:?}"),
            });
            Ok(())
        };
        walk.each(&mut tell).expect("taken");
        told.sort();
        told
    }

    #[test]
    fn everything_in_a_folder_is_told_but_links_and_what_is_left_out() {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("a/b")).expect("a folder");
        fs::create_dir(at("not")).expect("a folder");
        for (name, text) in [("a/b/deep", "12345"), ("top", ""), ("known", "1"), ("not/this", "1")] {
            fs::write(at(name), text).expect("room");
        }
        symlink("/etc/passwd", at("link")).expect("a link");
        let mut walk = Walk::of(dir.path(), Bounds::default());
        walk.leave_out(&at("not"));
        walk.leave_out_files(Box::new(|path| path.ends_with("known")));
        assert_eq!(told(walk), ["5 bytes", "deep", "top"]);
        assert_eq!(told(Walk::of(&at("nowhere"), Bounds::default())), [""; 0]);
    }

    #[test]
    fn long_files_come_in_pieces_and_bounds_are_told() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("long"), vec![b'x'; MOST_BYTES + 1]).expect("room");
        assert_eq!(told(Walk::of(dir.path(), Bounds::default())), ["1 bytes", "65536 bytes", "long"]);
        for bounds in
            [Bounds { most_bytes: 100, ..Bounds::default() }, Bounds { most_entries: 1, ..Bounds::default() }]
        {
            let told = told(Walk::of(dir.path(), bounds));
            assert!(told.contains(&"unread there is more than was read".to_owned()), "{told:?}");
        }
        let flat = Bounds { deepest: 0, ..Bounds::default() };
        assert_eq!(told(Walk::of(dir.path(), flat)), ["unread it lies too deep"]);
    }

    #[test]
    fn only_what_changed_since_and_what_is_ours_counts() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join("old"), "1").expect("room");
        let (seconds, nanos) = changed(&dir.path().join("old")).expect("there");
        let owner = fs::metadata(dir.path()).expect("there").uid();
        let count =
            |since, owner| told(Walk::of(dir.path(), Bounds { since, owner, ..Bounds::default() })).len();
        assert_eq!(count(Some((seconds, nanos)), Some(owner)), 2);
        assert_eq!(count(Some((seconds + 1, 0)), None), 0);
        assert_eq!(count(None, Some(owner + 1)), 0);
    }

    #[test]
    fn a_closed_folder_is_excused_only_where_another_user_keeps_it_and_users_count() {
        let dir = tempfile::tempdir().expect("a folder");
        let found = fs::metadata(dir.path()).expect("there");
        let denied = io::Error::from(ErrorKind::PermissionDenied);
        let excuses = |owner, error: &io::Error| {
            let since = Some((found.ctime() + 3600, 0));
            Walk::of(dir.path(), Bounds { since, owner, ..Bounds::default() }).excuses(error, &found)
        };
        assert!(!excuses(None, &denied), "an old folder of logs");
        assert!(!excuses(Some(found.uid()), &denied), "our own");
        assert!(excuses(Some(found.uid() + 1), &denied));
        assert!(!excuses(Some(found.uid() + 1), &io::Error::from(ErrorKind::InvalidData)));
    }
}
