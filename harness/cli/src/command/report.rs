//! `edgesoak report`: a stored run as one file, for people or for machines that build.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use edgesoak_record::{Run, RunVerdict, SessionRecord};
use edgesoak_reports::Side;
use edgesoak_store::Store;
use serde_json::json;

use crate::args::{Format, ReportKind, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};
use crate::terminal::say;

/// Writes the report of a stored run and says where it is; on stdout it is all that is said.
pub fn write(shared: &Shared, name: &str, kind: ReportKind, output: Option<&Path>) -> Result<u8, Failure> {
    let (store, JudgedRun { run, verdict, .. }) = stored::load(shared, name)?;
    let text = rendered(shared, &store, &run, &verdict, kind)?;
    if output == Some(Path::new("-")) {
        say(&text)?;
        return Ok(0);
    }
    let default = shared.out.join("runs").join(&run.id).join(file_name(kind));
    let path = output.unwrap_or(&default);
    put(path, &text)?;
    match shared.format {
        Format::Json => print_json(&json!({ "run": run.id, "report": path.display().to_string() }))?,
        Format::Human => say(&format!("Report: {}\n", path.display()))?,
    }
    Ok(0)
}

fn file_name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Html => "report.html",
        ReportKind::Junit => "junit.xml",
        ReportKind::Markdown => "summary.md",
        ReportKind::Annotations => "annotations.txt",
        ReportKind::Openmetrics => "metrics.txt",
        ReportKind::Bencher => "bencher.json",
        ReportKind::Bigger => "bigger_is_better.json",
        ReportKind::Smaller => "smaller_is_better.json",
    }
}

fn rendered(
    shared: &Shared,
    store: &Store,
    run: &Run,
    verdict: &RunVerdict,
    kind: ReportKind,
) -> Result<String, Failure> {
    Ok(match kind {
        ReportKind::Html => page(shared, store, run, verdict)?,
        ReportKind::Junit => edgesoak_reports::junit(run, verdict),
        ReportKind::Markdown => edgesoak_reports::markdown(run, verdict),
        ReportKind::Annotations => edgesoak_reports::annotations(verdict),
        ReportKind::Openmetrics => edgesoak_reports::openmetrics(verdict),
        ReportKind::Bencher => edgesoak_reports::bencher(verdict),
        ReportKind::Bigger => edgesoak_reports::benchmark_entries(verdict, Side::BiggerIsBetter),
        ReportKind::Smaller => edgesoak_reports::benchmark_entries(verdict, Side::SmallerIsBetter),
    })
}

fn page(shared: &Shared, store: &Store, run: &Run, verdict: &RunVerdict) -> Result<String, Failure> {
    let whole = |record: &SessionRecord| store.load_session(&run.id, &record.planned).map(Cow::Owned);
    edgesoak_reports::html_in_parts(run, verdict, whole).map_err(|error| stored::unreadable(shared, &error))
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    write_whole(path, text).map_err(|error| {
        Failure::infrastructure(format!("cannot write the report to {}", path.display()))
            .because(&error)
            .hint("free some space or choose another place with --output, then run `edgesoak report` again")
    })
}

/// Renders and writes the page, whole or not at all.
pub fn write_page(
    shared: &Shared,
    store: &Store,
    run: &Run,
    verdict: &RunVerdict,
    path: &Path,
) -> Result<PathBuf, Failure> {
    put(path, &page(shared, store, run, verdict)?)?;
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
