//! `edgesoak gate` and `edgesoak compare`: stored runs against stored runs and baselines, without any device.

mod protected;
mod side;
mod words;

use std::collections::BTreeSet;

use edgesoak_gates::regression::{Rules, Side, compare, gathered};
use edgesoak_record::SessionTrial;
use edgesoak_record::comparison::{Comparison, Reference};

use crate::args::{Format, GateSides, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::terminal::{say, tell};

pub use side::{Named, Sides, unreadable};

/// Holds a candidate against its references; the exit code is the verdict's.
pub fn gate(shared: &Shared, sides: &GateSides) -> Result<u8, Failure> {
    tell_verdict(shared, &compared(shared, sides)?, &[])
}

/// Shows a comparison, the runs that were made for it, and its last line; its exit code.
pub fn tell_verdict(shared: &Shared, comparison: &Comparison, runs: &[String]) -> Result<u8, Failure> {
    shown(shared, comparison, runs)?;
    tell(&words::last_line(comparison));
    Ok(comparison.exit)
}

/// The same of two sides, for a person: it always ends with 0.
pub fn show(shared: &Shared, candidate: &str, baseline: &str) -> Result<u8, Failure> {
    let (candidate, baseline) = (vec![candidate.to_owned()], vec![baseline.to_owned()]);
    let comparison = compared(shared, &GateSides { candidate, baseline, pinned: Vec::new(), policy: None })?;
    shown(shared, &comparison, &[])?;
    Ok(0)
}

/// The comparison, by the policy that the candidate's last run was judged by.
pub fn compared(shared: &Shared, sides: &GateSides) -> Result<Comparison, Failure> {
    let mut read = Sides::of(shared);
    let Named { side: candidate, policy, opened, .. } = read.named(&sides.candidate)?;
    let mut references = vec![(Reference::Previous, read.named(&sides.baseline)?.side)];
    if !sides.pinned.is_empty() {
        references.push((Reference::Pinned, read.named(&sides.pinned)?.side));
    }
    for (reference, side) in &references {
        only_on_one_side(&candidate, side, *reference)?;
    }
    let policy = match &sides.policy {
        Some(reference) => protected::policy(&shared.matrix, reference, &policy.tier)?,
        None => policy,
    };
    let rules = Rules::of(&policy, !sides.pinned.is_empty()).opened(opened);
    Ok(compare(&gathered(rules, &candidate, &references)))
}

/// What is held against itself has lost nothing, and that shows nothing.
fn only_on_one_side(candidate: &Side, side: &Side, reference: Reference) -> Result<(), Failure> {
    let key = |trial: &SessionTrial| (trial.run.clone(), trial.session.clone());
    let ours: BTreeSet<(String, String)> = candidate.trials.iter().map(key).collect();
    match side.trials.iter().map(key).find(|session| ours.contains(session)) {
        None => Ok(()),
        Some((run, session)) => Err(Failure::config(format!(
            "session {session} of run {run} is both the candidate's and that of {}",
            reference.title()
        ))
        .hint("name other runs on one of the sides; `latest` may be the run that was promoted")
        .reason("same_runs")),
    }
}

fn shown(shared: &Shared, comparison: &Comparison, runs: &[String]) -> Result<(), Failure> {
    match shared.format {
        Format::Json if runs.is_empty() => print_json(comparison),
        Format::Json => print_json(&Made { runs, comparison }),
        Format::Human => say(&words::told(comparison)),
    }
}

/// A comparison with the runs that were made for it.
#[derive(serde::Serialize)]
struct Made<'a> {
    runs: &'a [String],
    #[serde(flatten)]
    comparison: &'a Comparison,
}
