//! Why an instrument could not be used.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why an instrument could not be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InstrumentError {
    /// A command of the lab's file could not be started.
    #[error("starting {program}")]
    Starting {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A command could not be read or waited for.
    #[error("listening to {program}")]
    Listening {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A command did not end in time and was killed.
    #[error("{program} did not end within {} s and was killed", after.as_secs())]
    Deadline {
        /// The program.
        program: String,
        /// The deadline.
        after: Duration,
    },
    /// A command ended with a code that means failure, or by a signal.
    #[error("{program} ended with {end}: {words}")]
    Ended {
        /// The program.
        program: String,
        /// `code 3` or `a signal`.
        end: String,
        /// Its last words, bounded and in one line.
        words: String,
    },
    /// A probe printed something that is no temperature.
    #[error("{program} printed {found}, which is no temperature of a room in °C")]
    NoTemperature {
        /// The program.
        program: String,
        /// What it printed, bounded and in one line.
        found: String,
    },
    /// A serial line or file could not be opened or set up.
    #[error("opening {}", path.display())]
    Opening {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A serial line or file could not be read any more.
    #[error("reading {}", path.display())]
    Reading {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl InstrumentError {
    /// Whose fault it is: what stands beside a device belongs to the lab.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        match self {
            Self::Starting { source, .. } if source.kind() == io::ErrorKind::NotFound => "config",
            _ => "lab",
        }
    }

    /// Whether trying again may help without anybody mending anything.
    #[must_use]
    pub fn retry(&self) -> bool {
        !matches!(self, Self::Starting { .. })
    }
}
