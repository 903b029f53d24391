//! `edgesoak report`, and what `run` and `gate` write beside a verdict: files for people or for machines that build.

mod earlier;
mod file;
mod opener;
mod release;
mod sign;
pub mod site;
mod subject;
mod told;
mod verify;

use std::path::{Path, PathBuf};

use edgesoak_reports::Redaction;

use crate::args::{Outputs, Report, ReportKind, Shared, Subject, Wanted};
use crate::command::regression;
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};
use crate::terminal::say;

pub use file::{is_unfinished, name as file_name, write_page, write_whole};
pub use sign::sign;
pub use told::Told;
use told::not_redacted;
pub use verify::verify;

/// Writes reports from stored data, a page where nothing else is asked for, and says where they are; on stdout a report is
/// all that is said.
pub fn show(shared: &Shared, asked: &Report) -> Result<u8, Failure> {
    let wanted = asked.wanted()?;
    if asked.open {
        opener::check(&wanted)?;
    }
    let files = match asked.subject() {
        Subject::Run(name) => {
            let (store, JudgedRun { run, verdict, .. }) = stored::load(shared, name)?;
            let folder = shared.out.join("runs").join(&run.id);
            if asked.redact {
                let redaction = Redaction::of_run(&run, &verdict).map_err(not_redacted)?;
                let shown = redaction.run(&run).map_err(not_redacted)?;
                let judged = redaction.verdict(&verdict).map_err(not_redacted)?;
                let told = Told::redacted(&store, &run, &redaction, (&shown, &judged));
                written(shared, &wanted, told, &folder)?
            } else {
                written(shared, &wanted, Told::run(&store, &run, &verdict), &folder)?
            }
        }
        Subject::Release(name, pinned) => {
            let mut release = release::of_name(shared, name, pinned)?;
            if asked.redact {
                let redaction = Redaction::of_release(&release).map_err(not_redacted)?;
                release = redaction.release(&release).map_err(not_redacted)?;
            }
            written(shared, &wanted, Told::Release(&release), &release::folder(shared, name))?
        }
        Subject::Compare(one, other) => {
            let mut comparison = regression::of_two(shared, one, other)?;
            if asked.redact {
                let redaction = Redaction::of_comparison(&comparison).map_err(not_redacted)?;
                comparison = redaction.comparison(&comparison).map_err(not_redacted)?;
            }
            written(shared, &wanted, Told::alone(&comparison), &shared.out.join("comparison"))?
        }
        Subject::Site(dir) => return site::write(shared, dir),
    };
    if !is_on_stdout(&wanted) {
        let places: Vec<String> = files.iter().map(|(_, path)| path.display().to_string()).collect();
        say(&format!("Report: {}\n", places.join("\nReport: ")))?;
    }
    if asked.open {
        let page = files.iter().find(|(kind, _)| *kind == ReportKind::Html);
        page.map_or(Ok(()), |(_, page)| opener::open(page))?;
    }
    Ok(0)
}

/// Says in files of JUnit XML that there is no verdict yet. Nobody reads the results of an earlier run when this one comes to
/// nothing, and a place that cannot be written is known before minute 0.
pub fn begin(outputs: &Outputs) -> Result<(), Failure> {
    let of_junit = outputs.reports.iter().filter(|wanted| wanted.kind == ReportKind::Junit);
    for place in of_junit.filter_map(|wanted| wanted.place.as_deref()).filter(|place| !is_stdout(place)) {
        file::put(place, &edgesoak_reports::junit_unfinished())?;
    }
    Ok(())
}

/// Whether a report goes to stdout, so that nothing else may.
pub fn is_on_stdout(wanted: &[Wanted]) -> bool {
    wanted.iter().filter_map(|wanted| wanted.place.as_deref()).any(is_stdout)
}

/// Writes everything at its place, else into `folder`; the places of files.
pub fn written(
    shared: &Shared,
    wanted: &[Wanted],
    told: Told<'_>,
    folder: &Path,
) -> Result<Vec<(ReportKind, PathBuf)>, Failure> {
    let mut files = Vec::new();
    for Wanted { kind, place } in wanted {
        let text = told.rendered(shared, *kind)?;
        let place = place.clone().unwrap_or_else(|| {
            folder.join(if told.is_redacted() {
                file::redacted_name(*kind)
            } else {
                file::name(*kind).to_owned()
            })
        });
        if is_stdout(&place) {
            say(&text)?;
        } else {
            file::put(&place, &text)?;
            files.push((*kind, place));
        }
    }
    Ok(files)
}

fn is_stdout(place: &Path) -> bool {
    place == Path::new("-")
}
