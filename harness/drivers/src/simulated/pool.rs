//! One copy of each large file for all simulated devices. A sandbox gets a hard link to it: two hundred phones hold a
//! model once.
//!
//! The copy is the pool's own, because a link shares its file's rights and content with whoever changes either.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::DriverError;
use crate::local::files::{self, device_error, host_error};
use crate::local::limits::GivenUp;

const LOCK: &str = "lock";
const LOOK_EVERY: Duration = Duration::from_millis(5);

#[derive(Debug, Clone)]
pub(super) struct Pool(PathBuf);

impl Pool {
    pub(super) fn at(dir: PathBuf) -> Self {
        Self(dir)
    }

    /// Makes the pool's directory, private to the owner.
    pub(super) fn prepare(&self) -> Result<(), DriverError> {
        make_private(&self.0)
    }

    /// Puts `from` at `to` by a link, and gives its size.
    pub(super) fn link(
        &self,
        from: &Path,
        to: &Path,
        mode: u32,
        given_up: &GivenUp,
    ) -> Result<u64, DriverError> {
        let found = fs::metadata(from).map_err(|error| host_error("reading", from, error))?;
        let locked = self.lock(given_up)?;
        self.drop_unused();
        let entry = self.0.join(entry_name(&found, mode));
        if !entry.exists() {
            files::push(from, &entry, mode, given_up)?;
        }
        let linked = files::make_parent(to).and_then(|()| replace_by_link(&entry, to));
        drop(locked);
        match linked {
            Ok(()) => Ok(found.len()),
            // File systems bound the number of links to a file.
            Err(error) if error.kind() == io::ErrorKind::TooManyLinks => {
                files::push(from, to, mode, given_up)
            }
            Err(error) => Err(device_error("linking", to, error)),
        }
    }

    fn lock(&self, given_up: &GivenUp) -> Result<File, DriverError> {
        let path = self.0.join(LOCK);
        let blame = |error| host_error("locking", &path, error);
        let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = opened.map_err(blame)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if given_up.is_set() => {
                    return Err(blame(io::ErrorKind::Interrupted.into()));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(LOOK_EVERY),
                Err(TryLockError::Error(error)) => return Err(blame(error)),
            }
        }
    }

    /// Copies that no sandbox has a link to: of a model that changed, or one that was not what was planned.
    fn drop_unused(&self) {
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        for entry in entries.flatten().filter(|entry| entry.file_name() != LOCK) {
            if entry.metadata().is_ok_and(|found| found.is_file() && found.nlink() == 1) {
                // It only costs room.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// A file of the host as it is now, with the rights that it gets.
fn entry_name(found: &Metadata, mode: u32) -> String {
    let (dev, ino, bytes) = (found.dev(), found.ino(), found.len());
    format!("{dev:x}-{ino:x}-{}.{:09}-{bytes}-{mode:o}", found.mtime(), found.mtime_nsec())
}

/// Whole or not at all, whatever lies there.
fn replace_by_link(entry: &Path, to: &Path) -> io::Result<()> {
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".link-{}", std::process::id()));
    let part = PathBuf::from(name);
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::hard_link(entry, &part)?,
    }
    fs::rename(&part, to)?;
    // Renaming one link of a file over another does nothing, and leaves both.
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A directory of the host that nobody else may look into.
pub(super) fn make_private(dir: &Path) -> Result<(), DriverError> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|error| host_error("making", dir, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        dir: tempfile::TempDir,
        pool: Pool,
    }

    impl Place {
        fn new() -> Self {
            let dir = tempfile::tempdir().expect("a directory");
            let pool = Pool::at(dir.path().join("pool"));
            pool.prepare().expect("made");
            fs::write(dir.path().join("model"), "weights").expect("room");
            Self { dir, pool }
        }

        fn link(&self, name: &str, mode: u32) -> Metadata {
            let (from, to) = (self.dir.path().join("model"), self.dir.path().join(name));
            self.pool.link(&from, &to, mode, &GivenUp::default()).expect("links");
            fs::metadata(to).expect("it is there")
        }

        fn entries(&self) -> usize {
            fs::read_dir(&self.pool.0).expect("listed").count() - 1
        }
    }

    #[test]
    fn many_devices_hold_one_copy_with_the_rights_that_were_asked_for() {
        let place = Place::new();
        let (one, two) = (place.link("a/store/m", 0o600), place.link("b/store/m", 0o600));
        assert_eq!((one.ino(), one.mode() & 0o777, two.nlink()), (two.ino(), 0o600, 3));
        let program = place.link("c/bin/m", 0o700);
        assert_ne!(program.ino(), one.ino());
        assert_eq!(program.mode() & 0o777, 0o700);
        let theirs = fs::metadata(place.dir.path().join("model")).expect("it is there");
        assert_eq!(theirs.nlink(), 1, "the host's own file is left alone");
        assert_eq!(place.entries(), 2);
        place.link("a/store/m", 0o600);
        assert_eq!(fs::read_dir(place.dir.path().join("a/store")).expect("listed").count(), 1);
    }

    #[test]
    fn a_copy_that_nobody_holds_is_dropped_and_a_changed_file_is_copied_anew() {
        let place = Place::new();
        place.link("a/m", 0o600);
        fs::write(place.dir.path().join("model"), "other weights").expect("room");
        place.link("b/m", 0o600);
        let text = |name: &str| fs::read_to_string(place.dir.path().join(name)).expect("it is there");
        assert_eq!((text("a/m"), text("b/m")), ("weights".to_owned(), "other weights".to_owned()));
        fs::remove_file(place.dir.path().join("a/m")).expect("removed");
        place.link("c/m", 0o600);
        assert_eq!(place.entries(), 1);
    }
}
