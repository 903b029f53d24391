//! Finding and reading sets, keys and answers, with words for everything that can be wrong with them.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use edgesoak_golden::{Files, GoldenErrors, GoldenSet, PublicKey};

use crate::args::{Keys, Shared};
use crate::failure::Failure;
use crate::terminal::printable;

/// Largest key file, bytes: one line.
const MAX_KEY_BYTES: u64 = 4096;
/// Most keys of a folder.
const MAX_KEYS: usize = 256;

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

/// Everything that is wrong with a set, a key or answers.
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

/// A file within a bound.
pub fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    let read = read.and_then(|length| {
        if length as u64 <= most {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {most} bytes")))
    });
    read.map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// The line of a key file.
pub fn key_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path, MAX_KEY_BYTES)?)
        .map_err(|_| Failure::config(format!("{} is not a key file", path.display())).reason("key"))
}

/// The keys that were named.
pub fn keys(named: &Keys) -> Result<Vec<PublicKey>, Failure> {
    let mut paths = named.files.clone();
    if let Some(folder) = &named.folder {
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
        let entries = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut of_folder: Vec<PathBuf> = entries
            .filter(|path| path.extension().is_some_and(|kind| kind == "pub"))
            .take(MAX_KEYS)
            .collect();
        if of_folder.is_empty() {
            return Err(Failure::config(format!("no file of {} ends in .pub", folder.display()))
                .hint("`edgesoak golden key new FILE` makes FILE and FILE.pub")
                .reason("key"));
        }
        of_folder.sort();
        paths.extend(of_folder);
    }
    let read = |path: &PathBuf| PublicKey::read(&key_text(path)?).map_err(|errors| broken(path, &errors));
    paths.iter().map(read).collect()
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::config(format!("cannot read {}", path.display())).because(error).reason("no_file")
}
