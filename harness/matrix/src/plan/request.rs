//! Which profile and which devices are wanted.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use edgesoak_record::nearest::suggest;

use crate::effective::fill;
use crate::language;
use crate::matrix::{Matrix, Pair, Request};
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

/// What of a device's combinations is wanted, and how often.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub pair: Option<Pair<'a>>,
    pub runs: u32,
    /// Runs beside what the profile names.
    pub canary: Option<&'a str>,
    /// Devices without rest and burst after their soaks.
    pub without_probe: &'a BTreeSet<String>,
    /// Sessions are given secrets that are searched for afterwards.
    pub canaries: bool,
    /// The tier blocks on a comparison with other runs, and does not accept to be without it.
    pub owes_regression: bool,
}

impl Wanted<'_> {
    pub fn has(&self, candidate: &str) -> bool {
        self.pair.is_none_or(|pair| [pair.candidate, pair.baseline].contains(&candidate))
    }
}

/// How often each session is repeated. Two candidates that are held against each other need the runs of the first look.
pub(super) fn runs(request: &Request<'_>, profile: &Table, looks: &[u32]) -> u32 {
    let profiles = profile.integer("runs").unwrap_or(1);
    let first = request.pair.and_then(|_| looks.first()).map_or(1, |first| *first);
    request.runs.map_or(profiles.max(first), NonZeroU32::get)
}

/// The fewest of these repetitions that say anything: one, or the first look of a comparison.
pub(super) fn fewest_runs(request: &Request<'_>, runs: u32, looks: &[u32]) -> u32 {
    request.pair.and_then(|_| looks.first()).map_or(1, |first| runs.min(*first))
}

/// Whether two candidates can be held against each other, where any are named.
pub(super) fn is_pair(matrix: &Matrix, pair: Option<Pair<'_>>, reports: &mut Vec<Report>) -> bool {
    let Some(Pair { candidate, baseline }) = pair else { return true };
    let before = reports.len();
    let ids: Vec<&str> = matrix.root.children("candidate").map(|(id, _)| id).collect();
    for id in [candidate, baseline].into_iter().filter(|id| !ids.contains(id)) {
        let complaint = format!("there is no candidate {}", quote(id));
        let help = suggest(id, ids.iter().copied());
        reports.push(Report::nowhere(Problem::NoPair { complaint }).help(help));
    }
    if candidate == baseline {
        let complaint = format!("{} cannot be held against itself by name", quote(candidate));
        let help = "give the same artifact a second entry under another id: that is what an A/A run needs";
        reports.push(Report::nowhere(Problem::NoPair { complaint }).help(help.to_owned()));
    }
    reports.len() == before
}

/// A chosen device, and whether it was named in full.
#[derive(Clone, Copy)]
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
