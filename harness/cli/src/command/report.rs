//! `edgesoak report`: a stored run as one file, for people or for machines that build.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use edgesoak_record::{Run, RunVerdict, SessionRecord};
use edgesoak_store::Store;
use serde_json::json;

use crate::args::{Format, ReportKind, Shared};
use crate::command::{junit, print_json};
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};
use crate::terminal::say;

/// Writes the report of a stored run and says where it is.
pub fn write(shared: &Shared, name: &str, kind: ReportKind, output: Option<&Path>) -> Result<u8, Failure> {
    let (store, JudgedRun { run, verdict }) = stored::load(shared, name)?;
    let file = match kind {
        ReportKind::Html => "report.html",
        ReportKind::Junit => "junit.xml",
    };
    let default = shared.out.join("runs").join(&run.id).join(file);
    let path = output.unwrap_or(&default);
    match kind {
        ReportKind::Html => drop(write_page(shared, &store, &run, &verdict, path)?),
        ReportKind::Junit => junit::write(&run, &verdict, path)?,
    }
    match shared.format {
        Format::Json => print_json(&json!({ "run": run.id, "report": path.display().to_string() }))?,
        Format::Human => say(&format!("Report: {}\n", path.display()))?,
    }
    Ok(0)
}

/// Renders and writes the page, whole or not at all.
pub fn write_page(
    shared: &Shared,
    store: &Store,
    run: &Run,
    verdict: &RunVerdict,
    path: &Path,
) -> Result<PathBuf, Failure> {
    let whole = |record: &SessionRecord| store.load_session(&run.id, &record.planned).map(Cow::Owned);
    let html = edgesoak_reports::html_in_parts(run, verdict, whole)
        .map_err(|error| stored::unreadable(shared, &error))?;
    write_whole(path, &html).map_err(|error| {
        Failure::infrastructure(format!("cannot write the report to {}", path.display()))
            .because(&error)
            .hint("free some space or choose another place with --output, then run `edgesoak report` again")
    })?;
    Ok(path.to_owned())
}

/// Writes a file whole or not at all.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".part");
    let written = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => fs::create_dir_all(dir),
        _ => Ok(()),
    }
    .and_then(|()| fs::write(&temporary, text))
    .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Whatever was written of it is of no use to anybody.
        let _ = fs::remove_file(&temporary);
    }
    written
}
