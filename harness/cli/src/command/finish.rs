//! What follows a run: everything stored, judged, shown.

use std::path::{Path, PathBuf};

use edgesoak_record::{Run, RunVerdict};
use edgesoak_store::Store;
use serde_json::json;

use crate::args::{Format, Outputs, Shared};
use crate::command::report::Told;
use crate::command::{leaks, print_json, report};
use crate::failure::Failure;
use crate::sentences;
use crate::stored::{self, JudgedRun};
use crate::terminal::{printable, say, tell};

/// Stores what is not stored yet, judges, writes the report and says how it went.
pub fn finish(
    shared: &Shared,
    outputs: &Outputs,
    id: &str,
    dir: &Path,
    sink_failures: &[String],
) -> Result<JudgedRun, Failure> {
    for failure in sink_failures {
        tell(&printable(&format!("warning: {failure}")));
    }
    let Concluded { judged, page } = conclude(shared, id, dir)?;
    let JudgedRun { run, verdict, .. } = &judged;
    let store = stored::open_for_reading(shared)?;
    shown(shared, outputs, (&store, run, verdict), dir, &page)?;
    Ok(judged)
}

/// Writes what is asked for beside the page, prints the verdict and its last line.
pub fn shown(
    shared: &Shared,
    outputs: &Outputs,
    (store, run, verdict): (&Store, &Run, &RunVerdict),
    dir: &Path,
    page: &Path,
) -> Result<(), Failure> {
    report::written(shared, &outputs.reports, Told::run(store, run, verdict), dir)?;
    match shared.format() {
        _ if outputs.is_part || report::is_on_stdout(&outputs.reports) => {}
        Format::Json => print_json(&document(shared, dir, run, verdict, page))?,
        Format::Human => {
            say(&format!("{}Report: {}\n", sentences::verdict(verdict), page.display()))?;
        }
    }
    tell(&sentences::last_line(verdict));
    Ok(())
}

/// A run that was judged, and where its page is.
pub struct Concluded {
    /// The run with its verdict.
    pub judged: JudgedRun,
    /// Its report.
    pub page: PathBuf,
}

/// Stores what is not stored yet, searches it for planted secrets, judges, keeps the verdict and writes the report.
pub fn conclude(shared: &Shared, id: &str, dir: &Path) -> Result<Concluded, Failure> {
    leaks::search(shared, id, dir)?;
    let mut store = stored::open_for_writing(shared)?;
    store.ingest_run(dir).map_err(|error| stored::unreadable(shared, &error))?;
    let judged = stored::judge(&store, id).map_err(|error| stored::unreadable(shared, &error))?;
    // The verdict goes the way of everything else: beside the journals first, from there into the database.
    edgesoak_controller::record_verdict(dir, &judged.verdict).map_err(|error| {
        Failure::infrastructure("cannot keep the verdict beside the journals").because(&error)
    })?;
    store.ingest_run(dir).map_err(|error| stored::unreadable(shared, &error))?;
    let page = report::write_page(shared, &store, &judged.run, &judged.verdict, &dir.join("report.html"))?;
    Ok(Concluded { judged, page })
}

/// A judged run for programs.
fn document(shared: &Shared, dir: &Path, run: &Run, verdict: &RunVerdict, page: &Path) -> serde_json::Value {
    let journals: Vec<String> = run
        .sessions
        .iter()
        .map(|session| dir.join(&session.planned.session).join("device.journal"))
        .filter(|path| path.exists())
        .map(|path| path.display().to_string())
        .collect();
    json!({
        "run": verdict.run,
        "verdict": verdict.verdict,
        "exit": verdict.exit,
        "reason": verdict.reason,
        "report": page.display().to_string(),
        "db": shared.database().display().to_string(),
        "journals": journals,
        "not_run": verdict.not_run,
        "reused": verdict.reused,
        "sessions": verdict.sessions,
    })
}
