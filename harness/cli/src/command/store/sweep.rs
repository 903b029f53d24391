//! `edgesoak store sweep`: any files of this host are searched for the secrets that were planted in a run.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use edgesoak_controller::RunSecrets;
use edgesoak_record::Verdict;
use edgesoak_record::leaks::{SearchedPlace, Side};
use serde_json::json;

use crate::args::{Format, Shared};
use crate::command::{leaks, print_json};
use crate::failure::Failure;
use crate::places::Places;
use crate::stored;
use crate::terminal::{printable, say};

/// Searches; the exit code says whether a secret was found.
pub fn sweep(shared: &Shared, name: &str, files: &[PathBuf]) -> Result<u8, Failure> {
    let run = {
        let (store, id) = stored::find(shared, name)?;
        store.load_outline(&id).map_err(|error| stored::unreadable(shared, &error))?
    };
    let secrets = RunSecrets::of(&run, &Places::find()?.state)
        .map_err(|error| leaks::no_secrets(&error))?
        .ok_or_else(|| Failure::nothing(format!("no secret was planted in run {}", run.id)))?;
    if let Some(missing) = files.iter().find(|file| !file.exists()) {
        return Err(Failure::config(format!("there is no file {}", missing.display())).reason("usage"));
    }
    let mut hunt = secrets.hunt(Side::Host);
    if files.is_empty() {
        leaks::kept(shared, &run.id, &mut hunt)?;
    } else {
        hunt.begin("files");
        for file in files {
            hunt.given(file);
        }
    }
    let found = hunt.end();
    let (hits, unread) = (lines(&found, told), lines(&found, |place| place.unread.clone()));
    if unread.is_empty() && read(&found, |place| place.files) == 0 {
        return Err(Failure::nothing("there is no file in what was to be searched"));
    }
    match shared.format() {
        Format::Json => print_json(&json!({ "run": run.id, "sessions": found }))?,
        Format::Human => say(&printable(&words(&found, &hits, &unread)))?,
    }
    Ok(match () {
        () if !hits.is_empty() => Verdict::Fail.exit_code(),
        () if !unread.is_empty() => Verdict::NotProven.exit_code(),
        () => 0,
    })
}

type Found = BTreeMap<String, Vec<SearchedPlace>>;

fn told(place: &SearchedPlace) -> Vec<String> {
    let told = place.found.iter();
    told.map(|found| {
        format!("{} {}: the secret of the {} ({})", place.place, found.at, found.secret.word(), found.form)
    })
    .collect()
}

/// What is said of each place, behind its session.
fn lines(found: &Found, of: impl Fn(&SearchedPlace) -> Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = found
        .iter()
        .flat_map(|(session, places)| {
            places.iter().flat_map(&of).map(move |line| format!("{session}: {line}")).collect::<Vec<_>>()
        })
        .collect();
    lines.dedup();
    lines
}

/// A sum over all places.
fn read(found: &Found, count: fn(&SearchedPlace) -> u64) -> u64 {
    // Every session was searched for in the same files.
    found.values().next().map_or(0, |places| places.iter().map(count).sum())
}

fn words(found: &Found, hits: &[String], unread: &[String]) -> String {
    let mut text = String::new();
    for hit in hits {
        let _ = writeln!(text, "found: {hit}");
    }
    for why in unread {
        let _ = writeln!(text, "not read: {why}");
    }
    let (files, bytes) = (read(found, |place| place.files), read(found, |place| place.bytes));
    let result = if hits.is_empty() { "no planted secret" } else { "planted secrets" };
    let _ = writeln!(text, "{result} in {files} files of {} KiB", bytes.div_ceil(1024));
    text
}
