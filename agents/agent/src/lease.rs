//! The lease: one session at a time per device. The kernel drops the lock when the agent dies, however it dies.
//! What a host does before and after a session is guarded by its [tenancy](tenant).

pub(crate) mod tenant;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::AgentError;
use crate::layout::SessionName;

const MAX_BYTES: usize = 512;
/// Whoever asks for the state of a lease holds a shared lock for an instant; a start outwaits them.
const ATTEMPTS: u32 = 25;
const PAUSE: Duration = Duration::from_millis(20);

/// Who holds the lease, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    pub(crate) pid: u32,
    pub(crate) session: String,
}

/// Opens a file that says who has the device, and makes it where there is none; whoever else has it open keeps what
/// stands there.
fn open_shared(path: &Path) -> Result<File, AgentError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(AgentError::io("opening", path))
}

/// A lease that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    _locked: File,
}

impl Lease {
    /// Takes the lease for a session of this process.
    pub(crate) fn take(path: &Path, session: &SessionName) -> Result<Self, AgentError> {
        Self::hold(path, &session.to_string())
    }

    /// Takes the lease for what is no session, under a word that is no session's name.
    pub(crate) fn hold(path: &Path, holder: &str) -> Result<Self, AgentError> {
        let io = |doing| AgentError::io(doing, path);
        let file = open_shared(path)?;
        for attempt in 1.. {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if attempt < ATTEMPTS => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let holder = read(&file).map_or("another session".to_owned(), |holder| {
                        format!("session {} (process {})", holder.session, holder.pid)
                    });
                    return Err(AgentError::TakingLease { holder });
                }
                Err(TryLockError::Error(source)) => return Err(io("locking")(source)),
            }
        }
        // One write of fixed length: a reader never sees half of it.
        let holder = Holder { pid: std::process::id(), session: holder.to_owned() };
        let mut text = serde_json::to_vec(&holder).map_err(|error| io("encoding")(error.into()))?;
        text.resize(MAX_BYTES, b' ');
        file.write_all_at(&text, 0).map_err(io("writing"))?;
        Ok(Self { _locked: file })
    }
}

/// Who holds the lease now, if anybody does.
pub(crate) fn holder(path: &Path) -> Option<Holder> {
    let file = File::open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => read(&file),
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

/// The holder of the lease, if it runs this session.
pub(crate) fn holder_of(path: &Path, session: &SessionName) -> Option<Holder> {
    holder(path).filter(|holder| holder.session == session.to_string())
}

fn read(file: &File) -> Option<Holder> {
    let mut text = Vec::with_capacity(MAX_BYTES);
    file.take(MAX_BYTES as u64).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_lease_names_its_holder_and_a_dropped_one_is_free() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("lease");
        let first = SessionName::parse("run/one").expect("a name");
        let second = SessionName::parse("run/two").expect("a name");
        assert_eq!(holder(&path), None);
        let lease = Lease::take(&path, &first).expect("free");
        assert_eq!(holder_of(&path, &first).map(|holder| holder.pid), Some(std::process::id()));
        assert_eq!(holder_of(&path, &second), None);
        let refused = Lease::take(&path, &second).expect_err("held");
        assert_eq!(refused.exit_code(), 75);
        assert!(refused.to_string().contains("run/one"), "{refused}");
        drop(lease);
        assert_eq!(holder(&path), None);
        Lease::take(&path, &second).expect("free again");
    }
}
