//! `edgesoak run --ab`: two candidates in turns, and more turns on the devices where nothing is decided yet.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use edgesoak_record::comparison::{Comparison, DeviceComparison};
use edgesoak_record::not_run::{LeftOut, NotRun};
use edgesoak_record::{Gate, Outcome, Verdict};

use crate::args::{GateSides, Outputs, Selection, Shared, Sharing};
use crate::command::regression::{self, Made, Sides};
use crate::command::{plan, report, run};
use crate::failure::Failure;
use crate::sentences::span;
use crate::stored::JudgedRun;
use crate::terminal::tell;

/// Longer than any look takes: how long one would take is asked without a limit.
const UNLIMITED: Duration = Duration::from_hours(24 * 365);

/// Runs them, compares them at each look of the policy, and runs what a decision still needs; the exit code is that of the
/// comparison, or of a run that says nothing about either. A device on which the lab failed costs the others nothing.
pub fn run(
    shared: &Shared,
    selection: &Selection,
    sharing: &Sharing,
    outputs: &Outputs,
    (candidate, baseline): (&str, &str),
) -> Result<u8, Failure> {
    report::begin(outputs)?;
    let begun = Instant::now();
    let mut selection = selection.clone();
    let of_parts = Outputs { is_part: true, ..Outputs::default() };
    let (mut made, mut read, mut budget) = (Made::default(), Sides::of(shared), None);
    loop {
        let judged = run::begin(shared, &selection, (run::terms(sharing), &made.runs), &of_parts)?;
        let JudgedRun { run, verdict, .. } = &judged;
        let (exit, is_idle) = (verdict.exit, is_idle(verdict.verdict));
        let interrupted = run.interrupted.is_some();
        // The first run has all of it, a later one what is left.
        if made.runs.is_empty() {
            budget = run.plan.policy.budget_s.and_then(|budget| Duration::try_from_secs_f64(budget).ok());
        }
        made.runs.push(run.id.clone());
        made.not_run.extend(verdict.not_run.iter().cloned());
        read.know(judged);
        let comparison = regression::compared(shared, &mut read, &sides(&made, candidate, baseline))?;
        if is_idle && !has_figures(&comparison) {
            return Ok(exit);
        }
        // What a part says of its own bars decides nothing: what was interrupted is compared as far as it came.
        let Some((devices, more)) = undecided(&comparison).filter(|_| !interrupted) else {
            return regression::conclude(shared, &comparison, Some(&made), &read, outputs);
        };
        selection.devices = devices;
        selection.runs = Some(more);
        let (count, names) = (more.get(), selection.devices.join(", "));
        if let Some(allowed) = budget {
            let left = allowed.saturating_sub(begun.elapsed());
            if takes(shared, &selection)? > left {
                made.not_run.push(look(&selection.devices, count, allowed));
                return regression::conclude(shared, &comparison, Some(&made), &read, outputs);
            }
            selection.budget = Some(left);
        }
        tell(&format!("nothing is decided on {names} yet: {}", of_either_side(count)));
    }
}

/// Nothing came of the run for want of a lab that works.
fn is_idle(verdict: Verdict) -> bool {
    [Verdict::Infrastructure, Verdict::Nothing].contains(&verdict)
}

/// Whether any device that decides was compared at all; the others then speak for themselves, each with its reason.
fn has_figures(comparison: &Comparison) -> bool {
    let deciding = comparison.devices.iter().filter(|device| device.blocking);
    deciding
        .flat_map(|device| &device.changes)
        .any(|change| change.change.is_some() || change.outcome == Outcome::Fail)
}

fn sides(made: &Made, candidate: &str, baseline: &str) -> GateSides {
    let side = |name: &str| made.runs.iter().map(|run| format!("{run}:{name}")).collect();
    GateSides { candidate: side(candidate), baseline: side(baseline), ..GateSides::default() }
}

/// How long these runs would take.
fn takes(shared: &Shared, selection: &Selection) -> Result<Duration, Failure> {
    let plan = plan::make(shared, &Selection { budget: Some(UNLIMITED), ..selection.clone() })?;
    Ok(Duration::try_from_secs_f64(plan.expected_s).unwrap_or(UNLIMITED))
}

fn of_either_side(runs: u32) -> String {
    let noun = if runs == 1 { "run" } else { "runs" };
    format!("{runs} more {noun} of either side")
}

/// A look for which no time is left.
fn look(devices: &[String], runs: u32, allowed: Duration) -> NotRun {
    let sentence = format!(
        "The next look on {} needs {}, and there is no time left for that in {}.",
        devices.join(", "),
        of_either_side(runs),
        span(allowed.as_secs_f64())
    );
    NotRun {
        what: LeftOut::Repetitions,
        cause: "budget".to_owned(),
        devices: devices.to_vec(),
        families: Vec::new(),
        gates: vec![Gate::Regression],
        sentence,
    }
}

/// Devices of the matrix on which a further look may decide, and how many runs the nearest of these looks needs. Units that
/// `--replicas` made of one device are no devices of the matrix: it stands for them.
fn undecided(comparison: &Comparison) -> Option<(Vec<String>, NonZeroU32)> {
    let needs = |device: &DeviceComparison| {
        let open = device.changes.iter().filter(|change| change.outcome == Outcome::NotProven);
        open.map(|change| change.more_runs.candidate.max(change.more_runs.reference)).max().unwrap_or(0)
    };
    let more = comparison.devices.iter().map(needs).filter(|more| *more > 0).min()?;
    let devices = comparison.devices.iter().filter(|device| needs(device) > 0);
    let written = |unit: &str| unit.split_once('#').map_or(unit, |(device, _)| device).to_owned();
    let devices: BTreeSet<String> = devices.map(|device| written(&device.device)).collect();
    Some((devices.into_iter().collect(), NonZeroU32::new(more)?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn device(id: &str, outcome: &str, more: u32) -> Value {
        let change = json!({ "reference": "previous", "outcome": outcome, "sentence": "", "limit": -0.05,
            "candidate_runs": 3, "reference_runs": 3, "invalid_runs": 0, "suspect": false,
            "more_runs": { "candidate": more, "reference": more }, "notes": [] });
        json!({ "device": id, "family": "f", "route": "r", "virtual": true, "outcome": outcome, "sentence": "",
            "changes": [change] })
    }

    fn comparison(devices: &[Value]) -> Comparison {
        let whole = json!({ "verdict": "not_proven", "exit": 3, "reason": "", "sentence": "", "margin": 0.05,
            "pinned_margin": 0.08, "looks": [3, 5, 8], "alpha": 0.02, "alpha_failures": 0.02, "accepted": [],
            "next_actions": [], "devices": devices, "families": [] });
        serde_json::from_value(whole).expect("a comparison")
    }

    #[test]
    fn what_is_open_goes_on_by_the_name_that_the_matrix_knows() {
        let open = comparison(&[
            device("virtual:a", "not_proven", 3),
            device("virtual:a#2", "not_proven", 2),
            device("virtual:b", "pass", 0),
        ]);
        let (devices, more) = undecided(&open).expect("two are open");
        assert_eq!((devices, more.get()), (vec!["virtual:a".to_owned()], 2));
        let over = comparison(&[device("virtual:a", "not_proven", 0), device("virtual:b", "fail", 0)]);
        assert!(undecided(&over).is_none(), "no further look");
    }
}
