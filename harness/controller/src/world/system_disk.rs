//! The host's own disk.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use super::disk::{Disk, FileDigest, Lock};

const CHUNK: usize = 256 << 10;

/// Path, size and time of change (seconds, nanoseconds) of a file whose digest is known.
type Known = (PathBuf, u64, i64, i64);

/// The host's own disk. Files are private to the owner.
#[derive(Debug, Default)]
pub struct SystemDisk {
    /// Files that are appended to, held open: a journal gets a few lines per second.
    open: Mutex<HashMap<PathBuf, File>>,
    digests: Mutex<HashMap<Known, FileDigest>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Neither map is ever left half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    options
}

impl Disk for SystemDisk {
    fn create_dirs(&self, directory: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut open = held(&self.open);
        if !open.contains_key(path) {
            open.insert(path.to_owned(), private().append(true).open(path)?);
        }
        let Some(file) = open.get_mut(path) else { return Err(io::ErrorKind::NotFound.into()) };
        let before = file.metadata()?.len();
        file.write_all(bytes).inspect_err(|_| {
            // A full disk takes part of a write; the part would be a torn line.
            let _ = file.set_len(before);
        })
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        match held(&self.open).get(path) {
            Some(file) => file.sync_data(),
            // Another process, killed since, may have appended without a sync.
            None => File::open(path)?.sync_data(),
        }
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("longer than {limit} bytes")));
        }
        Ok(bytes)
    }

    fn read_at(&self, path: &Path, offset: u64, limit: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        file.take(limit as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write_atomically(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let part = PathBuf::from(name);
        let written = private().write(true).truncate(true).open(&part).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, path)
        });
        written.inspect_err(|_| {
            let _ = fs::remove_file(&part);
        })
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.set_len(length)
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        held(&self.open).remove(path);
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn digest(&self, path: &Path) -> io::Result<FileDigest> {
        let mut file = File::open(path)?;
        let found = file.metadata()?;
        let key = (path.to_owned(), found.len(), found.mtime(), found.mtime_nsec());
        if let Some(known) = held(&self.digests).get(&key) {
            return Ok(known.clone());
        }
        let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; CHUNK]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            bytes += read as u64;
        }
        let digest = FileDigest { sha256: hex(&hash.finalize()), bytes };
        held(&self.digests).insert(key, digest.clone());
        Ok(digest)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        let file = private().write(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn files_are_private_whole_and_bounded() {
        let dir = tempfile::tempdir().expect("a directory");
        let disk = SystemDisk::default();
        let below = dir.path().join("a/b");
        disk.create_dirs(&below).expect("made");
        let path = below.join("file");
        disk.append(&path, b"one").expect("room");
        disk.append(&path, b"two").expect("room");
        disk.sync(&path).expect("synced");
        SystemDisk::default().sync(&path).expect("a process that never wrote to it can sync it");
        disk.sync(&below.join("none")).expect_err("what is not there is on no medium");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&below)), (0o600, 0o700));
        assert_eq!(disk.read(&path, 6).expect("it fits"), b"onetwo");
        assert_eq!(disk.read(&path, 5).expect_err("too long").kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(disk.read_at(&path, 2, 3).expect("there"), b"etw");
        assert_eq!(disk.read_at(&path, 9, 3).expect("beyond"), b"");
        disk.truncate(&path, 4).expect("cut");
        disk.append(&path, b"!").expect("goes on at the new end");
        assert_eq!(disk.read(&path, 9).expect("there"), b"onet!");
        disk.write_atomically(&path, b"new").expect("replaced");
        assert_eq!(fs::read_dir(&below).expect("there").count(), 1);
        disk.remove(&path).expect("removed");
        disk.remove(&path).expect("nothing to remove");
        assert_eq!(disk.length(&path).expect("asked"), None);
    }

    #[test]
    fn a_digest_follows_the_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let (disk, path) = (SystemDisk::default(), dir.path().join("file"));
        fs::write(&path, b"abc").expect("room");
        let abc = disk.digest(&path).expect("there");
        assert_eq!(abc.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(disk.digest(&path).expect("known"), abc);
        fs::write(&path, b"abcd").expect("room");
        assert_ne!(disk.digest(&path).expect("there"), abc);
    }

    #[test]
    fn a_lock_is_held_once() {
        let dir = tempfile::tempdir().expect("a directory");
        let (disk, path) = (SystemDisk::default(), dir.path().join("lock"));
        let held = disk.lock(&path).expect("made");
        assert!(held.is_some());
        assert!(disk.lock(&path).expect("there").is_none());
        drop(held);
        assert!(disk.lock(&path).expect("there").is_some());
    }
}
