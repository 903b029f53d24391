//! Which of many outcomes speaks: integrity failure, then failure, then not proven, then pass.

use edgesoak_record::verdict::{GateResult, Outcome, Verdict};

use crate::case::obstacle::{Kind, Obstacle};
use crate::promise;

/// The verdict on a session from its gates and from what kept it from its end.
#[must_use]
pub fn session(gates: &[GateResult], obstacle: Option<&Obstacle>) -> Verdict {
    if speaking(gates, Outcome::Fail).is_some() {
        return Verdict::Fail;
    }
    match obstacle.map(|obstacle| obstacle.kind) {
        Some(Kind::Infrastructure) => return Verdict::Infrastructure,
        Some(Kind::NeverBegan) => return Verdict::Nothing,
        Some(Kind::Product | Kind::Decided) => return Verdict::NotProven,
        None => {}
    }
    let passed = gates.iter().any(|gate| gate.blocking && gate.outcome == Outcome::Pass);
    if passed && speaking(gates, Outcome::NotProven).is_none() { Verdict::Pass } else { Verdict::NotProven }
}

/// The blocking gate that speaks for an outcome: integrity first, then in the order of the report.
#[must_use]
pub fn speaking(gates: &[GateResult], outcome: Outcome) -> Option<&GateResult> {
    gates
        .iter()
        .filter(|gate| gate.blocking && gate.accepted.is_none() && gate.outcome == outcome)
        .min_by_key(|gate| !is_integrity(gate))
}

/// The gate judges integrity.
#[must_use]
pub fn is_integrity(gate: &GateResult) -> bool {
    promise::of(gate.gate).is_none_or(|promise| promise.kind == promise::Kind::Integrity)
}
