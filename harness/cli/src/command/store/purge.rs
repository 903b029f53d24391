//! `edgesoak store purge`: old runs, or the texts of their answers, are removed for good.

use std::fmt::Write as _;
use std::time::Duration;

use edgesoak_record::units::Nanos;
use edgesoak_store::{Baselines, Purged, Scope, Store};
use serde_json::json;

use crate::args::{Format, Purge, Shared};
use crate::command::{host_now, print_json};
use crate::failure::{Failure, INFRASTRUCTURE};
use crate::stored;
use crate::terminal::{printable, say};

/// What became of it.
struct Outcome {
    purged: Vec<Purged>,
    /// Runs that could not be removed, and why.
    failed: Vec<(String, String)>,
    /// Why the database's files may still hold what was removed.
    held: Option<String>,
}

/// Removes what is asked for, or says what would be.
pub fn purge(shared: &Shared, asked: &Purge) -> Result<u8, Failure> {
    let mut store =
        if asked.dry_run { stored::open_for_reading(shared)? } else { stored::open_for_writing(shared)? };
    let runs = chosen(shared, &store, asked)?;
    let scope = if asked.texts { Scope::Texts } else { Scope::Run };
    let outcome = carried_out(shared, &mut store, &runs, (scope, asked.dry_run));
    match shared.format() {
        Format::Json => print_json(&document(asked, &outcome))?,
        Format::Human => say(&printable(&words(asked, &outcome)))?,
    }
    Ok(if outcome.failed.is_empty() && outcome.held.is_none() { 0 } else { INFRASTRUCTURE })
}

fn chosen(shared: &Shared, store: &Store, asked: &Purge) -> Result<Vec<String>, Failure> {
    if let Some(age) = asked.older_than {
        let book = Baselines::of(&shared.out);
        let runs_dir = shared.out.join("runs");
        return store
            .outdated(&runs_dir, before(age), &book)
            .map_err(|error| stored::unreadable(shared, &error));
    }
    let mut runs = Vec::new();
    for name in &asked.runs {
        // A run that was never stored has a folder all the same.
        let run = match store.resolve(name) {
            Ok(run) => run,
            Err(_) => stored::run_dir(shared, name)?.0,
        };
        if !runs.contains(&run) {
            runs.push(run);
        }
    }
    Ok(runs)
}

fn before(age: Duration) -> Nanos {
    let age = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
    Nanos(host_now().0.saturating_sub(age))
}

fn carried_out(
    shared: &Shared,
    store: &mut Store,
    runs: &[String],
    (scope, is_dry): (Scope, bool),
) -> Outcome {
    let runs_dir = shared.out.join("runs");
    let mut outcome = Outcome { purged: Vec::new(), failed: Vec::new(), held: None };
    for run in runs {
        let done =
            if is_dry { store.weigh(&runs_dir, run, scope) } else { store.purge(&runs_dir, run, scope) };
        match done {
            Ok(purged) if scope == Scope::Texts && purged.texts == 0 => {}
            Ok(purged) => outcome.purged.push(purged),
            Err(error) => {
                let why = stored::unreadable(shared, &error).causes().join(": ");
                outcome.failed.push((run.clone(), why));
            }
        }
    }
    if !is_dry {
        // An earlier purge may have found the log in use.
        let freed = if outcome.purged.is_empty() { store.cut_log() } else { store.overwrite_freed() };
        outcome.held = freed.err().map(|error| stored::unreadable(shared, &error).causes().join(": "));
    }
    outcome
}

fn document(asked: &Purge, outcome: &Outcome) -> serde_json::Value {
    let purged = |purged: &Purged| json!({ "run": purged.run, "files": purged.files, "bytes": purged.bytes, "texts": purged.texts });
    let failed = |(run, why): &(String, String)| json!({ "run": run, "why": why });
    json!({
        "what": if asked.texts { "texts" } else { "runs" },
        "dry_run": asked.dry_run,
        "purged": outcome.purged.iter().map(purged).collect::<Vec<_>>(),
        "failed": outcome.failed.iter().map(failed).collect::<Vec<_>>(),
        "held": outcome.held,
    })
}

fn words(asked: &Purge, outcome: &Outcome) -> String {
    let mut text = String::new();
    let verb = if asked.dry_run { "would be removed" } else { "removed" };
    for Purged { run, files, bytes, texts } in &outcome.purged {
        // Writing to a text cannot fail.
        let _ = if asked.texts {
            writeln!(text, "{run}: {texts} texts of answers {verb}")
        } else {
            writeln!(text, "{run}: {files} files of {} KiB {verb}", bytes.div_ceil(1024))
        };
    }
    for (run, why) in &outcome.failed {
        let _ = writeln!(text, "{run}: not removed: {why}");
    }
    if text.is_empty() {
        text.push_str("nothing to remove\n");
    }
    if let Some(why) = &outcome.held {
        let _ = writeln!(
            text,
            "the database's files may still hold what was removed: {why}; the next purge goes on"
        );
    } else if !asked.dry_run && !outcome.purged.is_empty() {
        text.push_str("the database was written anew: nothing of it is left in its file\n");
    }
    text
}
