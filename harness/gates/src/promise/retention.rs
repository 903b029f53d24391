//! `retention`: sustained by burst.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{BURST_ACTIVE_S, SUSTAINED_S};
use crate::explain::{Explained, Setting};
use crate::outcome::{Estimate, Finding, against};
use crate::promise::{burst_tps, settled, sustained_tps};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "`sustained_tps` by `burst_tps`.",
    decides: "Pass where the lower 95 % bound reaches the bar, fail where the upper one is under it, else not proven. A device that has not settled can fail and cannot pass.",
    settings: &[
        Setting::new("sustained", SUSTAINED_S, "s"),
        Setting::new("burst_active", BURST_ACTIVE_S, "s"),
    ],
    source: "Spreads of both, that between runs taken once.",
};

/// Judges it; a device that has not settled cannot pass.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    match (sustained_tps::estimate(case), burst_tps::estimate(case)) {
        (Err(missing), _) | (_, Err(missing)) => Finding::from(missing).limit(limit),
        (Ok(sustained), Ok(burst)) => {
            settled::required(case, against(gate, limit, quotient("Retention", &sustained, &burst, case)))
        }
    }
}

/// One rate by another, with the spreads of both.
pub fn quotient(name: &str, above: &Estimate, below: &Estimate, case: &Case) -> Estimate {
    let value = above.value / below.value;
    // Both bounds hold the spread between runs, which runs do not draw twice: it is taken once.
    let within = |estimate: &Estimate| {
        let reach = (estimate.hi? / estimate.value).ln() / case.spread.multiplier;
        Some((reach * reach - case.spread.sigma * case.spread.sigma).max(0.0).sqrt())
    };
    let bounds = within(above).zip(within(below)).map(|(a, b)| case.spread.bounds(value, a.hypot(b)));
    Estimate {
        name: name.to_owned(),
        value,
        lo: bounds.map(|bounds| bounds.0),
        hi: bounds.map(|bounds| bounds.1),
        n: above.n.min(below.n),
        note: case.spread.origin(),
        evidence: above.evidence.iter().chain(&below.evidence).cloned().collect(),
    }
}
