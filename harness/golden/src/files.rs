//! The files of a set, in memory, and the thin reader that brings them there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::finding::{Finding, GoldenErrors};
use crate::limits::{MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES, MAX_SET_BYTES};
use crate::problem::Problem;

/// The manifest's file.
pub const MANIFEST: &str = "manifest.json";
/// What stands in a set's folder and is not sealed file by file.
pub(crate) const UNSEALED: [&str; 2] = [MANIFEST, "README.md"];

/// Files by their paths in the set, with `/` between folders.
#[derive(Debug, Clone, Default)]
pub struct Files {
    bytes: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.bytes.get(path).map(Vec::as_slice)
    }

    /// Every path, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.bytes.keys().map(String::as_str)
    }

    /// Puts a file in place of what stands at its path.
    pub fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.bytes.insert(path.into(), bytes.into());
    }

    /// Reads the folder of a set: plain files only, up to three folders deep, 256 files and 128 MiB together.
    pub fn read(folder: &Path) -> Result<Files, GoldenErrors> {
        let mut files = Files::default();
        if folder.is_dir() {
            files.read_folder(folder, "", 0)?;
        }
        if files.bytes.contains_key(MANIFEST) {
            return Ok(files);
        }
        let source = fs::metadata(folder.join(MANIFEST)).err().unwrap_or(std::io::ErrorKind::NotFound.into());
        let hint = "a golden set is a folder `golden_sets/NAME/VERSION` with a manifest";
        Err(Finding::of(MANIFEST, Problem::Read { source }).hint(hint).into())
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), Finding> {
        let unreadable = |source| Finding::of(prefix, Problem::Read { source });
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            // Never through a link: what is read is what lies in the folder.
            let kind = entry.file_type().map_err(|source| Finding::of(&path, Problem::Read { source }))?;
            if kind.is_dir() && depth < MAX_DEPTH {
                self.read_folder(&entry.path(), &format!("{path}/"), depth + 1)?;
            } else if kind.is_file() {
                self.read_file(&entry.path(), path)?;
            } else {
                return Err(Finding::of(&path, Problem::NotPlain));
            }
        }
        Ok(())
    }

    fn read_file(&mut self, from: &Path, path: String) -> Result<(), Finding> {
        let too_much = |what, limit| Err(Finding::of(&path, Problem::TooMuch { what, limit }));
        if self.bytes.len() >= MAX_FILES {
            return too_much("too many files", MAX_FILES.to_string());
        }
        let mut bytes = Vec::new();
        let read = File::open(from).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
        read.map_err(|source| Finding::of(&path, Problem::Read { source }))?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return too_much("the file is too large", format!("{} MiB", MAX_FILE_BYTES >> 20));
        }
        let together = self.bytes.values().map(Vec::len).sum::<usize>() + bytes.len();
        if together as u64 > MAX_SET_BYTES {
            return too_much("the set is too large", format!("{} MiB", MAX_SET_BYTES >> 20));
        }
        self.bytes.insert(path, bytes);
        Ok(())
    }
}

/// A path that stays in the set: names of letters, digits, `-`, `_` and `.`, with `/` between them.
pub(crate) fn stays_inside(path: &str) -> bool {
    let name = |part: &str| {
        !part.starts_with('.')
            && !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    path.len() <= 200 && path.split('/').count() <= MAX_DEPTH + 1 && path.split('/').all(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for good in ["items.jsonl", "schemas/x.json", "a/b/c/d"] {
            assert!(stays_inside(good), "{good}");
        }
        for bad in ["", "/a", "../a", "a/../b", "a//b", "./a", "a/", "a b", "a\\b", ".hidden", "a/b/c/d/e"] {
            assert!(!stays_inside(bad), "{bad}");
        }
    }

    #[test]
    fn a_folder_is_read_without_following_links() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("schemas")).expect("a folder");
        fs::write(folder.path().join("schemas/x.json"), "{}").expect("a file");
        assert_eq!(
            Files::read(folder.path()).expect_err("no manifest").findings()[0].to_string(),
            "manifest.json: cannot be read"
        );
        fs::write(folder.path().join(MANIFEST), "{}").expect("a file");
        let files = Files::read(folder.path()).expect("two files");
        assert_eq!(files.paths().collect::<Vec<_>>(), [MANIFEST, "schemas/x.json"]);
        std::os::unix::fs::symlink("/etc", folder.path().join("etc")).expect("a link");
        assert_eq!(
            Files::read(folder.path()).expect_err("a link").findings()[0].to_string(),
            "etc: is neither a file nor a folder"
        );
    }
}
