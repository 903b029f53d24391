//! Keys in files, with words for everything that can be wrong with them.

use std::path::{Path, PathBuf};

use edgesoak_signing::{MAX_TRUST_BYTES, PublicKey, SecretKey, SigningError, Trust};

use crate::args::Keys;
use crate::bounded;
use crate::failure::Failure;
use crate::terminal::printable;

/// Largest key file, bytes: one line.
const MAX_KEY_BYTES: u64 = 4096;
/// Most keys of a folder.
const MAX_KEYS: usize = 256;

/// The key that signs.
pub fn secret(path: &Path) -> Result<SecretKey, Failure> {
    SecretKey::read(&bounded::text(path, MAX_KEY_BYTES)?).map_err(|error| refused(path, &error))
}

/// The keys that were named.
pub fn public(named: &Keys) -> Result<Vec<PublicKey>, Failure> {
    let mut paths = named.files.clone();
    if let Some(folder) = &named.folder {
        paths.extend(of_folder(folder)?);
    }
    let read = |path: &PathBuf| {
        PublicKey::read(&bounded::text(path, MAX_KEY_BYTES)?).map_err(|error| refused(path, &error))
    };
    paths.iter().map(read).collect()
}

/// The keys that count: of lists, and of folders of public keys.
pub fn trust(named: &[PathBuf]) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    for path in named {
        let files = if path.is_dir() { of_folder(path)? } else { vec![path.clone()] };
        for file in files {
            let text = bounded::text(&file, MAX_TRUST_BYTES)?;
            trust.add(&text).map_err(|error| refused(&file, &error))?;
        }
    }
    Ok(trust)
}

/// The public keys of a folder, in the order of their names.
fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        Failure::config(format!("cannot read {}", folder.display())).because(&error).reason("no_file")
    })?;
    let entries = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "pub")).take(MAX_KEYS).collect();
    if files.is_empty() {
        return Err(Failure::config(format!("no file of {} ends in .pub", folder.display()))
            .hint("`edgesoak key new FILE` makes FILE and FILE.pub")
            .reason("key"));
    }
    files.sort();
    Ok(files)
}

/// A file that holds no key, no list of keys or no signatures.
pub fn refused(path: &Path, error: &SigningError) -> Failure {
    let failure = Failure::config(printable(&format!("cannot use {}", path.display()))).because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
    .reason("key")
}
