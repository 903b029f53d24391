//! Files on the host.

use std::any::Any;
use std::io;
use std::path::Path;

/// SHA-256 and size of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDigest {
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

/// Held as long as a directory is worked on.
pub type Lock = Box<dyn Any + Send + Sync>;

/// Files on the host.
pub trait Disk: Send + Sync {
    /// Makes a directory and those above it, private to the owner.
    fn create_dirs(&self, directory: &Path) -> io::Result<()>;

    /// Adds bytes at the end of a file, making it if needed: all of them, or on error none.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Brings what was appended to the medium.
    fn sync(&self, path: &Path) -> io::Result<()>;

    /// A file's bytes, at most `limit` of them; a longer file is an error.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// Bytes of a file from `offset`, at most `limit`; empty at and beyond its end.
    fn read_at(&self, path: &Path, offset: u64, limit: usize) -> io::Result<Vec<u8>>;

    /// Puts a file in place, whole or not at all.
    fn write_atomically(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Cuts a file to `length` bytes.
    fn truncate(&self, path: &Path, length: u64) -> io::Result<()>;

    /// Size of a file; `None` where there is none.
    fn length(&self, path: &Path) -> io::Result<Option<u64>>;

    /// Removes a file; that it is not there is no error.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Digest and size of a file. May remember the digest as long as size and time of change stay the same.
    fn digest(&self, path: &Path) -> io::Result<FileDigest>;

    /// Takes a lock that the end of the process frees; `None` while another process holds it.
    fn lock(&self, path: &Path) -> io::Result<Option<Lock>>;
}
