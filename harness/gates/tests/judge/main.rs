//! Made-up runs with known truth, judged through the one public door.

mod answers;
mod endings;
mod energy;
mod figures;
mod imported;
mod items;
mod leaks;
mod made;
mod memory;
mod meters;
mod must_fail;
mod policy;
mod prediction;
mod privacy;
mod properties;
mod release;
mod routing;
mod selection;
mod shapes;
mod slowdowns;
mod start;
mod stuck;
mod traces;

use edgesoak_gates::judge;
use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{GateResult, Outcome, RunVerdict};

/// The result of a gate in the first session.
fn gate(verdict: &RunVerdict, gate: Gate) -> GateResult {
    verdict.sessions[0].gates.iter().find(|result| result.gate == gate).cloned().expect("the gate is listed")
}

/// Outcome and cause of a gate in the first session of a run.
fn outcome(run: &Run, of: Gate) -> (Outcome, String) {
    let result = gate(&judge(run), of);
    (result.outcome, result.cause.unwrap_or_default())
}

/// The measured value of a gate in the first session of a run.
fn measured(run: &Run, of: Gate) -> f64 {
    let result = gate(&judge(run), of);
    result.measured.unwrap_or_else(|| panic!("{of} is not measured: {}", result.sentence))
}
