//! `worst_minute_tps`: the slowest rolling minute. Information: the minimum of many windows is noise.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::FLOOR_WINDOW_S;
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::rolling;
use crate::outcome::{Estimate, Finding, against, tokens};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "The slowest of all rolling minutes.",
    decides: "Information: the minimum of many windows is noise.",
    settings: &[Setting::new("floor_window", FLOOR_WINDOW_S, "s")],
    source: "Rolling windows, one per second.",
};

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let (rates, _) = rolling::rates(&soak.timeline, 0.0, soak.end(), FLOOR_WINDOW_S);
    let Some((window, rate)) = rates.iter().min_by(|a, b| a.1.total_cmp(&b.1)) else {
        let lasted = figures::seconds(soak.end());
        let words = format!("A slowest minute needs a busy minute, and this soak lasted {lasted}");
        return Finding::not_proven("too_short", words).limit(limit);
    };
    let (lo, hi) = case.spread.bounds(*rate, 0.0);
    let mut estimate = Estimate::exact("Slowest minute", *rate, rates.len() as u64);
    (estimate.lo, estimate.hi) = (Some(lo), Some(hi));
    against(gate, limit, estimate.evidence(tokens(window.from, window.to)))
}
