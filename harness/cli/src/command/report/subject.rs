//! A written page as what is signed, and the file of signatures beside it.

use std::path::{Path, PathBuf};

use edgesoak_record::hex;
use edgesoak_reports::{ReportError, said};
use edgesoak_signing::{MAX_SHEET_BYTES, Sheet, Subject};
use sha2::{Digest, Sha256};

use crate::bounded;
use crate::failure::Failure;
use crate::keys;

/// Largest page, bytes: far more than that of a hundred devices.
const MAX_PAGE_BYTES: u64 = 64 << 20;

/// A page as it is now.
pub struct Page {
    /// What a signature of it is over.
    pub subject: Subject,
    /// The cause of its verdict in one sentence.
    pub sentence: String,
}

/// Reads a page.
pub fn read(path: &Path) -> Result<Page, Failure> {
    let page = bounded::text(path, MAX_PAGE_BYTES)?;
    let said = said(&page).map_err(|error| no_page(path, &error))?;
    let subject = Subject {
        of: said.of,
        verdict: said.verdict,
        report_sha256: hex(&Sha256::digest(&page)),
        data_sha256: hex(&Sha256::digest(said.data)),
        policy_digest: said.policy_digest,
        redacted: said.redacted,
    };
    Ok(Page { subject, sentence: said.sentence })
}

/// What a signer or an auditor reads of it before anything else.
pub fn outline(page: &Page) -> String {
    let Page { subject, sentence } = page;
    let redacted = if subject.redacted { ", redacted" } else { "" };
    let says = subject.says().unwrap_or("no verdict");
    let policy = if subject.policy_digest.is_empty() { "none" } else { &subject.policy_digest };
    format!(
        "{says}: {sentence}\n  of {}{redacted}\n  report {}\n  data   {}\n  policy {policy}\n",
        subject.of, subject.report_sha256, subject.data_sha256
    )
}

/// Where the signatures on a page are.
pub fn sheet_place(report: &Path, named: Option<&Path>) -> PathBuf {
    named.map_or_else(
        || {
            let mut name = report.as_os_str().to_owned();
            name.push(".sig.json");
            name.into()
        },
        Path::to_owned,
    )
}

/// The signatures there: none where there is no file.
pub fn sheet(place: &Path) -> Result<Sheet, Failure> {
    // A link that leads nowhere is a file that is broken, not one that is missing.
    if place.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Ok(Sheet::default());
    }
    let text = bounded::text(place, MAX_SHEET_BYTES)?;
    Sheet::read(&text).map_err(|error| keys::refused(place, &error))
}

fn no_page(path: &Path, error: &ReportError) -> Failure {
    Failure::config(format!("{} is no report that can be signed", path.display()))
        .because(error)
        .hint("`edgesoak report RUN --output FILE` writes one")
        .reason("no_report")
}
