//! Digests of files of the host, made beside the transfer.

use std::fmt::Write as _;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::task::{AbortHandle, JoinHandle, spawn_blocking};

const PIECE: usize = 1 << 20;
/// What a file of no size takes.
const LEAST: Duration = Duration::from_secs(20);

/// How long so many bytes may take.
pub(super) fn time_for(bytes: u64, bytes_per_second: u64) -> Duration {
    LEAST + Duration::from_secs(bytes / bytes_per_second.max(1))
}

/// SHA-256 of the first `bytes` of a file, as hexadecimal digits.
pub(super) async fn of_beginning(path: &Path, bytes: u64) -> io::Result<String> {
    Running::begin(path.to_owned(), bytes).end().await
}

/// The digest of a whole file, made once for all devices that get it.
pub(super) struct Digests {
    path: PathBuf,
    cell: Arc<OnceCell<String>>,
    begun: Option<AbortHandle>,
}

/// What tells that a file is as it was: file system, inode, size, time of content and time of change.
type State = [i128; 5];

/// Files that were hashed last, or are being hashed.
static LATEST: Mutex<Vec<(State, Arc<OnceCell<String>>)>> = Mutex::new(Vec::new());
const MOST: usize = 64;

impl Digests {
    pub(super) fn of(path: &Path, found: &Metadata) -> Self {
        let time = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        let state = [
            found.dev().into(),
            found.ino().into(),
            found.len().into(),
            time(found.mtime(), found.mtime_nsec()),
            time(found.ctime(), found.ctime_nsec()),
        ];
        Self { path: path.to_owned(), cell: cell_of(state), begun: None }
    }

    /// Begins, unless it has begun before.
    pub(super) fn start(&mut self) {
        if self.begun.is_none() && !self.cell.initialized() {
            let (cell, path) = (self.cell.clone(), self.path.clone());
            // If it fails, `whole` tries again and says why.
            let task = tokio::spawn(async move { drop(make(&cell, &path).await) });
            self.begun = Some(task.abort_handle());
        }
    }

    pub(super) async fn whole(&self) -> io::Result<String> {
        make(&self.cell, &self.path).await
    }
}

impl Drop for Digests {
    fn drop(&mut self) {
        if let Some(begun) = &self.begun {
            begun.abort();
        }
    }
}

async fn make(cell: &OnceCell<String>, path: &Path) -> io::Result<String> {
    cell.get_or_try_init(|| async { Running::begin(path.to_owned(), u64::MAX).end().await }).await.cloned()
}

fn cell_of(state: State) -> Arc<OnceCell<String>> {
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, cell)) = latest.iter().find(|(known, _)| *known == state) {
        return cell.clone();
    }
    if latest.len() >= MOST {
        latest.remove(0);
    }
    let cell = Arc::new(OnceCell::new());
    latest.push((state, cell.clone()));
    cell
}

/// A thread that hashes; told to stop when nobody waits for it any more.
struct Running {
    task: JoinHandle<io::Result<String>>,
    given_up: Arc<AtomicBool>,
}

impl Running {
    fn begin(path: PathBuf, bytes: u64) -> Self {
        let given_up = Arc::new(AtomicBool::new(false));
        let seen = given_up.clone();
        Self { task: spawn_blocking(move || digest(&path, bytes, &seen)), given_up }
    }

    async fn end(mut self) -> io::Result<String> {
        (&mut self.task).await.map_err(io::Error::other)?
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Relaxed);
    }
}

fn digest(path: &Path, bytes: u64, given_up: &AtomicBool) -> io::Result<String> {
    let mut file = File::open(path)?.take(bytes);
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        if given_up.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        hasher.update(&piece[..read]);
    }
    let mut digits = String::new();
    for byte in hasher.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_whole_and_its_beginning() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("f");
        std::fs::write(&path, b"abcdef").expect("room");
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_beginning(&path, 3).await.expect("readable"), abc);
        std::fs::write(&path, b"abc").expect("room");
        let digests = |path: &Path| Digests::of(path, &std::fs::metadata(path).expect("it is there"));
        let mut first = digests(&path);
        first.start();
        assert_eq!(first.whole().await.expect("readable"), abc);
        assert!(digests(&path).cell.initialized(), "the next device's is known");
        std::fs::write(&path, b"abcd").expect("room");
        assert!(!digests(&path).cell.initialized(), "another content's is not");
        assert!(digests(dir.path()).whole().await.is_err());
    }
}
