//! `time_to_throttle`: when the rate of 30 s, with the effect of the context removed, fell below 90 % of burst
//! and stayed there for 30 s. Known to 15 s either way; longer than the soak when it never happened.

use std::sync::Arc;

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{THROTTLE_LEVEL, THROTTLE_WINDOW_S};
use crate::explain::{Explained, Setting};
use crate::measure::context::ContextEffect;
use crate::measure::rates::Timeline;
use crate::measure::rolling;
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::promise::{burst_tps, time_below_peak};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "First time at which R over a window, the effect of the context removed, is under the level of burst and stays there for as long as a window.",
    decides: "Known to half a window either way. Never within the soak means longer than the soak, and no more.",
    settings: &[
        Setting::new("throttle_window", THROTTLE_WINDOW_S, "s"),
        Setting::new("throttle_level", THROTTLE_LEVEL, "ratio"),
    ],
    source: "Right-censored at the soak's end.",
};

/// Uncertainty of the moment, seconds.
const REACH_S: f64 = 15.0;

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let effect = ContextEffect::calibrate(&soak.spans);
    let scaled = effect.map(|effect| Timeline::without(effect, Arc::clone(&soak.spans)));
    let line = scaled.as_ref().unwrap_or(&soak.timeline);
    let name = "Time to throttle:";
    let burst =
        burst_tps::window(&soak.timeline).and_then(|window| line.window(window.from, window.to).rate());
    let (rates, all) = rolling::rates(line, 0.0, soak.end(), THROTTLE_WINDOW_S);
    let (Some(burst), false) = (burst, rates.is_empty()) else {
        let words =
            "Throttling shows in windows of 30 s against a burst, and this soak is too short for them";
        return Finding::not_proven("too_short", words).limit(limit);
    };
    if rates.len() < all {
        let words = format!("Only {} of {all} windows were busy enough to look for throttling", rates.len());
        return Finding::not_proven("no_valid_window", words).limit(limit);
    }
    let series: Vec<(f64, f64)> = rates.iter().map(|(window, rate)| (window.from, *rate)).collect();
    let n = series.len() as u64;
    match stays_below(&series, THROTTLE_LEVEL * burst) {
        None => time_below_peak::never(limit, name, soak.end(), n),
        Some(begin) => {
            let t = begin + THROTTLE_WINDOW_S / 2.0;
            let note = if effect.is_some() { "context effect removed" } else { "known to 15 s either way" };
            let mut estimate =
                Estimate::exact(name, t, n).note(note).evidence(tokens(t - REACH_S, t + REACH_S));
            (estimate.lo, estimate.hi) = (Some(t - REACH_S), Some(t + REACH_S));
            against(gate, limit, estimate)
        }
    }
}

/// Begin of the first window from which on every window of the next 30 s is below the level.
fn stays_below(series: &[(f64, f64)], level: f64) -> Option<f64> {
    let mut since: Option<f64> = None;
    for &(from, rate) in series {
        let begin = match (rate < level, since) {
            (false, _) => {
                since = None;
                continue;
            }
            (true, begin) => *since.insert(begin.unwrap_or(from)),
        };
        if from - begin >= THROTTLE_WINDOW_S - 1e-6 {
            return Some(begin);
        }
    }
    None
}
