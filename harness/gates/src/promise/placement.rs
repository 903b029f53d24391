//! `placement`: the model's work ran where the candidate demands. A silent fall-back can pass a short test.

use edgesoak_record::gate::Gate;
use edgesoak_record::session::Placement;

use crate::case::Case;
use crate::defaults::LEAST_PLACED;
use crate::explain::{Explained, Setting};
use crate::outcome::{Finding, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Share of the model's units of work that ran on the planned device, as the runtime observed it.",
    decides: "Under the least share it fails: the model fell back. A claim without observation fails where an accelerator was planned, and is not proven where the processor was.",
    settings: &[Setting::new("least_placed", LEAST_PLACED, "ratio")],
    source: "The runtime's own placement, observed while it ran.",
};

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let planned = case.record.planned.candidate.placement.as_str();
    let observed = case.record.placement.as_ref().filter(|placement| is_observation(placement));
    let Some(placement) = observed else {
        let words = format!("The runtime gave no evidence that the model ran on the {planned}");
        // Without evidence an accelerator is a claim, and a fall-back to the processor is the usual truth.
        return if planned == "cpu" || case.record.placement.is_none() && case.record.runtime.is_none() {
            Finding::not_proven("placement_unknown", words)
        } else {
            Finding::fail(gate.word(), words)
        };
    };
    // Not `sum`: that of no shares is -0, and so it would be shown.
    let there = placement
        .actual
        .iter()
        .filter(|part| part.device == planned)
        .fold(0.0, |there, part| there + part.share);
    let units: u64 = placement.actual.iter().map(|part| u64::from(part.units)).sum();
    if there >= LEAST_PLACED {
        return Finding::pass(format!("{:.0} % of the model ran on the {planned}", there * 100.0))
            .observed(units);
    }
    let elsewhere = placement
        .actual
        .iter()
        .filter(|part| part.device != planned)
        .max_by(|a, b| a.share.total_cmp(&b.share));
    let device = elsewhere.map_or("another device", |part| part.device.as_str());
    let device = quoted(device, 40);
    let words = format!(
        "The model fell back to the {device}: {:.0} % of it ran on the planned {planned}",
        there * 100.0
    );
    Finding::fail(gate.word(), words).observed(units)
}

/// An observation whose shares are parts of one whole.
fn is_observation(placement: &Placement) -> bool {
    let sum: f64 = placement.actual.iter().map(|part| part.share).sum();
    placement.confidence == "observed"
        && placement.actual.iter().all(|part| (0.0..=1.0).contains(&part.share))
        && (sum - 1.0).abs() < 0.01
}
