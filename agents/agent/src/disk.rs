//! The journal's file: whole frames only, also when the disk is full.
//!
//! A reserve file holds a little space back. When a write fails, the reserve is given up and the write goes on
//! where it broke off, so that the frames in flight and the last ones of the session still fit. When even that
//! fails, the file is cut back to its last whole frame.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use edgesoak_protocol::journal::whole_frames;
use rustix::fs::{FallocateFlags, fallocate};

/// Many times what is written between a failure and the end of a session.
const RESERVE_BYTES: u64 = 64 << 10;

/// What a journal needs of its file. A seam for tests: disks that fail at a chosen byte.
pub(crate) trait Medium: Send {
    /// Writes some bytes at an offset.
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize>;
    /// Cuts the file to a length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Brings everything written to the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Gives up the space held back. `false` if there is none left.
    fn release_reserve(&mut self) -> bool;
}

/// How an append went.
#[derive(Debug)]
pub(crate) enum Appended {
    /// Everything is in the file.
    Whole,
    /// Everything is in the file, on the space that was held back: the session must end now.
    OnReserve(io::Error),
    /// Only so many frames are in the file; the rest is lost.
    Cut {
        /// Whole frames that were kept.
        frames: u64,
        /// Why the write failed.
        error: io::Error,
    },
}

/// A medium with the length of what is whole on it.
#[derive(Debug)]
pub(crate) struct Disk<M> {
    medium: M,
    length: u64,
}

impl<M: Medium> Disk<M> {
    /// A disk whose medium holds `length` whole bytes.
    pub(crate) fn new(medium: M, length: u64) -> Self {
        Self { medium, length }
    }

    /// Appends whole frames.
    pub(crate) fn append(&mut self, frames: &[u8]) -> Appended {
        let (done, first) = self.write(frames);
        let Some(first) = first else {
            self.length += frames.len() as u64;
            return Appended::Whole;
        };
        let mut reached = done;
        if self.medium.release_reserve() {
            let (more, second) = self.write_from(frames, done);
            if second.is_none() {
                self.length += frames.len() as u64;
                return Appended::OnReserve(first);
            }
            reached = more;
        }
        let (kept, count) = whole_frames(&frames[..reached]);
        self.length += kept as u64;
        // If even this fails, a torn tail is left, which every reader cuts.
        let _ = self.medium.cut(self.length);
        Appended::Cut { frames: count, error: first }
    }

    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.medium.sync()
    }

    fn write(&mut self, bytes: &[u8]) -> (usize, Option<io::Error>) {
        self.write_from(bytes, 0)
    }

    /// Writes `bytes[done..]`; how far it came, and why no farther.
    fn write_from(&mut self, bytes: &[u8], mut done: usize) -> (usize, Option<io::Error>) {
        while done < bytes.len() {
            match self.medium.write_at(&bytes[done..], self.length + done as u64) {
                Ok(0) => return (done, Some(io::ErrorKind::WriteZero.into())),
                Ok(written) => done += written,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return (done, Some(error)),
            }
        }
        (done, None)
    }
}

/// The real thing: a journal file beside its reserve file.
#[derive(Debug)]
pub(crate) struct JournalFile {
    file: File,
    reserve: Option<PathBuf>,
}

impl JournalFile {
    /// Creates both files; the journal holds `header` and is on the disk when this returns.
    ///
    /// # Errors
    /// `AlreadyExists` if there is a journal. After any other error there is none.
    pub(crate) fn create(journal: &Path, reserve: &Path, header: &[u8]) -> io::Result<Disk<Self>> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(journal)?;
        let begin = || -> io::Result<()> {
            (&file).write_all(header)?;
            hold_back(reserve)?;
            file.sync_all()?;
            // The directory entries too, else a power cut could lose the whole file.
            journal.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
        };
        if let Err(error) = begin() {
            let _ = fs::remove_file(reserve);
            let _ = fs::remove_file(journal);
            return Err(error);
        }
        Ok(Disk::new(Self { file, reserve: Some(reserve.to_owned()) }, header.len() as u64))
    }
}

impl Medium for JournalFile {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        FileExt::write_at(&self.file, bytes, offset)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn release_reserve(&mut self) -> bool {
        self.reserve.take().is_some_and(|path| fs::remove_file(path).is_ok())
    }
}

impl Drop for JournalFile {
    fn drop(&mut self) {
        self.release_reserve();
    }
}

fn hold_back(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    if fallocate(&file, FallocateFlags::empty(), 0, RESERVE_BYTES).is_err() {
        // Not every filesystem can allocate ahead; writing works on all of them.
        io::copy(&mut io::Read::take(io::repeat(0xa5), RESERVE_BYTES), &mut &file)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "disk_tests.rs"]
pub(crate) mod tests;
