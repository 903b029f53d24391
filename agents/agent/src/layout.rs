//! Where everything lies on the device, and which names may become paths.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};

use crate::error::AgentError;

const MAX_NAME_BYTES: usize = 100;
const MAX_PATH_BYTES: usize = 512;
/// The permission bit of directories that many users share.
const STICKY: u32 = 0o1000;

/// The agent's directory on the device.
#[derive(Debug, Clone)]
pub struct Home(PathBuf);

impl Home {
    /// Opens the directory and closes it to other users.
    ///
    /// # Errors
    /// If it is everybody's, such as `/` or `/tmp`: a device whose own directory is closed no longer works.
    pub fn open(path: &Path) -> Result<Self, AgentError> {
        let io = |doing| AgentError::io(doing, path);
        let resolved = path.canonicalize().map_err(io("resolving"))?;
        let mode = fs::metadata(&resolved).map_err(io("reading"))?.permissions().mode();
        if is_everybodys(&resolved, mode) {
            let problem = format!("{} cannot be the agent's own directory", path.display());
            return Err(AgentError::ReadingArguments(problem));
        }
        if mode & 0o077 != 0 {
            fs::set_permissions(&resolved, fs::Permissions::from_mode(0o700)).map_err(io("protecting"))?;
        }
        Ok(Self(resolved))
    }

    /// Its path, without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file whose lock says that a session runs.
    pub(crate) fn lease(&self) -> PathBuf {
        self.0.join("lease")
    }

    /// Whose the device is.
    pub(crate) fn tenant(&self) -> PathBuf {
        self.0.join("tenant")
    }

    /// The list of what sessions changed on the device and have not given back yet.
    pub(crate) fn changes(&self) -> PathBuf {
        self.0.join("changes.json")
    }

    /// Digests of files that were read before.
    pub(crate) fn digests(&self) -> PathBuf {
        self.0.join("digests")
    }

    /// A file below the home, by a path from a job or from the host.
    pub(crate) fn file(&self, relative: &str) -> Result<PathBuf, AgentError> {
        below(&self.0, relative)
    }

    /// The directory of a session.
    pub(crate) fn session(&self, name: &SessionName) -> SessionDir {
        SessionDir(self.0.join("sessions").join(&name.run).join(&name.session))
    }
}

/// The directory of one session.
#[derive(Debug, Clone)]
pub(crate) struct SessionDir(PathBuf);

impl SessionDir {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn job(&self) -> PathBuf {
        self.0.join("job.json")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.0.join("journal")
    }

    /// Space held back for the last frames of a full disk.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.0.join("reserve")
    }

    /// The file whose existence asks the session to end.
    pub(crate) fn stop(&self) -> PathBuf {
        self.0.join("stop")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("agent.log")
    }

    /// Working directory of the runner, and its home.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.0.join("scratch")
    }

    /// A file below the session's directory, by a path from its job.
    pub(crate) fn file(&self, relative: &str) -> Result<PathBuf, AgentError> {
        below(&self.0, relative)
    }
}

/// `RUN/SESSION`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionName {
    pub(crate) run: String,
    pub(crate) session: String,
}

impl SessionName {
    pub(crate) fn parse(text: &str) -> Result<Self, AgentError> {
        let wrong = || AgentError::Naming { what: "the session", problem: "it is not RUN/SESSION" };
        let (run, session) = text.split_once('/').ok_or_else(wrong)?;
        check_name("the run", run)?;
        check_name("the session", session)?;
        Ok(Self { run: run.to_owned(), session: session.to_owned() })
    }
}

impl std::fmt::Display for SessionName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.run, self.session)
    }
}

fn is_everybodys(path: &Path, mode: u32) -> bool {
    path.parent().is_none() || mode & STICKY != 0
}

fn check_name(what: &'static str, name: &str) -> Result<(), AgentError> {
    let wrong = |problem| Err(AgentError::Naming { what, problem });
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._:-".contains(c);
    match name {
        "" => wrong("it is empty"),
        _ if name.len() > MAX_NAME_BYTES => wrong("it is too long"),
        _ if name.starts_with('.') || name.contains("..") => wrong("its dots could leave the directory"),
        _ if !name.chars().all(plain) => wrong("it has a character that is not allowed"),
        _ => Ok(()),
    }
}

fn below(directory: &Path, relative: &str) -> Result<PathBuf, AgentError> {
    let path = Path::new(relative);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    if relative.is_empty() || relative.len() > MAX_PATH_BYTES || relative.contains('\0') || !inside {
        return Err(AgentError::Naming { what: "a file", problem: "its path is not plain and relative" });
    }
    Ok(directory.join(path))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_leave_the_directory_are_refused() {
        for bad in [
            "",
            "run",
            "/s",
            "run/",
            "../s",
            "run/..",
            "run/a/b",
            "run/.hidden",
            "Run/s",
            "run/s s",
            "run/a..b",
            &format!("run/{}", "a".repeat(101)),
        ] {
            assert!(SessionName::parse(bad).is_err(), "{bad:?} must be refused");
        }
        let name = SessionName::parse("2026-11-22t10:00:00.1/local:chat_1").expect("plain names are fine");
        assert_eq!(name.to_string(), "2026-11-22t10:00:00.1/local:chat_1");
    }

    #[test]
    fn a_home_is_closed_to_others() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("home");
        fs::create_dir(&path).expect("made");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("opened to others");
        let home = Home::open(&path).expect("opens");
        let mode = fs::metadata(home.path()).expect("exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_directory_of_everybody_is_refused_and_left_open() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o1777)).expect("opened to others");
        assert_eq!(Home::open(dir.path()).expect_err("not the agent's").exit_code(), 2);
        let mode = fs::metadata(dir.path()).expect("exists").permissions().mode();
        assert_eq!(mode & 0o7777, 0o1777);
        // Only asked: a test that opened it would close the machine it fails on.
        assert!(is_everybodys(Path::new("/"), 0o755));
    }

    proptest! {
        #[test]
        fn no_relative_path_leaves_its_directory(text in "[a./]{0,12}") {
            if let Ok(path) = below(Path::new("/base"), &text) {
                prop_assert!(path.starts_with("/base"));
                prop_assert!(!path.components().any(|part| part == Component::ParentDir));
            }
        }
    }
}
