//! `edgesoak report sign`: a person's signature beside a page.

use std::fs::File;
use std::path::Path;

use chrono::{SecondsFormat, Utc};
use edgesoak_signing::{Entry, Moment, SigningError, Statement};
use serde_json::json;

use super::file::{folder_of, write_whole};
use super::subject;
use crate::args::{Format, Sign};
use crate::command::print_json;
use crate::failure::Failure;
use crate::keys;
use crate::terminal::{printable, say};

/// Signs a page.
pub fn sign(asked: &Sign) -> Result<u8, Failure> {
    let key = keys::secret(&asked.key)?;
    let page = subject::read(&asked.report)?;
    // Before anything is signed: who signs reads what, even if the next line fails.
    if asked.format() == Format::Human {
        say(&printable(&subject::outline(&page)))?;
    }
    let refused = |error: SigningError| not_signed(asked, &error);
    let statement = Statement {
        subject: page.subject.clone(),
        name: asked.name.clone(),
        role: asked.role.clone(),
        at: asked.at.clone().map_or_else(now, Ok)?,
        meaning: asked.meaning.into(),
        despite_fail: asked.despite_fail.clone(),
    };
    let signature = statement.signed_by(&key).map_err(refused)?;
    let key_id = signature.key_id.clone();
    let place = subject::sheet_place(&asked.report, asked.sig.as_deref());
    let told = format!(
        "Signed as {} by {}, {}, at {}, with key {key_id}\nSignatures: {}\n",
        statement.meaning.word(),
        statement.name,
        statement.role,
        statement.at,
        place.display()
    );
    let printed = json!({ "statement": statement, "key_id": key_id, "signatures": place });
    append(&place, Entry { statement, signature }, refused)?;
    match asked.format() {
        Format::Json => print_json(&printed)?,
        Format::Human => say(&printable(&told))?,
    }
    Ok(0)
}

fn not_signed(asked: &Sign, error: &SigningError) -> Failure {
    let failure = Failure::config(format!("cannot sign {}", asked.report.display())).because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
    .reason("signature")
}

fn now() -> Result<Moment, Failure> {
    Moment::read(&Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true)).map_err(|error| {
        Failure::infrastructure("this host's clock is out of all bounds")
            .because(&error)
            .hint("name the time with --at")
    })
}

/// Adds a signature to those that are there. Who signs at the same time waits: no signature is lost.
fn append(place: &Path, entry: Entry, refused: impl Fn(SigningError) -> Failure) -> Result<(), Failure> {
    let _lock = lock(folder_of(place));
    let mut sheet = subject::sheet(place)?;
    sheet.add(entry).map_err(&refused)?;
    write_whole(place, &sheet.text().map_err(&refused)?).map_err(|error| {
        Failure::infrastructure(format!("cannot write the signatures to {}", place.display())).because(&error)
    })
}

/// Of the folder, as the file itself is another one after every signature. A share that knows no locks has none.
fn lock(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.lock().ok().map(|()| folder)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use edgesoak_signing::{Meaning, SecretKey, Sheet, Subject};

    use super::*;

    fn entry(name: &str) -> Entry {
        let subject = Subject {
            of: "r1".to_owned(),
            verdict: "pass".to_owned(),
            report_sha256: "a".repeat(64),
            data_sha256: "b".repeat(64),
            policy_digest: String::new(),
            redacted: false,
        };
        let statement = Statement {
            subject,
            name: name.to_owned(),
            role: "qa".to_owned(),
            at: Moment::read("2026-04-01T09:30:00Z").expect("a moment"),
            meaning: Meaning::Reviewed,
            despite_fail: None,
        };
        let signature = statement.signed_by(&SecretKey::from_random([7; 32])).expect("signed");
        Entry { statement, signature }
    }

    #[test]
    fn who_signs_at_once_loses_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("report.html.sig.json");
        let refused = |error: SigningError| Failure::config(error.to_string());
        thread::scope(|scope| {
            for signer in 0..8 {
                let place = &place;
                scope.spawn(move || {
                    for time in 0..8 {
                        append(place, entry(&format!("signer {signer} {time}")), refused).expect("signed");
                    }
                });
            }
        });
        let sheet = Sheet::read(&std::fs::read_to_string(&place).expect("signatures")).expect("a sheet");
        assert_eq!(sheet.entries().len(), 64);
    }
}
