//! Reports as files: whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use edgesoak_record::{Run, RunVerdict};
use edgesoak_store::Store;

use crate::args::{ReportKind, Shared};
use crate::failure::Failure;

use super::Told;

/// The name of such a report, where nobody gives it another one.
pub fn name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Html => "report.html",
        ReportKind::Md => "summary.md",
        ReportKind::Json => "report.json",
        ReportKind::Junit => "junit.xml",
        ReportKind::Openmetrics => "metrics.txt",
        ReportKind::Annotations => "annotations.txt",
        ReportKind::Bencher => "bencher.json",
        ReportKind::Bigger => "bigger_is_better.json",
        ReportKind::Smaller => "smaller_is_better.json",
    }
}

/// Writes a report to its place.
pub fn put(path: &Path, text: &str) -> Result<(), Failure> {
    write_whole(path, text).map_err(|error| {
        Failure::infrastructure(format!("cannot write the report to {}", path.display()))
            .because(&error)
            .hint(
                "free some space or choose another place; `edgesoak report` writes it again from stored data",
            )
    })
}

/// Renders and writes the page of a run.
pub fn write_page(
    shared: &Shared,
    store: &Store,
    run: &Run,
    verdict: &RunVerdict,
    path: &Path,
) -> Result<PathBuf, Failure> {
    put(path, &Told::run(store, run, verdict).rendered(shared, ReportKind::Html)?)?;
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
