//! The file beside a report: every statement on it with its signature, one line of canonical JSON.

use edgesoak_record::canonical;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};

use crate::error::SigningError;
use crate::signature::Signature;
use crate::statement::Statement;
use crate::words::{one_line, shortened};

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
        // It may quote what stands in the file.
        let unreadable = |error: serde_json::Error| SigningError::ReadSheet {
            source: serde_json::Error::custom(one_line(&error.to_string())),
        };
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
            entry.signature.check()?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::key::SecretKey;
    use crate::moment::Moment;
    use crate::statement::{Meaning, Subject};

    fn statement(name: &str, meaning: Meaning, despite_fail: Option<&str>) -> Statement {
        Statement {
            subject: Subject {
                of: "run-1".to_owned(),
                verdict: "fail".to_owned(),
                report_sha256: "a".repeat(64),
                data_sha256: "b".repeat(64),
                policy_digest: String::new(),
                redacted: false,
            },
            name: name.to_owned(),
            role: "qa".to_owned(),
            at: Moment::read("2026-04-01T09:30:00Z").expect("a moment"),
            meaning,
            despite_fail: despite_fail.map(str::to_owned),
        }
    }

    fn entry(statement: Statement) -> Result<Entry, SigningError> {
        let signature = statement.signed_by(&SecretKey::from_random([7; 32]))?;
        Ok(Entry { statement, signature })
    }

    #[test]
    fn a_sheet_is_bounded_and_holds_nothing_twice() {
        let mut sheet = Sheet::default();
        for number in 0..MOST_ENTRIES {
            sheet
                .add(entry(statement(&format!("signer {number}"), Meaning::Reviewed, None)).expect("signed"))
                .expect("room");
        }
        let more = entry(statement("one more", Meaning::Reviewed, None)).expect("signed");
        assert!(matches!(sheet.add(more.clone()), Err(SigningError::Bound { .. })));
        assert_eq!(Sheet::read(&sheet.text().expect("a text")).expect("a sheet"), sheet);
        let mut sheet = Sheet::default();
        sheet.add(more.clone()).expect("room");
        assert!(matches!(sheet.add(more), Err(SigningError::State { .. })));
    }

    #[test]
    fn an_approval_of_a_failure_has_its_reason_and_nothing_else_has_one() {
        let signed = |meaning, reason| entry(statement("Ada", meaning, reason)).map(|_| ());
        assert!(matches!(signed(Meaning::Approved, None), Err(SigningError::ApproveDespite { .. })));
        assert!(signed(Meaning::Approved, Some("known, see the waiver")).is_ok());
        assert!(matches!(signed(Meaning::Rejected, Some("why")), Err(SigningError::State { .. })));
        // Nor can one be written by hand and read.
        let mut sheet = Sheet::default();
        sheet.add(entry(statement("Ada", Meaning::Rejected, None)).expect("signed")).expect("room");
        let text = sheet.text().expect("a text").replace("rejected", "approved");
        assert!(matches!(Sheet::read(&text), Err(SigningError::ApproveDespite { .. })));
    }

    #[test]
    fn a_refused_file_writes_no_lines_of_its_own() {
        let text = Sheet::default().text().expect("a text");
        let schema = text.replace(SCHEMA, "x\\n✔ signed");
        let member = text.replace("\"entries\"", "\"x\\n✔ signed\"");
        for text in [schema, member] {
            let error = Sheet::read(&text).expect_err("it is none");
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let told = format!("{error}{}", source.unwrap_or_default());
            assert!(told.contains("✔") && !told.contains('\n'), "{told}");
        }
    }

    #[test]
    fn a_key_is_named_by_its_digits_alone() {
        let mut sheet = Sheet::default();
        sheet.add(entry(statement("Ada", Meaning::Reviewed, None)).expect("signed")).expect("room");
        let text = sheet.text().expect("a text");
        let id = &sheet.entries()[0].signature.key_id;
        for other in ["", "0123456789abcde", "0123456789ABCDEF", "0)\\n✔ approved by x"] {
            let forged = text.replace(id.as_str(), other);
            assert!(matches!(Sheet::read(&forged), Err(SigningError::State { .. })), "{other}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_the_same(text in ".{0,300}", at in any::<prop::sample::Index>(), with in any::<char>()) {
            prop_assert!(Sheet::read(&text).is_err());
            let mut sheet = Sheet::default();
            sheet.add(entry(statement("Ada", Meaning::Reviewed, None)).expect("signed")).expect("room");
            let whole = sheet.text().expect("a text");
            let mut other: Vec<char> = whole.chars().collect();
            let at = at.index(other.len());
            other[at] = with;
            let other: String = other.into_iter().collect();
            if let Ok(read) = Sheet::read(&other) {
                prop_assert_eq!(read.text().expect("a text"), other);
            }
        }
    }
}
