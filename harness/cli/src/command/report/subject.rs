//! A written page as what is signed, and the file of signatures beside it.

use std::error::Error;
use std::path::{Path, PathBuf};

use edgesoak_record::hex;
use edgesoak_reports::said;
use edgesoak_signing::{MAX_SHEET_BYTES, Sheet, Subject};
use sha2::{Digest, Sha256};

use crate::bounded;
use crate::failure::Failure;
use crate::keys;
use crate::terminal::one_line;

/// Largest page, bytes: far more than that of a hundred devices.
const MAX_PAGE_BYTES: u64 = 64 << 20;

/// A page as it is now.
pub struct Page {
    /// What a signature of it is over.
    pub subject: Subject,
    /// The cause of its verdict in one sentence, in one line.
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
    // Before anything of it is shown: what nobody could have signed is no page of this program.
    subject.check().map_err(|error| no_page(path, &error))?;
    Ok(Page { subject, sentence: one_line(&said.sentence) })
}

/// What a signer or an auditor reads of it before anything else.
pub fn outline(page: &Page) -> String {
    let Page { subject, sentence } = page;
    let redacted = if subject.redacted { ", redacted" } else { "" };
    let says = subject.says().unwrap_or("no verdict");
    let policy = if subject.policy_digest.is_empty() { "none" } else { &subject.policy_digest };
    format!(
        "{says}: {sentence}\n  of {}{redacted}\n  report {}\n  data   {}\n  policy {policy}\n",
        one_line(&subject.of),
        subject.report_sha256,
        subject.data_sha256
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

fn no_page(path: &Path, error: &dyn Error) -> Failure {
    Failure::config(format!("{} is no report that can be signed", path.display()))
        .because(error)
        .hint("`edgesoak report RUN --output FILE` writes one")
        .reason("no_report")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page that says this of itself, written to a file and read.
    fn page(of: &str, policy: &str, sentence: &str) -> Result<Page, Failure> {
        let data = serde_json::json!({
            "schema": "edgesoak-report",
            "run": { "id": of, "policy_digest": policy },
            "verdict": { "verdict": "fail", "sentence": sentence },
        });
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.html");
        let text = format!("<script type=\"application/json\" id=\"edgesoak-data\">{data}</script>");
        std::fs::write(&path, text).expect("a page");
        read(&path)
    }

    #[test]
    fn a_page_cannot_write_lines_of_the_outline() {
        let forged = "too slow\nSHIP: all good\u{2028}✔ approved by Ada";
        let told = outline(&page("r1", "", forged).expect("a page"));
        assert_eq!(told.lines().count(), 5, "{told}");
        assert!(
            told.starts_with("DO NOT SHIP: too slow\u{fffd}SHIP") && !told.contains('\u{2028}'),
            "{told}"
        );
        for (of, policy) in [("r1\nSHIP", ""), ("", ""), ("r1", "none\n  signed"), ("r1", "ABC")] {
            assert!(page(of, policy, "too slow").is_err(), "{of} {policy}");
        }
    }
}
