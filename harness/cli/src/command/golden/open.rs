//! Finding and reading sets, with words for everything that can be wrong with them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use edgesoak_golden::{Files, GoldenErrors, GoldenSet};

use crate::args::Shared;
use crate::failure::Failure;
use crate::terminal::printable;

/// Where a set lies, and the name by which it was asked for.
pub struct Place {
    /// Its folder.
    pub folder: PathBuf,
    named: Option<String>,
}

impl Place {
    /// The path itself, else what `NAME@VERSION` means beside the matrix.
    pub fn of(shared: &Shared, set: &Path) -> Self {
        let named = set.to_str().filter(|_| !set.exists());
        let Some((name, version)) = named.and_then(|name| name.split_once('@')) else {
            return Self { folder: set.to_owned(), named: None };
        };
        let sets = shared.matrix.parent().unwrap_or(Path::new("")).join("golden_sets");
        Self { folder: sets.join(name).join(version), named: named.map(str::to_owned) }
    }

    /// The set, verified.
    pub fn set(&self) -> Result<GoldenSet, Failure> {
        let set = set(&self.folder)?;
        self.holds(&set)?;
        Ok(set)
    }

    /// Refuses a set that calls itself otherwise than its folder does.
    pub fn holds(&self, set: &GoldenSet) -> Result<(), Failure> {
        let reference = set.manifest.reference();
        match &self.named {
            Some(named) if *named != reference => {
                Err(Failure::config(format!("the set in {} calls itself {reference}", self.folder.display()))
                    .hint("name and version of the manifest are those of its folders")
                    .reason("golden_set"))
            }
            _ => Ok(()),
        }
    }
}

/// The files of a set.
pub fn files(folder: &Path) -> Result<Files, Failure> {
    Files::read(folder).map_err(|errors| broken(folder, &errors))
}

/// A verified set.
pub fn set(folder: &Path) -> Result<GoldenSet, Failure> {
    GoldenSet::load(&files(folder)?).map_err(|errors| broken(folder, &errors))
}

/// Everything that is wrong with a set or answers.
pub fn broken(path: &Path, errors: &GoldenErrors) -> Failure {
    let mut text = format!("error: {}: {errors}", path.display());
    for finding in errors.findings() {
        let _ = write!(text, "\n  {finding}");
        let mut source = std::error::Error::source(finding);
        while let Some(cause) = source {
            let _ = write!(text, "\n    because: {cause}");
            source = cause.source();
        }
        if let Some(hint) = &finding.hint {
            let _ = write!(text, "\n    hint: {hint}");
        }
    }
    Failure::found(printable(&text)).reason("golden_set")
}
