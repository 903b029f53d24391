//! What can go wrong with a runner on our side of its pipes.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A failure to start a runner or to reach it.
#[derive(Debug, Error)]
pub enum RuntimeError {
    /// The program could not be executed.
    #[error("cannot start the runner {}", program.display())]
    StartRunner {
        /// Program, as it was given.
        program: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A thread for one of the runner's pipes could not be started.
    #[error("cannot start a thread for the runner's pipes")]
    StartThread {
        /// What the system said.
        source: io::Error,
    },
    /// A request does not fit into one line of the protocol.
    #[error("a request of {bytes} bytes is longer than the protocol allows ({limit})")]
    EncodeRequest {
        /// Its length.
        bytes: usize,
        /// The protocol's limit.
        limit: usize,
    },
    /// The runner has closed its stdin, or exited.
    #[error("the runner no longer accepts requests")]
    SendRequest,
    /// The runner has not read the requests before this one.
    #[error("the runner does not read its requests")]
    QueueRequest,
}

impl RuntimeError {
    /// Whether the same call may succeed later without a change to the job.
    #[must_use]
    pub fn retry(&self) -> bool {
        matches!(self, Self::StartThread { .. } | Self::QueueRequest)
    }
}
