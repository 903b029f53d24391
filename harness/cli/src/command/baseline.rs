//! `edgesoak baseline`: releases that others are held against.

use std::fmt::Write as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use edgesoak_record::baseline::Baseline;
use edgesoak_record::trial::Shown;
use edgesoak_record::units::Nanos;
use edgesoak_store::{Baselines, Promoted};
use serde_json::json;

use crate::args::{BaselineAction, Format, Shared};
use crate::command::print_json;
use crate::command::regression::{Named, Sides, unreadable};
use crate::command::report::write_whole;
use crate::failure::Failure;
use crate::terminal::{printable, say};

/// Promotes, lists, exports or imports.
pub fn look_after(shared: &Shared, action: &BaselineAction) -> Result<u8, Failure> {
    let book = Baselines::of(&shared.out);
    match action {
        BaselineAction::Promote { name, runs, reason } => promote(shared, &book, name, runs, reason),
        BaselineAction::List => list(shared, &book),
        BaselineAction::Export { name, output } => export(shared, &book, name, output),
        BaselineAction::Import { file } => import(shared, &book, file),
    }
}

fn promote(
    shared: &Shared,
    book: &Baselines,
    name: &str,
    runs: &[String],
    reason: &str,
) -> Result<u8, Failure> {
    let Named { side, policy, runs, .. } = Sides::of(shared).named(runs)?;
    let rates = side.trials.iter().filter(|trial| matches!(trial.trial.shown, Shown::Rate { .. })).count();
    if rates == 0 {
        return Err(Failure::config("none of these sessions has a sustained rate that is evidence")
            .hint("`edgesoak judge RUN` says why; a soak of ten minutes, or one that settles, has one")
            .reason("no_evidence"));
    }
    let promoted =
        Nanos(u64::try_from(Utc::now().timestamp_nanos_opt().unwrap_or_default()).unwrap_or_default());
    let (name, reason) = (name.to_owned(), reason.to_owned());
    let baseline = Baseline { name, promoted, reason, policy, runs, trials: side.trials };
    let sha256 = book.promote(&baseline).map_err(|error| unreadable(&error))?;
    match shared.format() {
        Format::Json => print_json(&json!({ "name": baseline.name, "sha256": sha256, "rates": rates }))?,
        Format::Human => say(&printable(&format!(
            "{}: {rates} of {} sessions have a rate; SHA-256 {sha256}\n",
            baseline.name,
            baseline.trials.len()
        )))?,
    }
    Ok(0)
}

fn list(shared: &Shared, book: &Baselines) -> Result<u8, Failure> {
    let all = book.all().map_err(|error| unreadable(&error))?;
    match shared.format() {
        Format::Json => {
            let entry = |Promoted { baseline, sha256, .. }: &Promoted| {
                json!({ "name": baseline.name, "promoted": stamp(baseline.promoted), "reason": baseline.reason,
                    "runs": baseline.runs, "sessions": baseline.trials.len(), "sha256": sha256 })
            };
            print_json(&all.iter().map(entry).collect::<Vec<_>>())?;
        }
        Format::Human if all.is_empty() => {
            say("Nothing was promoted yet: `edgesoak baseline promote NAME RUN --reason TEXT`.\n")?;
        }
        Format::Human => {
            let mut text = String::new();
            for Promoted { baseline, sha256, .. } in &all {
                let Baseline { name, promoted, reason, runs, trials, .. } = baseline;
                let _ = writeln!(
                    text,
                    "{name:<24} {}  {} sessions of {}  {}  {reason}",
                    stamp(*promoted),
                    trials.len(),
                    runs.join(", "),
                    &sha256[..12]
                );
            }
            say(&printable(&text))?;
        }
    }
    Ok(0)
}

fn export(shared: &Shared, book: &Baselines, name: &str, output: &Path) -> Result<u8, Failure> {
    let text = book.export(name).map_err(|error| unreadable(&error))?;
    if output == Path::new("-") {
        say(&text)?;
        return Ok(0);
    }
    write_whole(output, &text).map_err(|error| {
        Failure::infrastructure(format!("cannot write {}", output.display()))
            .because(&error)
            .hint("choose another place")
    })?;
    match shared.format() {
        Format::Json => print_json(&json!({ "name": name, "file": output.display().to_string() }))?,
        Format::Human => say(&printable(&format!("{name}: {}\n", output.display())))?,
    }
    Ok(0)
}

fn import(shared: &Shared, book: &Baselines, file: &Path) -> Result<u8, Failure> {
    std::fs::create_dir_all(&shared.out).map_err(|error| {
        Failure::infrastructure(format!("cannot make {}", shared.out.display())).because(&error)
    })?;
    let name = book.import(file).map_err(|error| unreadable(&error))?;
    match shared.format() {
        Format::Json => print_json(&json!({ "name": name }))?,
        Format::Human => say(&printable(&format!("{name}: imported\n")))?,
    }
    Ok(0)
}

fn stamp(at: Nanos) -> String {
    let seconds = i64::try_from(at.0 / 1_000_000_000).unwrap_or_default();
    DateTime::<Utc>::from_timestamp(seconds, 0)
        .map_or_else(|| "?".to_owned(), |at| at.format("%Y-%m-%d %H:%M UTC").to_string())
}
