//! What can go wrong with a model file.

use std::path::{Path, PathBuf};

use crate::source::Fault;

/// Why the header of a model file could not be read. Messages name the file and a place in it, never its words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GgufError {
    /// The file could not be opened or read.
    #[error("reading {}", path.display())]
    ReadingFile {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The header does not follow the format.
    #[error("reading the header of {} at byte {offset}: {fault}", path.display())]
    ReadingHeader {
        /// The file.
        path: PathBuf,
        /// Where reading stopped.
        offset: u64,
        /// What is wrong.
        fault: &'static str,
    },
}

impl GgufError {
    pub(crate) fn of(path: &Path, offset: u64, fault: Fault) -> Self {
        let path = path.to_owned();
        match fault {
            Fault::Io(source) => Self::ReadingFile { path, source },
            Fault::Format(fault) => Self::ReadingHeader { path, offset, fault },
        }
    }
}
