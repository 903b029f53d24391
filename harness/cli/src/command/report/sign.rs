//! `edgesoak report sign`: a person's signature beside a page.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use chrono::{SecondsFormat, Utc};
use edgesoak_signing::{Entry, Moment, SigningError, Statement};
use serde_json::json;

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
    let mut sheet = subject::sheet(&place)?;
    let told = format!(
        "Signed as {} by {}, {}, at {}, with key {key_id}\nSignatures: {}\n",
        statement.meaning.word(),
        statement.name,
        statement.role,
        statement.at,
        place.display()
    );
    let printed = json!({ "statement": statement, "key_id": key_id, "signatures": place });
    sheet.add(Entry { statement, signature }).map_err(refused)?;
    put(&place, &sheet.text().map_err(refused)?).map_err(|error| {
        Failure::infrastructure(format!("cannot write the signatures to {}", place.display())).because(&error)
    })?;
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

/// Whole or not at all, and never through a link that somebody laid there: folders of reports are shared.
fn put(place: &Path, text: &str) -> io::Result<()> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    // Auditors read it, who are not the signer.
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))?;
    file.persist(place).map_err(|error| error.error)?;
    Ok(())
}
