//! `time_to_90` and `time_to_75`: when the 5 s rolling rate, and its mean over the next 5 s, fell below
//! 90 % or 75 % of the peak.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::ROLLING_S;
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::promise::peak_tps;
use crate::rolling_rules;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "First time at which the rolling rate, and its mean over the next 5 s, are under 90 % or 75 % of `peak_tps`.",
    decides: "Never within the soak means longer than the soak, and no more.",
    settings: &[Setting::new("rolling", ROLLING_S, "s")],
    source: "Right-censored at the soak's end.",
};

/// Judges one of the two.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let level = if gate == Gate::TimeTo90 { 0.90 } else { 0.75 };
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let series = peak_tps::series(soak);
    let Some(peak) = rolling_rules::peak(&series) else {
        return Finding::not_proven("too_short", "Without a peak there is no fall from it").limit(limit);
    };
    let n = series.len() as u64;
    let name = format!("Time to {:.0} % of the peak:", level * 100.0);
    let Some(t) = rolling_rules::first_below(&series, level * peak, ROLLING_S) else {
        return never(limit, &name, soak.end(), n);
    };
    let mut estimate = Estimate::exact(&name, t, n).evidence(tokens((t - ROLLING_S).max(0.0), t + ROLLING_S));
    // The rolling rate knows the moment to the length of its window.
    (estimate.lo, estimate.hi) = (Some((t - ROLLING_S).max(0.0)), Some(t));
    against(gate, limit, estimate)
}

/// A time that was not reached in the soak is known to be longer than the soak, and no more.
pub fn never(limit: Option<f64>, name: &str, end: f64, n: u64) -> Finding {
    let lasted = figures::seconds(end);
    let words = format!("{name} never within the soak of {lasted}");
    let mut finding = match limit {
        None => Finding::info(words),
        Some(limit) if end >= limit => Finding::pass(words),
        Some(limit) => {
            let wanted = figures::seconds(limit);
            Finding::not_proven("too_short", format!("{words}, which is too short for a bar of {wanted}"))
        }
    };
    finding.lo = Some(end);
    finding.observed(n).limit(limit).evidence(tokens(0.0, end))
}
