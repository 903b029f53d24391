//! The disk of a host: in memory, sometimes full or failing, and all that is left of a process that was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use edgesoak_controller::{Disk, FileDigest, Lock};

use crate::defect::Defect;
use crate::dice::Dice;
use crate::process::Process;
use crate::truth::{Truth, session_of, sha256};

#[derive(Debug, Default, Clone)]
pub struct Stored {
    pub bytes: Vec<u8>,
    /// As much of it survives a power failure.
    synced: usize,
}

#[derive(Debug, Default)]
struct Platter {
    files: BTreeMap<PathBuf, Stored>,
    /// Paths that are locked.
    locks: BTreeSet<PathBuf>,
    /// Bytes that can still be written; `None` for any number.
    room: Option<usize>,
    /// The medium fails: nothing can be brought to it.
    fails: bool,
}

/// What is on a host's disk; survives the processes.
#[derive(Debug)]
pub struct HostDisk {
    platter: Mutex<Platter>,
    truth: Arc<Truth>,
}

impl HostDisk {
    pub fn new(truth: Arc<Truth>) -> Arc<Self> {
        Arc::new(Self { platter: Mutex::default(), truth })
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.platter.lock().expect("unpoisoned")
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        let stored = Stored { bytes: bytes.to_vec(), synced: bytes.len() };
        self.platter().files.insert(path.into(), stored);
    }

    pub fn get(&self, path: &Path) -> Option<Vec<u8>> {
        self.platter().files.get(path).map(|file| file.bytes.clone())
    }

    /// Everything that is on it, in the order of the paths.
    pub fn files(&self) -> BTreeMap<PathBuf, Stored> {
        self.platter().files.clone()
    }

    pub fn set_room(&self, room: Option<usize>) {
        self.platter().room = room;
    }

    pub fn fail(&self, fails: bool) {
        self.platter().fails = fails;
    }

    /// What was appended and never brought to the medium is lost, or a part of it.
    pub fn lose_power(&self, dice: &mut Dice) {
        for file in self.platter().files.values_mut() {
            let at_risk = (file.bytes.len() - file.synced) as u64;
            let kept = usize::try_from(dice.within(0..at_risk + 1)).expect("a length");
            file.bytes.truncate(file.synced + kept);
            file.synced = file.bytes.len();
        }
    }
}

/// The disk as one process sees it.
pub struct ProcessDisk {
    pub disk: Arc<HostDisk>,
    pub process: Arc<Process>,
}

fn dead() -> io::Error {
    io::Error::other("this process is dead")
}

fn absent() -> io::Error {
    io::ErrorKind::NotFound.into()
}

impl ProcessDisk {
    fn alive(&self) -> io::Result<MutexGuard<'_, Platter>> {
        if self.process.is_dead() { Err(dead()) } else { Ok(self.disk.platter()) }
    }

    /// A write; a process that dies in it writes only the beginning.
    fn write(&self, bytes: &[u8], put: impl FnOnce(&mut Platter, &[u8])) -> io::Result<()> {
        let mut platter = self.alive()?;
        if platter.room.is_some_and(|room| room < bytes.len()) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if self.process.dies_here() {
            put(&mut platter, &bytes[..bytes.len() / 2]);
            return Err(dead());
        }
        if let Some(room) = &mut platter.room {
            *room -= bytes.len();
        }
        put(&mut platter, bytes);
        Ok(())
    }
}

/// Frees the lock when its process lets go of it or ends.
struct Held {
    disk: Arc<HostDisk>,
    path: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.disk.platter().locks.remove(&self.path);
    }
}

impl Disk for ProcessDisk {
    fn create_dirs(&self, _: &Path) -> io::Result<()> {
        self.alive().map(drop)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let loses = self.disk.truth.has(Defect::BytesLost) && session_of(path).is_some();
        let bytes = if loses { &bytes[..bytes.len() - 1] } else { bytes };
        self.write(bytes, |platter, bytes| {
            let file = platter.files.entry(path.to_owned()).or_default();
            self.disk.truth.check_append(path, file.bytes.len(), bytes);
            file.bytes.extend_from_slice(bytes);
        })
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut platter = self.alive()?;
        if platter.fails {
            return Err(io::Error::other("the medium fails"));
        }
        let file = platter.files.get_mut(path).ok_or_else(absent)?;
        file.synced = file.bytes.len();
        Ok(())
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let platter = self.alive()?;
        let bytes = &platter.files.get(path).ok_or_else(absent)?.bytes;
        if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes.clone()) }
    }

    fn read_at(&self, path: &Path, offset: u64, limit: usize) -> io::Result<Vec<u8>> {
        let platter = self.alive()?;
        let bytes = &platter.files.get(path).ok_or_else(absent)?.bytes;
        let offset = usize::try_from(offset).expect("small").min(bytes.len());
        Ok(bytes[offset..].iter().take(limit).copied().collect())
    }

    fn write_atomically(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let whole = bytes.len();
        if self.alive()?.fails {
            return Err(io::Error::other("the medium fails"));
        }
        self.write(bytes, |platter, bytes| {
            if bytes.len() == whole {
                platter.files.insert(path.to_owned(), Stored { bytes: bytes.to_vec(), synced: whole });
            }
        })
    }

    fn truncate(&self, path: &Path, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).expect("small");
        let mut platter = self.alive()?;
        let file = platter.files.get_mut(path).ok_or_else(absent)?;
        file.bytes.truncate(length);
        file.synced = file.synced.min(length);
        Ok(())
    }

    fn length(&self, path: &Path) -> io::Result<Option<u64>> {
        Ok(self.alive()?.files.get(path).map(|file| file.bytes.len() as u64))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut platter = self.alive()?;
        let freed = platter.files.remove(path).map_or(0, |file| file.bytes.len());
        if let Some(room) = &mut platter.room {
            *room += freed;
        }
        Ok(())
    }

    fn digest(&self, path: &Path) -> io::Result<FileDigest> {
        let platter = self.alive()?;
        let bytes = &platter.files.get(path).ok_or_else(absent)?.bytes;
        Ok(FileDigest { sha256: sha256(bytes), bytes: bytes.len() as u64 })
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Lock>> {
        let taken = self.alive()?.locks.insert(path.to_owned());
        let taken = taken || self.disk.truth.has(Defect::OpenLocks);
        Ok(taken.then(|| Box::new(Held { disk: self.disk.clone(), path: path.to_owned() }) as Lock))
    }
}
