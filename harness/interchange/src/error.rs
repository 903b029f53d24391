//! Why a file could not be imported, or a run not exported.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::limits::FILE_BYTES;

/// Why a file could not be imported, or a run not exported. Everything but a disk that fails is mended in the file or by
/// choosing another one.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InterchangeError {
    /// Opening it.
    #[error("cannot read {}", path.display())]
    Opening {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Looking at what it is.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// Looking at its size.
    #[error("{} has {bytes} bytes, and {} are read at most", path.display(), FILE_BYTES)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Reading what is in it.
    #[error("{}: reading failed", path.display())]
    Reading {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Understanding a line.
    #[error("{}:{line}: {problem}", path.display())]
    Parsing {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        hint: &'static str,
    },
    /// Writing an export.
    #[error("writing into {} failed", path.display())]
    Writing {
        /// The folder, or the file in it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl InterchangeError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            InterchangeError::Opening { .. } | InterchangeError::Reading { .. } => {
                "name a file that can be read"
            }
            InterchangeError::NotAFile { .. } => "name one file; several are imported one by one",
            InterchangeError::TooLarge { .. } => "split it: every session of a file stands for itself",
            InterchangeError::Parsing { hint, .. } => hint,
            InterchangeError::Writing { .. } => "free some space, or choose another folder with --output",
        }
    }

    /// Whose fault it is: `lab` where the disk failed, else `config`.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        if self.retry() { "lab" } else { "config" }
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn retry(&self) -> bool {
        matches!(self, InterchangeError::Reading { .. } | InterchangeError::Writing { .. })
    }
}
