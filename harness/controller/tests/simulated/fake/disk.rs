//! A disk in memory that can be full, and whose host can be killed at any write.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use edgesoak_controller::{Disk, FileDigest, Lock};
use tokio::sync::Notify;

use super::made::sha256;

#[derive(Default)]
struct Inner {
    files: BTreeMap<PathBuf, Vec<u8>>,
    writes: usize,
    die_at: Option<usize>,
    room: Option<usize>,
    /// Files of this name cannot be brought to the medium.
    unsynced: Option<&'static str>,
    /// A lock of this name is held by another process.
    held: Option<&'static str>,
    /// Times that a file was read from its beginning on, piece by piece.
    rereads: usize,
}

#[derive(Default)]
pub struct MemoryDisk {
    inner: Mutex<Inner>,
    died: Notify,
}

impl MemoryDisk {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("unpoisoned")
    }

    pub fn rereads(&self) -> usize {
        self.lock().rereads
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        self.lock().files.insert(path.into(), bytes.to_vec());
    }

    pub fn get(&self, path: &Path) -> Option<Vec<u8>> {
        self.lock().files.get(path).cloned()
    }

    pub fn only_dir_below(&self, above: &str) -> Option<PathBuf> {
        let inner = self.lock();
        let file = inner.files.keys().find(|path| path.starts_with(above))?;
        Some(file.iter().take(Path::new(above).iter().count() + 1).collect())
    }

    /// The host is killed in the middle of this write, counted from 0.
    pub fn die_at(&self, write: usize) {
        self.lock().die_at = Some(write);
    }

    pub fn is_dead(&self) -> bool {
        let inner = self.lock();
        inner.die_at.is_some_and(|at| inner.writes > at)
    }

    pub async fn death(&self) {
        self.died.notified().await;
    }

    /// Another host process takes over what is on the disk.
    pub fn revive(&self) {
        self.lock().die_at = None;
    }

    /// How many bytes can still be written; `None` for any number.
    pub fn set_room(&self, room: Option<usize>) {
        self.lock().room = room;
    }

    /// Files of this name cannot be brought to the medium; `None`: all can.
    pub fn refuse_sync(&self, name: Option<&'static str>) {
        self.lock().unsynced = name;
    }

    /// Another process holds the lock of this name.
    pub fn hold(&self, name: &'static str) {
        self.lock().held = Some(name);
    }

    /// Counts a write; a dying host writes only the beginning.
    fn write(&self, bytes: &[u8], put: impl FnOnce(&mut Inner, &[u8])) -> io::Result<()> {
        let mut inner = self.lock();
        if inner.room.is_some_and(|room| room < bytes.len()) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let turn = inner.writes;
        inner.writes += 1;
        match inner.die_at {
            Some(at) if turn > at => return Err(io::Error::other("the host is dead")),
            Some(at) if turn == at => {
                put(&mut inner, &bytes[..bytes.len() / 2]);
                self.died.notify_one();
                return Err(io::Error::other("the host dies"));
            }
            _ => {}
        }
        if let Some(room) = &mut inner.room {
            *room -= bytes.len();
        }
        put(&mut inner, bytes);
        Ok(())
    }
}

fn absent() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl Disk for MemoryDisk {
    fn create_dirs(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write(bytes, |inner, bytes| {
            inner.files.entry(path.to_owned()).or_default().extend_from_slice(bytes);
        })
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let refused = self.lock().unsynced.is_some_and(|name| path.ends_with(name));
        if refused { Err(io::Error::other("the medium fails")) } else { Ok(()) }
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = self.get(path).ok_or_else(absent)?;
        if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    fn read_at(&self, path: &Path, offset: u64, limit: usize) -> io::Result<Vec<u8>> {
        self.lock().rereads += usize::from(offset == 0);
        let bytes = self.get(path).ok_or_else(absent)?;
        let offset = usize::try_from(offset).expect("small").min(bytes.len());
        Ok(bytes[offset..].iter().take(limit).copied().collect())
    }

    fn write_atomically(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let whole = bytes.len();
        self.write(bytes, |inner, bytes| {
            if bytes.len() == whole {
                inner.files.insert(path.to_owned(), bytes.to_vec());
            }
        })
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).expect("small");
        self.lock().files.get_mut(path).ok_or_else(absent).map(|bytes| bytes.truncate(length))
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        Ok(self.lock().files.get(path).map(|bytes| bytes.len() as u64))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inner = self.lock();
        let freed = inner.files.remove(path).map_or(0, |bytes| bytes.len());
        if let Some(room) = &mut inner.room {
            *room += freed;
        }
        Ok(())
    }

    fn digest(&self, path: &Path) -> io::Result<FileDigest> {
        let bytes = self.get(path).ok_or_else(absent)?;
        Ok(FileDigest { sha256: sha256(&bytes), bytes: bytes.len() as u64 })
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        let held = self.lock().held.is_some_and(|name| path.ends_with(name));
        Ok((!held).then(|| Box::new(()) as Lock))
    }
}
