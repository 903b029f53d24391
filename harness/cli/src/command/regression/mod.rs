//! `edgesoak gate` and `edgesoak compare`: stored runs against stored runs and baselines, without any device.

mod side;
mod words;

use std::collections::BTreeSet;

use edgesoak_gates::regression::{Rules, Side, compare, gathered};
use edgesoak_record::comparison::{Comparison, Reference};
use edgesoak_record::{NotRun, SessionTrial};
use edgesoak_reports::{Beside, Part};

use crate::args::{Format, GateSides, Outputs, Shared};
use crate::command::named_policy::NamedPolicy;
use crate::command::report::Told;
use crate::command::{print_json, report};
use crate::failure::Failure;
use crate::stored::JudgedRun;
use crate::terminal::{say, tell};

pub use side::{Named, Sides, unreadable};

/// Holds a candidate against its references; the exit code is the verdict's.
pub fn gate(shared: &Shared, sides: &GateSides, outputs: &Outputs) -> Result<u8, Failure> {
    report::begin(outputs)?;
    let mut read = Sides::of(shared);
    let comparison = compared(shared, &mut read, sides)?;
    conclude(shared, &comparison, None, &read, outputs)
}

/// Writes and shows a comparison, what was run for it and what was not, and its last line; its exit code.
pub fn conclude(
    shared: &Shared,
    comparison: &Comparison,
    made: Option<&Made>,
    read: &Sides<'_>,
    outputs: &Outputs,
) -> Result<u8, Failure> {
    let runs = made.map_or(&[][..], |made| &made.runs);
    let parts = runs.iter().filter_map(|run| read.judged(run));
    let beside = Beside {
        parts: parts.map(|JudgedRun { run, verdict, .. }| Part { run, verdict }).collect(),
        not_run: made.map_or(&[][..], |made| &made.not_run),
    };
    let folder = shared.out.join("comparison");
    report::written(shared, &outputs.reports, Told::Comparison(comparison, &beside), &folder)?;
    if !report::is_on_stdout(&outputs.reports) {
        shown(shared, comparison, made)?;
    }
    tell(&words::last_line(comparison));
    Ok(comparison.exit)
}

/// The same of two sides, for a person: it always ends with 0.
pub fn show(shared: &Shared, candidate: &str, baseline: &str) -> Result<u8, Failure> {
    shown(shared, &of_two(shared, candidate, baseline)?, None)?;
    Ok(0)
}

/// A comparison of two sides, each named in a word.
pub fn of_two(shared: &Shared, candidate: &str, baseline: &str) -> Result<Comparison, Failure> {
    let (candidate, baseline) = (vec![candidate.to_owned()], vec![baseline.to_owned()]);
    let sides = GateSides { candidate, baseline, ..GateSides::default() };
    compared(shared, &mut Sides::of(shared), &sides)
}

/// The comparison, by the policy that the candidate's last run was judged by, or by the one that is named instead.
pub fn compared(shared: &Shared, read: &mut Sides<'_>, sides: &GateSides) -> Result<Comparison, Failure> {
    let Named { side: candidate, policy, opened, .. } = read.named(&sides.candidate)?;
    let mut references = vec![(Reference::Previous, read.named(&sides.baseline)?.side)];
    if !sides.pinned.is_empty() {
        references.push((Reference::Pinned, read.named(&sides.pinned)?.side));
    }
    for (reference, side) in &references {
        only_on_one_side(&candidate, side, *reference)?;
    }
    let (policy, source) = match NamedPolicy::read(shared, &sides.by, &policy.tier)? {
        Some(NamedPolicy { policy, source, .. }) => (policy, Some(source)),
        None => (policy, None),
    };
    let rules = Rules::of(&policy, !sides.pinned.is_empty()).opened(opened).read_from(source);
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

fn shown(shared: &Shared, comparison: &Comparison, made: Option<&Made>) -> Result<(), Failure> {
    let not_run = made.map_or(&[][..], |made| &made.not_run);
    match shared.format() {
        Format::Json => print_json(&Document { made, comparison }),
        Format::Human => say(&words::told(comparison, not_run)),
    }
}

/// What was made for a comparison.
#[derive(Debug, Default, serde::Serialize)]
pub struct Made {
    /// Runs, oldest first.
    pub runs: Vec<String>,
    /// What was wanted and not run.
    pub not_run: Vec<NotRun>,
}

#[derive(serde::Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    made: Option<&'a Made>,
    #[serde(flatten)]
    comparison: &'a Comparison,
}
