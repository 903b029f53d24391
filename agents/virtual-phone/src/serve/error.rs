//! What can go wrong while a phone is served.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::error::PhoneError;

/// Why a phone is not served any more, or a runner does not find it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The arguments mean nothing.
    #[error("reading the arguments: {0}")]
    ReadingArguments(String),
    /// The phone cannot be built.
    #[error("building the phone")]
    BuildingPhone(#[from] PhoneError),
    /// A file or a folder.
    #[error("{doing} {}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The folder is not empty, so that something else may live there.
    #[error("taking {}: it is not empty", .0.display())]
    TakingFolder(PathBuf),
    /// A signal cannot be listened to, or a thread not be started.
    #[error("listening for {what}")]
    Listening {
        /// For what.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The phone went away while the runner lived.
    #[error("talking to the phone: it went away")]
    LosingPhone,
    /// The device switched itself off.
    #[error("serving the phone: it switched itself off, {0}")]
    SwitchedOff(String),
}

impl ServeError {
    /// Made for `map_err`.
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// The exit code: 2 for what the caller asked wrongly, 3 for a device that is off, 1 for the rest.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::ReadingArguments(_) | Self::BuildingPhone(_) | Self::TakingFolder(_) => 2,
            Self::SwitchedOff(_) => 3,
            _ => 1,
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub const fn whose(&self) -> &'static str {
        match self {
            Self::ReadingArguments(_) | Self::BuildingPhone(_) | Self::TakingFolder(_) => "config",
            Self::SwitchedOff(_) => "device",
            _ => "lab",
        }
    }

    /// Whether another try may do.
    #[must_use]
    pub const fn retry(&self) -> bool {
        matches!(self, Self::LosingPhone | Self::SwitchedOff(_))
    }
}
