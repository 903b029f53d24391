//! `peak_tps`: the mean of the first three 5 s rolling rates; what publications quote as burst.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::ROLLING_S;
use crate::explain::{Explained, Setting};
use crate::measure::rolling;
use crate::measure::soak::Soak;
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::rolling_rules;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Mean of the first three valid rolling rates: what publications quote as burst.",
    decides: "Information; with a bar, its bounds hold the spread between runs alone.",
    settings: &[Setting::new("rolling", ROLLING_S, "s")],
    source: "Rolling rates as they are published for phones.",
};

/// The 5 s rolling rates of the soak as (end of the window, rate): those of an imported series as they stand there.
pub fn series(soak: &Soak) -> Vec<(f64, f64)> {
    if let Some(own) = soak.timeline.series().and_then(|series| series.as_rolling(ROLLING_S)) {
        return own;
    }
    let (rates, _) = rolling::rates(&soak.timeline, 0.0, soak.end(), ROLLING_S);
    rates.into_iter().map(|(window, rate)| (window.to, rate)).collect()
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let series = series(soak);
    let Some(peak) = rolling_rules::peak(&series) else {
        let words = "A peak needs three windows of 5 s with at least half of their time spent on decoding";
        return Finding::not_proven("too_short", words).limit(limit);
    };
    let (lo, hi) = case.spread.bounds(peak, 0.0);
    let mut estimate =
        Estimate::exact("Peak", peak, 3).evidence(tokens(series[0].0 - ROLLING_S, series[2].0));
    (estimate.lo, estimate.hi) = (Some(lo), Some(hi));
    against(gate, limit, estimate)
}
