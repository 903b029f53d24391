//! New files of a folder: all of them, or none.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::error::InterchangeError;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// Files that are being written beside their places, and go when they are not kept.
#[derive(Debug)]
pub(crate) struct NewFiles {
    folder: PathBuf,
    /// Where each lies until it is whole, and where it belongs.
    waiting: Vec<(PathBuf, PathBuf)>,
}

impl NewFiles {
    /// Files of a folder, which is made.
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, InterchangeError> {
        let writing = |source| InterchangeError::Writing { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(writing)?;
        Ok(Self { folder: folder.to_owned(), waiting: Vec::new() })
    }

    /// Begins a file.
    pub(crate) fn begin(&mut self, name: &str) -> Result<BufWriter<File>, InterchangeError> {
        let part = self.folder.join(format!("{name}.part"));
        let file =
            File::create(&part).map_err(|source| InterchangeError::Writing { path: part.clone(), source })?;
        self.waiting.push((part, self.folder.join(name)));
        Ok(BufWriter::with_capacity(1 << 16, file))
    }

    /// Puts every file in its place.
    pub(crate) fn keep(mut self) -> Result<Vec<ExportedFile>, InterchangeError> {
        let mut kept = Vec::new();
        for (part, path) in &self.waiting {
            let placed = fs::rename(part, path).and_then(|()| fs::metadata(path));
            let bytes = placed.map_err(|source| self.failed(source))?.len();
            kept.push(ExportedFile { path: path.clone(), bytes });
        }
        self.waiting.clear();
        Ok(kept)
    }

    /// Writing into the folder failed.
    pub(crate) fn failed(&self, source: io::Error) -> InterchangeError {
        InterchangeError::Writing { path: self.folder.clone(), source }
    }
}

impl Drop for NewFiles {
    fn drop(&mut self) {
        for (part, _) in &self.waiting {
            // Half a file is of no use to anybody; one that is in its place is not there any more.
            let _ = fs::remove_file(part);
        }
    }
}
