//! Digests of files of the host, made beside the transfer.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::task::{JoinHandle, spawn_blocking};

const PIECE: usize = 1 << 20;
/// What a file of no size takes.
const LEAST: Duration = Duration::from_secs(20);

/// How long so many bytes may take.
pub(super) fn time_for(bytes: u64, bytes_per_second: u64) -> Duration {
    LEAST + Duration::from_secs(bytes / bytes_per_second.max(1))
}

/// SHA-256 of the first `bytes` of a file, as hexadecimal digits.
pub(super) async fn of_beginning(path: &Path, bytes: u64) -> io::Result<String> {
    Running::start(path.to_owned(), bytes).await
}

/// The digest of a whole file, made once.
pub(super) struct Digests {
    path: PathBuf,
    state: State,
}

enum State {
    Idle,
    Running(Running),
    Known(String),
}

impl Digests {
    pub(super) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), state: State::Idle }
    }

    /// Begins, unless it has begun before.
    pub(super) fn start(&mut self) {
        if matches!(self.state, State::Idle) {
            self.state = State::Running(Running::begin(self.path.clone(), u64::MAX));
        }
    }

    pub(super) async fn whole(&mut self) -> io::Result<String> {
        self.start();
        if let State::Running(running) = &mut self.state {
            self.state = State::Known(running.end().await?);
        }
        match &self.state {
            State::Known(digest) => Ok(digest.clone()),
            _ => Err(io::ErrorKind::Interrupted.into()),
        }
    }
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

    async fn start(path: PathBuf, bytes: u64) -> io::Result<String> {
        Self::begin(path, bytes).end().await
    }

    async fn end(&mut self) -> io::Result<String> {
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
        let mut digests = Digests::of(&path);
        digests.start();
        assert_eq!(digests.whole().await.expect("readable"), abc);
        assert_eq!(digests.whole().await.expect("known"), abc);
        assert!(Digests::of(dir.path()).whole().await.is_err());
    }
}
