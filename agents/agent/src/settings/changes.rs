//! What is changed on this device and not yet given back: `changes.json` in the agent's home.
//!
//! It is on the disk before the change is made, so it may list a change that was never made, and never misses one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::AgentError;

/// No session changes more than every setting once.
const MAX_BYTES: u64 = 64 << 10;
/// Longest time in which a program that turns a setting has turned it.
const UNREST: Duration = Duration::from_secs(2);

/// One change, with its undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) setting: String,
    /// The value to give back.
    pub(crate) before: String,
    pub(crate) after: String,
    /// Identity of the boot in which it was made; empty where the device does not tell.
    #[serde(default)]
    pub(crate) boot: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Document {
    /// Who made them, for people.
    session: String,
    /// In the order in which they were made.
    changes: Vec<Change>,
}

/// The file and what stands in it.
#[derive(Debug, Clone)]
pub(crate) struct Changes {
    path: PathBuf,
    document: Document,
}

impl Changes {
    /// Reads what an earlier session left, which is nothing where all went well.
    ///
    /// # Errors
    /// If the file is there and cannot be read or understood: then nobody knows how the device is set.
    pub(crate) fn open(path: PathBuf) -> Result<Self, AgentError> {
        let document = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Document::default(),
            Err(error) => return Err(AgentError::io("opening", path)(error)),
            Ok(file) => {
                let mut text = Vec::new();
                file.take(MAX_BYTES).read_to_end(&mut text).map_err(AgentError::io("reading", &path))?;
                serde_json::from_slice(&text)
                    .map_err(|error| AgentError::ReadingChanges { path: path.clone(), source: error })?
            }
        };
        Ok(Self { path, document })
    }

    /// The changes, oldest first.
    pub(crate) fn list(&self) -> &[Change] {
        &self.document.changes
    }

    /// The session that made them.
    pub(crate) fn session(&self) -> &str {
        &self.document.session
    }

    /// How long to wait before the listed settings are looked at: a program that the dead agent had started may still be
    /// about to turn one.
    pub(crate) fn unrest(&self) -> Duration {
        let written = fs::metadata(&self.path).and_then(|file| file.modified()).ok();
        // A clock that was set back makes the file look young; the wait is bounded all the same.
        let age = written.and_then(|written| written.elapsed().ok()).unwrap_or_default();
        UNREST.saturating_sub(age)
    }

    /// Puts a change that is about to be made on the disk.
    pub(crate) fn add(&mut self, session: &str, change: Change) -> io::Result<()> {
        session.clone_into(&mut self.document.session);
        self.document.changes.push(change);
        self.save()
    }

    /// Strikes a change out that was undone.
    pub(crate) fn strike(&mut self, change: &Change) -> io::Result<()> {
        let Some(index) = self.document.changes.iter().rposition(|listed| listed == change) else {
            return Ok(());
        };
        self.document.changes.remove(index);
        self.save()
    }

    /// Replaces the file at once and whole, and syncs it with its folder.
    fn save(&self) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        if self.document.changes.is_empty() {
            match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        } else {
            let new = self.path.with_extension("new");
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(&serde_json::to_vec(&self.document)?)?;
            file.sync_all()?;
            fs::rename(&new, &self.path)?;
        }
        File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(setting: &str) -> Change {
        let [before, after, boot] = ["on", "off", "boot"].map(str::to_owned);
        Change { setting: setting.to_owned(), before, after, boot }
    }

    #[test]
    fn changes_outlive_their_session_until_they_are_struck_out() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("changes.json");
        let open = || Changes::open(path.clone()).expect("readable");
        let mut changes = open();
        assert!(changes.list().is_empty());
        changes.add("run/one", change("wifi")).expect("written");
        changes.add("run/one", change("screen")).expect("written");
        let mut again = open();
        assert_eq!((again.session(), again.list()), ("run/one", &[change("wifi"), change("screen")][..]));
        again.strike(&change("wifi")).expect("written");
        again.strike(&change("wifi")).expect("nothing to do");
        assert_eq!(open().list(), [change("screen")]);
        again.strike(&change("screen")).expect("written");
        assert!(!path.exists(), "nothing is changed, nothing is left");
    }

    #[test]
    fn a_damaged_list_is_no_empty_list() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("changes.json");
        for text in ["", "{\"session\":\"a/b\",\"changes\":[{\"setting\":\"wi", "[]"] {
            fs::write(&path, text).expect("written");
            let error = Changes::open(path.clone()).expect_err("damaged");
            assert_eq!(error.exit_code(), 4, "{error}");
        }
    }
}
