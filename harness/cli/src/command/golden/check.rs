//! `edgesoak golden check`: is this the set that was sealed, and who says so?

use std::path::Path;

use edgesoak_golden::{Files, Finding, GoldenErrors, GoldenSet, Vouched, vouched};
use edgesoak_signing::PublicKey;
use serde_json::{Value, json};

use super::open;
use crate::args::{Format, Keys, Shared};
use crate::command::print_json;
use crate::failure::{CONFIG, Failure};
use crate::keys;
use crate::terminal::{printable, say};

/// Verifies a set.
pub fn check(shared: &Shared, set: &Path, keys: &Keys, require_signature: bool) -> Result<u8, Failure> {
    let keys = keys::public(keys)?;
    let place = open::Place::of(shared, set);
    let folder = &place.folder;
    let checked = Files::read(folder).and_then(|files| whole(&files, &keys));
    match (checked, shared.format()) {
        (Ok((set, by)), format) => {
            place.holds(&set)?;
            let trusted = !require_signature || matches!(by, Vouched::By(_));
            match format {
                Format::Json => print_json(&document(&set, &by, trusted))?,
                Format::Human => say(&printable(&sentence(&set, &by)))?,
            }
            if trusted { Ok(0) } else { Err(untrusted(folder, &by)) }
        }
        (Err(errors), Format::Human) => Err(open::broken(folder, &errors)),
        (Err(errors), Format::Json) => {
            let findings: Vec<Value> = errors.findings().iter().map(finding).collect();
            print_json(&json!({ "valid": false, "findings": findings }))?;
            Ok(CONFIG)
        }
    }
}

fn whole(files: &Files, keys: &[PublicKey]) -> Result<(GoldenSet, Vouched), GoldenErrors> {
    let set = GoldenSet::load(files)?;
    let by = vouched(files, keys)?;
    Ok((set, by))
}

fn finding(finding: &Finding) -> Value {
    json!({
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "code": finding.problem.code(),
        "problem": finding.problem.to_string(),
        "hint": finding.hint,
    })
}

fn document(set: &GoldenSet, by: &Vouched, trusted: bool) -> Value {
    let (signature, key) = match by {
        Vouched::Unsigned => ("none", None),
        Vouched::Unverified(key) => ("unverified", Some(key)),
        Vouched::By(key) => ("verified", Some(key)),
    };
    json!({
        "valid": trusted,
        "set": set.manifest.reference(),
        "sealed": set.manifest.sealed,
        "items": set.items.len(),
        "documents": set.documents.len(),
        "set_digest": set.manifest.set_digest,
        "manifest_digest": set.manifest.manifest_digest,
        "signature": signature,
        "key_id": key,
    })
}

fn sentence(set: &GoldenSet, by: &Vouched) -> String {
    let signed = match by {
        Vouched::Unsigned => "not signed".to_owned(),
        Vouched::Unverified(key) => format!("signed by key {key}, which was not given"),
        Vouched::By(key) => format!("signed by key {key}"),
    };
    let sealed = if set.manifest.sealed { "sealed" } else { "not sealed" };
    format!(
        "{}: {} items, {} documents, every digest holds; {sealed}, {signed}\n",
        set.manifest.reference(),
        set.items.len(),
        set.documents.len()
    )
}

fn untrusted(folder: &Path, by: &Vouched) -> Failure {
    let hint = match by {
        Vouched::Unsigned => "`edgesoak golden seal SET --key FILE` signs it".to_owned(),
        Vouched::Unverified(key) | Vouched::By(key) => {
            format!("name the public key {key} with --key FILE or --keys DIR")
        }
    };
    Failure::config(format!("no key that was given signed {}", folder.display()))
        .hint(hint)
        .reason("signature")
}
