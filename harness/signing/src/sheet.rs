//! The file beside a report: every statement on it with its signature, one line of canonical JSON.

use edgesoak_record::canonical;
use serde::{Deserialize, Serialize};

use crate::error::SigningError;
use crate::signature::Signature;
use crate::statement::Statement;
use crate::words::shortened;

/// What the file is.
const SCHEMA: &str = "edgesoak-signatures";
const VERSION: u64 = 1;
/// Largest file, KiB.
const MAX_SHEET_KIB: usize = 256;
/// Largest file, bytes.
pub const MAX_SHEET_BYTES: u64 = (MAX_SHEET_KIB as u64) << 10;
/// Most signatures on a report.
const MOST_ENTRIES: usize = 64;

/// Signatures on a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    entries: Vec<Entry>,
}

/// One signer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What was signed.
    pub statement: Statement,
    /// With which key, and the signature.
    pub signature: Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: String,
    version: u64,
    entries: Vec<Entry>,
}

/// What a file of a later version has in common with those of this one.
#[derive(Deserialize)]
struct Title {
    schema: String,
    version: u64,
}

impl Sheet {
    /// Reads the file.
    ///
    /// # Errors
    /// [`SigningError`] where it is too large, no such file, or not written as [`Sheet::text`] writes it: two readers
    /// must not see different things in it.
    pub fn read(text: &str) -> Result<Self, SigningError> {
        if text.len() as u64 > MAX_SHEET_BYTES {
            return Err(too_large());
        }
        let unreadable = |source| SigningError::ReadSheet { source };
        let title: Title = serde_json::from_str(text).map_err(unreadable)?;
        if (title.schema.as_str(), title.version) != (SCHEMA, VERSION) {
            let schema = shortened(&title.schema);
            return Err(SigningError::Version { schema, version: title.version, known: SCHEMA });
        }
        let document: Document = serde_json::from_str(text).map_err(unreadable)?;
        if document.entries.len() > MOST_ENTRIES {
            return Err(SigningError::Bound { what: "signatures of a file", most: MOST_ENTRIES });
        }
        for entry in &document.entries {
            entry.statement.check()?;
        }
        let sheet = Self { entries: document.entries };
        if sheet.text()? == text { Ok(sheet) } else { Err(SigningError::Canonical) }
    }

    /// The file's text.
    ///
    /// # Errors
    /// [`SigningError::Bound`] where it would be too large to be read again.
    pub fn text(&self) -> Result<String, SigningError> {
        let document =
            Document { schema: SCHEMA.to_owned(), version: VERSION, entries: self.entries.clone() };
        let value = serde_json::to_value(document).map_err(|source| SigningError::ReadSheet { source })?;
        let text = canonical::text(&value) + "\n";
        if text.len() as u64 <= MAX_SHEET_BYTES { Ok(text) } else { Err(too_large()) }
    }

    /// Adds a signature behind those that are there; they stay as they are.
    ///
    /// # Errors
    /// [`SigningError::Bound`] where there are too many already, [`SigningError::State`] where the same key has signed the
    /// same statement.
    pub fn add(&mut self, entry: Entry) -> Result<(), SigningError> {
        if self.entries.len() >= MOST_ENTRIES {
            return Err(SigningError::Bound { what: "signatures of a file", most: MOST_ENTRIES });
        }
        if self.entries.contains(&entry) {
            return Err(SigningError::State {
                what: "this statement",
                complaint: "is signed by this key already",
            });
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The signatures, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

fn too_large() -> SigningError {
    SigningError::Bound { what: "KiB of a file of signatures", most: MAX_SHEET_KIB }
}
