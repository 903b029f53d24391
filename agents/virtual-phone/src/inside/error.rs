//! What can go wrong around a phone that is attached over ADB.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::error::PhoneError;
use crate::serve::ServeError;

/// Why a phone is not there, or not any more.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InsideError {
    /// The arguments mean nothing.
    #[error("reading the arguments: {0}")]
    ReadingArguments(String),
    /// The phone itself.
    #[error(transparent)]
    Serving(#[from] ServeError),
    /// The system does not let its users make namespaces.
    #[error("making a place for the phone: this system forbids it ({said}); {remedy}")]
    Forbidden {
        /// What `unshare` said.
        said: String,
        /// The setting to change.
        remedy: String,
    },
    /// A program cannot be started.
    #[error("starting {program}")]
    Starting {
        /// Its name.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The phone's file system cannot be built.
    #[error("mounting {what}")]
    Mounting {
        /// What, and where.
        what: String,
        /// Why.
        #[source]
        source: io::Error,
    },
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
    /// Another phone has its data there.
    #[error("taking {}: another phone lives there", .0.display())]
    TakingFolder(PathBuf),
    /// The port is taken, or not for us.
    #[error("listening on port {port}")]
    Listening {
        /// The port.
        port: u16,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The phone's own network.
    #[error("bringing the phone's own loopback up")]
    RaisingLoopback(#[source] io::Error),
    /// Signals or children cannot be waited for.
    #[error("waiting for {what}")]
    Waiting {
        /// For what.
        what: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl InsideError {
    /// Made for `map_err`.
    pub(super) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// The exit code: 2 for what the caller asked wrongly, 3 for a device that is off, 1 for the rest.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::ReadingArguments(_) | Self::TakingFolder(_) => 2,
            Self::Serving(error) => error.exit_code(),
            _ => 1,
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub const fn whose(&self) -> &'static str {
        match self {
            Self::ReadingArguments(_) | Self::TakingFolder(_) => "config",
            Self::Serving(error) => error.whose(),
            _ => "lab",
        }
    }

    /// Whether another try may do.
    #[must_use]
    pub const fn retry(&self) -> bool {
        match self {
            Self::Serving(error) => error.retry(),
            Self::Listening { .. } => true,
            _ => false,
        }
    }
}

impl From<PhoneError> for InsideError {
    fn from(error: PhoneError) -> Self {
        Self::Serving(error.into())
    }
}
