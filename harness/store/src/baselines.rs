//! The book of baselines: a file beside the database that only grows.
//!
//! ```text
//! {"baseline":{...},"sha256":"digest of the baseline's JSON","chain":"digest of the chain before it and of sha256"}
//! ```
//!
//! One line per promotion. A line that was changed, taken out or moved breaks the chain, and then nothing is read from the
//! book at all: what a release is held against must not be in doubt.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use edgesoak_record::baseline::{Baseline, is_name};
use edgesoak_record::hex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;

/// Largest book and largest file that is imported, bytes.
const MAX_BYTES: u64 = 256 << 20;

/// The book of one output folder.
#[derive(Debug, Clone)]
pub struct Baselines {
    path: PathBuf,
}

/// A promotion with its digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Promoted {
    /// What was promoted.
    pub baseline: Baseline,
    /// SHA-256 of its JSON.
    pub sha256: String,
    /// Its JSON, byte for byte.
    raw: String,
}

/// What is written, and what is exported but for the chain. The baseline's own bytes are what was hashed.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    baseline: &'a RawValue,
    sha256: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    chain: String,
}

impl Baselines {
    /// The book in this folder; it need not exist yet.
    #[must_use]
    pub fn of(out: &Path) -> Self {
        Self { path: out.join("baselines.jsonl") }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything that was promoted, oldest first.
    ///
    /// # Errors
    /// A book that cannot be read, or of which a line was changed.
    pub fn all(&self) -> Result<Vec<Promoted>, StoreError> {
        Ok(self.read()?.0)
    }

    /// The last promotion of this name, if there is one.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub fn find(&self, name: &str) -> Result<Option<Promoted>, StoreError> {
        Ok(self.all()?.into_iter().rfind(|promoted| promoted.baseline.name == name))
    }

    /// Adds a promotion; its digest.
    ///
    /// # Errors
    /// A name that is none, a book that is damaged, a disk that is full.
    pub fn promote(&self, baseline: &Baseline) -> Result<String, StoreError> {
        let text = serde_json::to_string(baseline)
            .map_err(|source| StoreError::WriteDocument { what: "a baseline", source })?;
        self.append(&baseline.name, &text)
    }

    /// The file that another host imports.
    ///
    /// # Errors
    /// As [`Self::all`], and an unknown name.
    pub fn export(&self, name: &str) -> Result<String, StoreError> {
        let found = self.find(name)?.ok_or_else(|| StoreError::UnknownBaseline { name: name.to_owned() })?;
        let failed = |source| StoreError::WriteDocument { what: "a baseline", source };
        let raw = RawValue::from_string(found.raw).map_err(failed)?;
        let line = Line { baseline: &raw, sha256: found.sha256, chain: String::new() };
        serde_json::to_string(&line).map(|text| text + "\n").map_err(failed)
    }

    /// Adds what another host exported; its name. What is there already, byte for byte, is not added again.
    ///
    /// # Errors
    /// A file that is no export or whose digest is wrong, and as [`Self::promote`].
    pub fn import(&self, file: &Path) -> Result<String, StoreError> {
        let text = text_of(file)?;
        let promoted = checked(file, 1, text.trim_end())?;
        if !self.all()?.contains(&promoted) {
            self.append(&promoted.baseline.name, &promoted.raw)?;
        }
        Ok(promoted.baseline.name)
    }

    fn append(&self, name: &str, raw: &str) -> Result<String, StoreError> {
        if !is_name(name) {
            return Err(StoreError::BaselineName { name: name.chars().take(100).collect() });
        }
        let failed = |source| StoreError::WriteBaselines { path: self.path.clone(), source };
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path).map_err(failed)?;
        // Two hosts that promote at once: the second continues the first's chain.
        file.lock().map_err(failed)?;
        let (_, chain) = self.read()?;
        let sha256 = digest(&[raw]);
        let document = |source| StoreError::WriteDocument { what: "a baseline", source };
        let raw = RawValue::from_string(raw.to_owned()).map_err(document)?;
        let line = Line { baseline: &raw, sha256: sha256.clone(), chain: digest(&[&chain, &sha256]) };
        let text = serde_json::to_string(&line).map_err(document)? + "\n";
        let before = file.metadata().map_err(failed)?.len();
        let full = || io::Error::other("the book would grow larger than any that is read");
        let room = (before + text.len() as u64 <= MAX_BYTES).then_some(()).ok_or_else(full);
        let written = room.and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_all());
        if written.is_err() {
            // Half a line would spoil the whole book.
            let _ = file.set_len(before);
        }
        written.map_err(failed)?;
        Ok(sha256)
    }

    /// Every promotion, and the end of the chain.
    fn read(&self) -> Result<(Vec<Promoted>, String), StoreError> {
        let text = match text_of(&self.path) {
            Ok(text) => text,
            Err(StoreError::ReadFile { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                String::new()
            }
            Err(error) => return Err(error),
        };
        let (mut all, mut chain) = (Vec::new(), String::new());
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            let promoted = checked(&self.path, number, line)?;
            let parsed: Line<'_> =
                serde_json::from_str(line).map_err(|_| damaged(&self.path, number, "it is no JSON"))?;
            chain = digest(&[&chain, &promoted.sha256]);
            if parsed.chain != chain {
                return Err(damaged(&self.path, number, "a line before it was changed or taken out"));
            }
            all.push(promoted);
        }
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(damaged(&self.path, all.len(), "it has no end"));
        }
        Ok((all, chain))
    }
}

/// A line whose digest is right.
fn checked(path: &Path, number: usize, line: &str) -> Result<Promoted, StoreError> {
    let parsed: Line<'_> =
        serde_json::from_str(line).map_err(|_| damaged(path, number, "it is no promotion"))?;
    let raw = parsed.baseline.get();
    if digest(&[raw]) != parsed.sha256 {
        return Err(damaged(path, number, "its digest is not that of what it holds"));
    }
    let baseline: Baseline = serde_json::from_str(raw)
        .map_err(|_| damaged(path, number, "it holds what this version cannot read"))?;
    if !is_name(&baseline.name) {
        return Err(damaged(path, number, "its name is none"));
    }
    Ok(Promoted { baseline, sha256: parsed.sha256, raw: raw.to_owned() })
}

fn damaged(path: &Path, line: usize, what: &'static str) -> StoreError {
    StoreError::DamagedBaseline { path: path.to_owned(), line, what }
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

fn text_of(path: &Path) -> Result<String, StoreError> {
    let failed = |source| StoreError::ReadFile { path: path.to_owned(), source };
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    if read.map_err(failed)? as u64 > MAX_BYTES {
        return Err(failed(io::Error::other("it is larger than any book of baselines")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use edgesoak_record::policy::{Policy, RegressionRuns};
    use edgesoak_record::units::Nanos;

    use super::*;

    fn baseline(name: &str, reason: &str) -> Baseline {
        let policy = Policy {
            tier: "release".to_owned(),
            blocking: Vec::new(),
            accept_not_proven: Vec::new(),
            required_families: Vec::new(),
            evidence: Vec::new(),
            proofs: Vec::new(),
            budget_s: None,
            reuse_s: None,
            selection_age_s: None,
            export: None,
            canary: None,
            regression_margin: 0.05,
            pinned_margin: 0.08,
            regression_runs: RegressionRuns { min: 3, looks: vec![3, 5, 8] },
            units_per_family: 3,
            waivers: Vec::new(),
        };
        let (name, reason, promoted) = (name.to_owned(), reason.to_owned(), Nanos::from_secs(7));
        Baseline { name, promoted, reason, policy, runs: vec!["r1".to_owned()], trials: Vec::new() }
    }

    fn book() -> (tempfile::TempDir, Baselines) {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Baselines::of(folder.path());
        (folder, book)
    }

    #[test]
    fn the_last_promotion_of_a_name_counts_and_none_is_lost() {
        let (_folder, book) = book();
        assert_eq!(book.all().expect("an empty book"), []);
        for (name, reason) in [("1.0", "first"), ("1.1", "second"), ("1.0", "again")] {
            book.promote(&baseline(name, reason)).expect("a line");
        }
        assert_eq!(book.all().expect("three").len(), 3);
        let found = book.find("1.0").expect("readable").expect("known");
        assert_eq!(found.baseline.reason, "again");
        assert_eq!(book.find("2.0").expect("readable"), None);
        for bad in ["", "-x", "a b", "../x", "é"] {
            assert!(book.promote(&baseline(bad, "")).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_book_that_was_touched_is_not_believed() {
        let (_folder, book) = book();
        for name in ["a", "b", "c"] {
            book.promote(&baseline(name, "why")).expect("a line");
        }
        let text = std::fs::read_to_string(book.path()).expect("a book");
        let lines: Vec<&str> = text.lines().collect();
        let touched = [
            text.replacen("why", "because", 1),
            [lines[0], lines[2], ""].join("\n"),
            [lines[1], lines[0], lines[2], ""].join("\n"),
            text[..text.len() - 9].to_owned(),
            text.clone() + "{}\n",
        ];
        for text in touched {
            std::fs::write(book.path(), &text).expect("written");
            assert!(matches!(book.all(), Err(StoreError::DamagedBaseline { .. })), "{text}");
            assert!(book.promote(&baseline("d", "")).is_err());
        }
    }

    #[test]
    fn another_host_gets_the_same_baseline_once() {
        let (folder, here) = book();
        here.promote(&baseline("1.0", "good")).expect("a line");
        let file = folder.path().join("export.json");
        let export = here.export("1.0").expect("known");
        std::fs::write(&file, &export).expect("written");
        let (_other, there) = book();
        for _ in 0..2 {
            assert_eq!(there.import(&file).expect("an export"), "1.0");
        }
        assert_eq!(there.all().expect("readable"), here.all().expect("readable"));
        std::fs::write(&file, export.replace("good", "bad")).expect("written");
        assert!(matches!(there.import(&file), Err(StoreError::DamagedBaseline { line: 1, .. })));
        assert!(matches!(here.export("2.0"), Err(StoreError::UnknownBaseline { .. })));
    }
}
