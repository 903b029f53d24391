//! What can go wrong with a rack.

use std::io;

use thiserror::Error;

use crate::inside::InsideError;

/// Why a rack is not there, or not any more.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RackError {
    /// The arguments mean nothing.
    #[error("reading the arguments: {0}")]
    ReadingArguments(String),
    /// This machine cannot hold a phone.
    #[error(transparent)]
    MakingPlace(#[from] InsideError),
    /// A phone cannot be started.
    #[error("starting {phone}")]
    Starting {
        /// Which.
        phone: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A phone did not come up; it has said why.
    #[error("waiting for {0}: it did not come up")]
    Waiting(String),
    /// The adb server cannot be reached, or refuses.
    #[error("asking the adb server at {server} for {asked}: {problem}")]
    AskingServer {
        /// Its address.
        server: String,
        /// What was asked for.
        asked: String,
        /// What came of it.
        problem: String,
    },
}

impl RackError {
    /// The exit code: 2 for what the caller asked wrongly, 1 for the rest.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::ReadingArguments(_) => 2,
            Self::MakingPlace(error) => error.exit_code(),
            _ => 1,
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub const fn whose(&self) -> &'static str {
        match self {
            Self::ReadingArguments(_) => "config",
            Self::MakingPlace(error) => error.whose(),
            _ => "lab",
        }
    }

    /// Whether another try may do.
    #[must_use]
    pub const fn retry(&self) -> bool {
        matches!(self, Self::AskingServer { .. })
    }
}
