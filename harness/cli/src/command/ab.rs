//! `edgesoak run --ab`: two candidates in turns, and more turns on the devices where nothing is decided yet.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use edgesoak_record::comparison::{Comparison, DeviceComparison};
use edgesoak_record::{Outcome, Verdict};

use crate::args::{GateSides, Outputs, Selection, Shared, Sharing};
use crate::command::{regression, run};
use crate::failure::Failure;
use crate::stored;
use crate::terminal::tell;

/// Runs them, compares them at each look of the policy, and runs what a decision still needs; the exit code is that of the
/// comparison, or of a run that says nothing about either.
pub fn run(
    shared: &Shared,
    selection: &Selection,
    sharing: &Sharing,
    outputs: &Outputs,
    (candidate, baseline): (&str, &str),
) -> Result<u8, Failure> {
    let mut selection = selection.clone();
    let outputs = Outputs { is_part: true, ..outputs.clone() };
    let mut runs: Vec<String> = Vec::new();
    loop {
        let (code, id) = run::begin(shared, &selection, run::terms(sharing), &outputs)?;
        let (_, judged) = stored::load(shared, &id)?;
        runs.push(id);
        if judged.run.interrupted.is_some()
            || [Verdict::Infrastructure, Verdict::Nothing].contains(&judged.verdict.verdict)
        {
            return Ok(code);
        }
        let side = |name: &str| runs.iter().map(|run| format!("{run}:{name}")).collect();
        let sides = GateSides {
            candidate: side(candidate),
            baseline: side(baseline),
            pinned: Vec::new(),
            policy: None,
        };
        let comparison = regression::compared(shared, &sides)?;
        let Some((devices, more)) = undecided(&comparison) else {
            return regression::tell_verdict(shared, &comparison, &runs);
        };
        let (count, names) = (more.get(), devices.join(", "));
        tell(&format!("nothing is decided on {names} yet: {count} more runs of either side"));
        selection.devices = devices;
        selection.runs = Some(more);
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
