//! `last_30s_tps`: the rate over the last 30 s of the soak. Information.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::explain::Explained;
use crate::measure::spread;
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::promise::burst_tps::count;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "R over the last 30 s of the soak.",
    decides: "Information; with a bar, bounds decide as for every rate.",
    settings: &[],
    source: "Bootstrap within the run, combined with the spread between runs: from history where it is known, else a prior.",
};

/// Length, seconds.
const LENGTH_S: f64 = 30.0;

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let (from, to) = (soak.end() - LENGTH_S, soak.end());
    if from < 0.0 {
        return Finding::not_proven("too_short", "The soak is shorter than 30 s").limit(limit);
    }
    let Some(rate) = soak.timeline.rate(from, to) else {
        let words = "Less than half of the last 30 s was spent on decoding";
        return Finding::not_proven("no_valid_window", words).limit(limit);
    };
    let within = spread::ln_deviation(soak, from, to, &mut case.random(gate));
    let bounds = within.map(|within| case.spread.bounds(rate, within));
    let n = count(soak.timeline.window(from, to).tokens);
    let mut estimate = Estimate::exact("Last 30 s", rate, n).evidence(tokens(from, to));
    (estimate.lo, estimate.hi) = (bounds.map(|bounds| bounds.0), bounds.map(|bounds| bounds.1));
    against(gate, limit, estimate)
}
