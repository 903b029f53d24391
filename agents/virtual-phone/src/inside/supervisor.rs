//! `adbd`: outside of the phone, where its folder is and whoever wants its end.

use std::fs::{self, File};
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
        let is_ours = dir.is_none();
        let name = format!("edgesoak-phone-{}", std::process::id());
        let dir = dir.map_or_else(|| std::env::temp_dir().join(name), Path::to_owned);
        let parts = Parts::of(&dir);
        parts.make()?;
        let data = File::open(parts.data()).map_err(InsideError::file("opening", &parts.data()))?;
        if flock(&data, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(InsideError::TakingFolder(dir));
        }
        let path = fs::canonicalize(&dir).map_err(InsideError::file("finding", &dir))?;
        Ok(Self { path, _data: data, is_ours })
    }
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
