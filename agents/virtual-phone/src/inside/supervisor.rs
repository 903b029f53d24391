//! `adbd`: outside of the phone, where its folder is and whoever wants its end.

use std::fs::{self, DirBuilder, File};
use std::io::Read;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use super::arguments::Options;
use super::error::InsideError;
use super::namespaces::{self, Level};
use super::root::Parts;
use crate::serve::Ending;

/// Time between two looks at what goes on.
const LOOK: Duration = Duration::from_millis(20);
/// Where the name of a folder that nobody can foresee comes from.
const RANDOM: &str = "/dev/urandom";

/// Lets a phone live until somebody wants an end, or it is off; the exit code of its hardware.
pub(super) fn supervise(options: &Options) -> Result<u8, InsideError> {
    namespaces::try_out()?;
    let ending = Ending::listen()?;
    let folder = Folder::make(options.dir.as_deref())?;
    let options = Options { dir: Some(folder.path.clone()), ..options.clone() };
    let program = std::env::current_exe().map_err(InsideError::file("finding", Path::new("this program")))?;
    let child = namespaces::level(Level::Hardware, program.as_os_str(), &options)
        // The hardware ends when this pipe does, however that comes about.
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|source| InsideError::Starting { program: "unshare".to_owned(), source })?;
    let status =
        until_end(child, &ending).map_err(|source| InsideError::Waiting { what: "the phone", source })?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn until_end(mut child: Child, ending: &Ending) -> std::io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if ending.is_wanted() {
            child.stdin = None;
        }
        thread::sleep(LOOK);
    }
}

/// The folder of a phone.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Locked as long as the phone lives.
    _data: File,
    /// Whether it goes with the phone.
    is_ours: bool,
}

impl Folder {
    fn make(dir: Option<&Path>) -> Result<Self, InsideError> {
        let Some(dir) = dir else {
            let dir = private(&std::env::temp_dir())?;
            return Self::take(&dir, true).inspect_err(|_| {
                // The reason why it is of no use is told already.
                let _ = fs::remove_dir_all(&dir);
            });
        };
        Self::take(dir, false)
    }

    fn take(dir: &Path, is_ours: bool) -> Result<Self, InsideError> {
        let parts = Parts::of(dir);
        parts.make()?;
        let data = File::open(parts.data()).map_err(InsideError::file("opening", &parts.data()))?;
        if flock(&data, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(InsideError::TakingFolder(dir.to_owned()));
        }
        let path = fs::canonicalize(dir).map_err(InsideError::file("finding", dir))?;
        Ok(Self { path, _data: data, is_ours })
    }
}

/// A new folder that only this user enters. Others write where it is made, so one that is there already is not taken.
fn private(parent: &Path) -> Result<PathBuf, InsideError> {
    let mut random = [0; 8];
    File::open(RANDOM)
        .and_then(|mut source| source.read_exact(&mut random))
        .map_err(InsideError::file("reading", Path::new(RANDOM)))?;
    let dir = parent.join(format!("edgesoak-phone-{:016x}", u64::from_ne_bytes(random)));
    DirBuilder::new().mode(0o700).create(&dir).map_err(InsideError::file("creating", &dir))?;
    Ok(dir)
}

impl Drop for Folder {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = fs::remove_dir_all(if self.is_ours {
            self.path.clone()
        } else {
            Parts::of(&self.path).control()
        });
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_folder_that_is_ours_is_private_and_goes_with_the_phone() {
        let parent = tempfile::tempdir().expect("a folder");
        let dirs = [(); 2].map(|()| private(parent.path()).expect("it is made"));
        assert_ne!(dirs[0], dirs[1]);
        for dir in &dirs {
            assert_eq!(fs::metadata(dir).expect("it is there").permissions().mode() & 0o777, 0o700);
            drop(Folder::take(dir, true).expect("nobody has it"));
            assert!(!dir.exists(), "it is gone");
        }
    }

    #[test]
    fn a_folder_of_the_caller_keeps_its_data_and_has_one_phone() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::make(Some(dir.path())).expect("nobody has it");
        assert!(matches!(Folder::make(Some(dir.path())), Err(InsideError::TakingFolder(_))));
        drop(folder);
        let parts = Parts::of(dir.path());
        assert!(parts.data().exists() && !parts.control().exists());
    }
}
