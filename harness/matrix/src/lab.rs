//! `lab.toml`: named commands of a lab host.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use edgesoak_record::lab::{Hook, Lab, Meter, MeterFormat, MeterScope, MeterSource, Notify, Probe};
use edgesoak_record::units::Millis;

use crate::check::Names;
use crate::effective::fill;
use crate::gather::parse;
use crate::language;
use crate::node::Table;
use crate::plan::device::whole;
use crate::problem::Problem;
use crate::references;
use crate::report::{MatrixErrors, Report};
use crate::rules;
use crate::source::{Source, Sources};

/// Rate of a serial line whose file says none.
const USUAL_BAUD: u32 = 115_200;
/// Permissions that let others write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Reads a lab's file.
///
/// # Errors
/// Every problem of the file: unreadable, writable by others than its owner, not in the language.
pub fn load_lab(path: &Path) -> Result<Lab, MatrixErrors> {
    let (mut sources, mut reports) = (Sources::default(), Vec::new());
    let lab = read(path, &Names::default(), &mut sources, &mut reports);
    match lab {
        Some(lab) if reports.is_empty() => Ok(lab),
        _ => Err(MatrixErrors::new(path.to_string_lossy().into_owned(), reports, &sources)),
    }
}

/// Checks the lab's file, and that it defines every name the matrix uses.
pub(crate) fn check(path: &Path, matrix: &Names, sources: &mut Sources, reports: &mut Vec<Report>) {
    read(path, matrix, sources, reports);
}

fn read(path: &Path, matrix: &Names, sources: &mut Sources, reports: &mut Vec<Report>) -> Option<Lab> {
    let shown = path.to_string_lossy().into_owned();
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let source = match owned(path, &shown).and_then(|()| Source::read(path, shown.clone(), name)) {
        Ok(source) => source,
        Err(problem) => {
            let help = matches!(problem, Problem::OthersMayWrite { .. })
                .then(|| format!("chmod go-w {shown}, once you have read it"));
            reports.push(Report::nowhere(problem).maybe_help(help));
            return None;
        }
    };
    let text = source.text.clone();
    let index = sources.add(source);
    let mut names = Names::default();
    let section = language::lab::section();
    let lab = parse(&text, &shown, index, &section, &mut names, reports)?;
    rules::lab(&lab, reports);
    references::check_lab(matrix, &names, reports);
    Some(of(&lab))
}

/// Whether only the file's owner can change it.
fn owned(path: &Path, shown: &str) -> Result<(), Problem> {
    let facts = std::fs::metadata(path).map_err(|source| Problem::Read { path: shown.to_owned(), source })?;
    let mode = facts.permissions().mode() & 0o777;
    if mode & WRITABLE_BY_OTHERS == 0 {
        return Ok(());
    }
    Err(Problem::OthersMayWrite { path: shown.to_owned(), mode })
}

/// What the file says; entries with problems of their own are left out.
fn of(lab: &Table) -> Lab {
    let hooks = lab
        .children("hook")
        .map(|(id, table)| (id.to_owned(), Hook { off: table.texts("off"), on: table.texts("on") }));
    let probes =
        lab.children("probe").map(|(id, table)| (id.to_owned(), Probe { command: table.texts("command") }));
    let meters = lab
        .children("meter")
        .filter_map(|(id, table)| Some((id.to_owned(), meter(&fill(&language::lab::meter(), table))?)));
    let notify = lab.table("notify").and_then(|table| notify(&fill(&language::lab::notify(), table)));
    Lab { hooks: hooks.collect(), probes: probes.collect(), meters: meters.collect(), notify }
}

fn notify(table: &Table) -> Option<Notify> {
    Some(Notify { command: table.texts("command"), wait: Millis(whole(table.amount("wait")?)) })
}

fn meter(table: &Table) -> Option<Meter> {
    let source = match table.text("serial") {
        Some(path) => MeterSource::Serial {
            path: PathBuf::from(path),
            baud: table.integer("baud").unwrap_or(USUAL_BAUD),
        },
        None => MeterSource::Command(table.texts("command")),
    };
    let format = match table.text("format")? {
        "csv" => MeterFormat::Csv,
        _ => MeterFormat::Ndjson,
    };
    let scope = MeterScope::from_word(table.text("scope")?)?;
    Some(Meter {
        source,
        format,
        scope,
        gain_error: table.amount("gain_error").map(|percent| percent / 100.0),
    })
}
