//! `edgesoak store`: what is stored is checked, made again, searched and removed.

mod purge;
mod sweep;

use std::fmt::Write as _;

use serde_json::json;

use crate::args::{Format, Shared, StoreAction};
use crate::command::print_json;
use crate::failure::{Failure, INFRASTRUCTURE};
use crate::stored;
use crate::terminal::{printable, say};

/// Does one of these.
pub fn look_after(shared: &Shared, action: &StoreAction) -> Result<u8, Failure> {
    match action {
        StoreAction::Check => check(shared),
        StoreAction::Rebuild => rebuild(shared),
        StoreAction::Purge(purge) => purge::purge(shared, purge),
        StoreAction::Sweep { run, files } => sweep::sweep(shared, &run.name, files),
    }
}

fn check(shared: &Shared) -> Result<u8, Failure> {
    let store = stored::open_for_reading(shared)?;
    let problems =
        store.check(Some(&shared.out.join("runs"))).map_err(|error| stored::unreadable(shared, &error))?;
    let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
    match shared.format() {
        Format::Json => print_json(&json!({ "problems": sentences }))?,
        Format::Human if sentences.is_empty() => {
            say(&format!("{}: no problem found\n", shared.database().display()))?;
        }
        Format::Human => {
            let hint = "hint: `edgesoak store rebuild` makes the database again from the raw journals";
            say(&printable(&format!("{}\n{hint}\n", sentences.join("\n"))))?;
        }
    }
    Ok(if sentences.is_empty() { 0 } else { INFRASTRUCTURE })
}

fn rebuild(shared: &Shared) -> Result<u8, Failure> {
    let runs_dir = shared.out.join("runs");
    let rebuilt = edgesoak_store::rebuild(&runs_dir, &shared.database())
        .map_err(|error| stored::unreadable(shared, &error))?;
    let problems: Vec<String> = rebuilt.problems.iter().map(ToString::to_string).collect();
    match shared.format() {
        Format::Json => print_json(&json!({
            "db": shared.database().display().to_string(),
            "runs": rebuilt.runs,
            "problems": problems,
        }))?,
        Format::Human => {
            let count = rebuilt.runs.len();
            let plural = if count == 1 { "" } else { "s" };
            let database = shared.database();
            let mut text =
                format!("{}: made again from the journals of {count} run{plural}\n", database.display());
            for problem in &problems {
                let _ = writeln!(text, "not taken over: {problem}");
            }
            say(&printable(&text))?;
        }
    }
    Ok(if problems.is_empty() { 0 } else { INFRASTRUCTURE })
}
