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

/// Devices on which a further look may decide, and how many runs the nearest of these looks needs.
fn undecided(comparison: &Comparison) -> Option<(Vec<String>, NonZeroU32)> {
    let needs = |device: &DeviceComparison| {
        let open = device.changes.iter().filter(|change| change.outcome == Outcome::NotProven);
        open.map(|change| change.more_runs.candidate.max(change.more_runs.reference)).max().unwrap_or(0)
    };
    let more = comparison.devices.iter().map(needs).filter(|more| *more > 0).min()?;
    let devices = comparison.devices.iter().filter(|device| needs(device) > 0);
    let devices: BTreeSet<String> = devices.map(|device| device.device.clone()).collect();
    Some((devices.into_iter().collect(), NonZeroU32::new(more)?))
}
