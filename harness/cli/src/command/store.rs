//! `edgesoak store check` and `edgesoak store rebuild`.

use serde_json::json;

use crate::args::{Format, Shared, StoreAction};
use crate::command::print_json;
use crate::failure::{Failure, INFRASTRUCTURE};
use crate::stored;

/// Checks or rebuilds the database.
pub fn look_after(shared: &Shared, action: StoreAction) -> Result<u8, Failure> {
    match action {
        StoreAction::Check => check(shared),
        StoreAction::Rebuild => rebuild(shared),
    }
}

fn check(shared: &Shared) -> Result<u8, Failure> {
    let store = stored::open_for_reading(shared)?;
    let problems =
        store.check(Some(&shared.out.join("runs"))).map_err(|error| stored::unreadable(shared, &error))?;
    let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
    match shared.format {
        Format::Json => print_json(&json!({ "problems": sentences }))?,
        Format::Human if sentences.is_empty() => {
            println!("{}: no problem found", shared.database().display());
        }
        Format::Human => {
            for sentence in &sentences {
                println!("{sentence}");
            }
            println!("hint: `edgesoak store rebuild` makes the database again from the raw journals");
        }
    }
    Ok(if sentences.is_empty() { 0 } else { INFRASTRUCTURE })
}

fn rebuild(shared: &Shared) -> Result<u8, Failure> {
    let runs_dir = shared.out.join("runs");
    let rebuilt = edgesoak_store::rebuild(&runs_dir, &shared.database())
        .map_err(|error| stored::unreadable(shared, &error))?;
    let problems: Vec<String> = rebuilt.problems.iter().map(ToString::to_string).collect();
    match shared.format {
        Format::Json => print_json(&json!({
            "db": shared.database().display().to_string(),
            "runs": rebuilt.runs,
            "problems": problems,
        }))?,
        Format::Human => {
            let count = rebuilt.runs.len();
            let plural = if count == 1 { "" } else { "s" };
            println!("{}: made again from the journals of {count} run{plural}", shared.database().display());
            for problem in &problems {
                println!("not taken over: {problem}");
            }
        }
    }
    Ok(if problems.is_empty() { 0 } else { INFRASTRUCTURE })
}
