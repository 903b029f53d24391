//! Which profile and which devices are wanted.

use crate::effective::fill;
use crate::language;
use crate::matrix::Matrix;
use crate::nearest::suggest;
use crate::node::Table;
use crate::problem::{Problem, quote};
use crate::references::matches;
use crate::report::Report;

/// Taken when none is named.
const USUAL: &str = "quick";

/// The wanted profile with everything that it extends and all defaults.
pub(super) fn profile(
    matrix: &Matrix,
    wanted: Option<&str>,
    reports: &mut Vec<Report>,
) -> Option<(String, Table)> {
    let ids: Vec<&str> = matrix.profiles().iter().map(|profile| profile.id.as_str()).collect();
    let id = match (wanted, ids.as_slice()) {
        (Some(wanted), _) => wanted,
        (None, ids) if ids.contains(&USUAL) => USUAL,
        (None, [only]) => only,
        (None, _) => {
            let complaint = match ids.len() {
                0 => "the matrix defines no profile".to_owned(),
                _ => format!("which profile? There is none called `{USUAL}`"),
            };
            let help = match ids.len() {
                0 => "a profile says what a run does: `[profile.quick]` with a `tier`".to_owned(),
                _ => suggest("", ids),
            };
            reports.push(Report::nowhere(Problem::NoProfile { complaint }).help(help));
            return None;
        }
    };
    let Some(profile) = matrix.extended_profile(id) else {
        let complaint = format!("there is no profile {}", quote(id));
        reports.push(Report::nowhere(Problem::NoProfile { complaint }).help(suggest(id, ids)));
        return None;
    };
    Some((id.to_owned(), fill(&language::profile::section(), &profile)))
}

/// A chosen device, and whether it was named in full.
pub(super) struct Chosen<'a> {
    pub device: &'a Table,
    pub by_name: bool,
}

/// The chosen devices in the order of the files.
pub(super) fn devices<'a>(
    devices: &'a [Table],
    profile: &Table,
    wanted: &[String],
    reports: &mut Vec<Report>,
) -> Vec<Chosen<'a>> {
    let id = |device: &'a Table| device.text("id").unwrap_or_default();
    for glob in wanted {
        if !devices.iter().any(|device| matches(glob, id(device))) {
            let shown = quote(glob).trim_matches('`').to_owned();
            let help = suggest(glob, devices.iter().map(id));
            reports.push(Report::nowhere(Problem::NoSuchDevice { glob: shown }).help(help));
        }
    }
    let own = profile.texts("devices");
    let globs = if wanted.is_empty() { &own } else { wanted };
    let chosen = devices.iter().filter(|device| globs.iter().any(|glob| matches(glob, id(device))));
    chosen.map(|device| Chosen { device, by_name: globs.iter().any(|glob| glob == id(device)) }).collect()
}
