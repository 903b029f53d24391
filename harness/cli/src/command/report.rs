//! `edgesoak report`, and what `run` and `gate` write beside a verdict: a file for people or for machines that build.

pub mod site;

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use edgesoak_record::comparison::Comparison;
use edgesoak_record::{Run, RunVerdict, SessionRecord};
use edgesoak_reports::{Beside, Side};
use edgesoak_store::Store;
use serde_json::json;

use crate::args::{Format, Kinds, ReportKind, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};
use crate::terminal::say;

/// What a report is made of.
#[derive(Clone, Copy)]
pub enum Told<'a> {
    /// A judged run, with the store that has its sessions whole.
    Run(&'a Store, &'a Run, &'a RunVerdict),
    /// A comparison with what stands beside it.
    Comparison(&'a Comparison, &'a Beside<'a>),
}

/// Writes reports of a stored run, a page where nothing else is asked for, and says where they are; on stdout a report is
/// all that is said.
pub fn write(shared: &Shared, name: &str, kinds: &Kinds) -> Result<u8, Failure> {
    let kinds = if kinds.kinds.is_empty() {
        &Kinds { kinds: vec![ReportKind::Html], ..kinds.clone() }
    } else {
        kinds
    };
    check(kinds)?;
    let (store, JudgedRun { run, verdict, .. }) = stored::load(shared, name)?;
    let folder = shared.out.join("runs").join(&run.id);
    let places = written(shared, kinds, Told::Run(&store, &run, &verdict), &folder)?;
    if is_on_stdout(kinds) {
        return Ok(0);
    }
    let places: Vec<String> = places.iter().map(|path| path.display().to_string()).collect();
    match shared.format {
        Format::Json => print_json(&json!({ "run": run.id, "report": places.first(), "reports": places }))?,
        Format::Human => say(&format!("Report: {}\n", places.join("\nReport: ")))?,
    }
    Ok(0)
}

/// Refuses a place without anything to be written there.
pub fn check(kinds: &Kinds) -> Result<(), Failure> {
    if kinds.places.len() <= kinds.kinds.len() {
        return Ok(());
    }
    Err(Failure::config("there are more `--output` than `--as`")
        .hint("each `--output` is the place of the `--as` with the same number")
        .reason("usage"))
}

/// Whether a report goes to stdout, so that nothing else may.
pub fn is_on_stdout(kinds: &Kinds) -> bool {
    kinds.places.iter().any(|place| place == Path::new("-"))
}

/// Writes every kind at its place, else into `folder`; the places of files.
pub fn written(
    shared: &Shared,
    kinds: &Kinds,
    told: Told<'_>,
    folder: &Path,
) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for (number, kind) in kinds.kinds.iter().enumerate() {
        let text = rendered(shared, told, *kind)?;
        let place = kinds.places.get(number).cloned().unwrap_or_else(|| folder.join(file_name(*kind)));
        if place == Path::new("-") {
            say(&text)?;
        } else {
            put(&place, &text)?;
            files.push(place);
        }
    }
    Ok(files)
}

/// The name of such a report, where nobody gives it another one.
pub fn file_name(kind: ReportKind) -> &'static str {
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

/// A report as text.
pub fn rendered(shared: &Shared, told: Told<'_>, kind: ReportKind) -> Result<String, Failure> {
    // What knows sessions and gates alone is the same for both.
    let judged = match told {
        Told::Run(_, _, verdict) => Cow::Borrowed(verdict),
        Told::Comparison(comparison, parts) => {
            Cow::Owned(edgesoak_reports::comparison_verdict(comparison, parts))
        }
    };
    Ok(match (kind, told) {
        (ReportKind::Html, Told::Run(store, run, verdict)) => page(shared, store, run, verdict)?,
        (ReportKind::Html, Told::Comparison(of, parts)) => edgesoak_reports::comparison_html(of, parts),
        (ReportKind::Junit, Told::Run(_, run, verdict)) => edgesoak_reports::junit(run, verdict),
        (ReportKind::Junit, Told::Comparison(of, parts)) => edgesoak_reports::comparison_junit(of, parts),
        (ReportKind::Markdown, Told::Run(_, run, verdict)) => edgesoak_reports::markdown(run, verdict),
        (ReportKind::Markdown, Told::Comparison(of, parts)) => {
            edgesoak_reports::comparison_markdown(of, parts)
        }
        (ReportKind::Annotations, _) => edgesoak_reports::annotations(&judged),
        (ReportKind::Openmetrics, _) => edgesoak_reports::openmetrics(&judged),
        (ReportKind::Bencher, _) => edgesoak_reports::bencher(&judged),
        (ReportKind::Bigger, _) => edgesoak_reports::benchmark_entries(&judged, Side::BiggerIsBetter),
        (ReportKind::Smaller, _) => edgesoak_reports::benchmark_entries(&judged, Side::SmallerIsBetter),
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
