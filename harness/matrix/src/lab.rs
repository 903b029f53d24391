//! `lab.toml`: named commands of a lab host.

use std::path::Path;

use crate::check::Names;
use crate::gather::parse;
use crate::language;
use crate::references;
use crate::report::Report;
use crate::rules;
use crate::source::{Source, Sources};
use crate::support;

/// Checks the lab's file, and that it defines every name the matrix uses.
pub(crate) fn check(path: &Path, matrix: &Names, sources: &mut Sources, reports: &mut Vec<Report>) {
    let shown = path.to_string_lossy().into_owned();
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let source = match Source::read(path, shown.clone(), name) {
        Ok(source) => source,
        Err(problem) => {
            reports.push(Report::nowhere(problem));
            return;
        }
    };
    let text = source.text.clone();
    let index = sources.add(source);
    let mut names = Names::default();
    let section = language::lab::section();
    let Some(lab) = parse(&text, &shown, index, &section, &mut names, reports) else { return };
    rules::lab(&lab, reports);
    references::check_lab(matrix, &names, reports);
    reports.extend(support::lab(&lab));
}
