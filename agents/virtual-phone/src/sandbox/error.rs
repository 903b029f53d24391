//! What can be wrong with a sandbox.

use std::io;
use std::path::PathBuf;

use edgesoak_protocol::answer_script::ScriptError;
use thiserror::Error;

/// Why a phone in a sandbox could not do what it was asked to.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// A command came without the folder that holds the phone.
    #[error("finding the phone: a simulated device needs --home")]
    FindingHome,
    /// The sheet is no TOML of the expected shape.
    #[error("reading {}{}: {problem}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
    ReadingSheet {
        /// The sheet.
        path: PathBuf,
        /// The line, from 1, where one is to blame.
        line: Option<usize>,
        /// What is wrong with it.
        problem: String,
    },
    /// The script of its answers cannot be understood.
    #[error("reading the answers in {}", path.display())]
    ReadingScript {
        /// The script.
        path: PathBuf,
        /// Where it is wrong.
        source: ScriptError,
    },
    /// A file of the sandbox cannot be read or written.
    #[error("{doing} {}", path.display())]
    File {
        /// What we were doing.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl SandboxError {
    /// An I/O error with what was being done to which file; made for `map_err`.
    pub(super) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }

    /// Who can mend it.
    #[must_use]
    pub const fn whose(&self) -> &'static str {
        match self {
            Self::File { .. } => "lab",
            _ => "config",
        }
    }

    /// Whether another try may do: the same files fail the same way.
    #[must_use]
    pub const fn retry(&self) -> bool {
        false
    }
}
