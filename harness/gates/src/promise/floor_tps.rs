//! `floor_tps`: the 5th percentile of rolling 60 s windows, the first 30 s left out.
//!
//! The plain minimum is noise: it falls with the number of windows even where nothing throttles.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{
    FLOOR_QUANTILE, FLOOR_SKIP_S, FLOOR_WINDOW_S, LEAST_VALID_WINDOWS, PRIOR_SIGMA, SETTLED_S, SHORT_FIGURE_S,
};
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::rates::Window;
use crate::measure::soak::Soak;
use crate::measure::{rolling, spread};
use crate::outcome::{Estimate, Finding, Missing, judged, tokens};
use crate::promise::settled;
use crate::statistics::quantile;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "A low percentile (nearest rank) of rolling windows, one per second, the begin left out. The plain minimum is noise: it falls with the number of windows.",
    decides: "Pass where the lower 95 % bound reaches the bar, fail where the upper one is under it, else not proven. A device that has not settled can fail and cannot pass.",
    settings: &[
        Setting::new("floor_window", FLOOR_WINDOW_S, "s"),
        Setting::new("floor_quantile", FLOOR_QUANTILE, "ratio"),
        Setting::new("floor_skip", FLOOR_SKIP_S, "s"),
        Setting::new("least_valid_windows", LEAST_VALID_WINDOWS, "ratio"),
        Setting::guess("prior_sigma", PRIOR_SIGMA, "ratio"),
    ],
    source: "Bootstrap within the run, combined with the spread between runs: from history where it is known, else a prior.",
};

/// The window that holds the floor, its rate, and the number of windows.
fn floor(soak: &Soak) -> Result<(Window, f64, u64), Missing> {
    let (mut valid, all) = rolling::rates(&soak.timeline, FLOOR_SKIP_S, soak.end(), FLOOR_WINDOW_S);
    if all == 0 {
        let lasted = figures::seconds(soak.end());
        let needs = FLOOR_SKIP_S + FLOOR_WINDOW_S;
        let words = format!(
            "A floor needs a soak of more than {needs:.0} s, and {SETTLED_S:.0} s to have settled; this one lasted {lasted}"
        );
        return Err(Missing::new("too_short", words + &short_figure(soak)));
    }
    if (valid.len() as f64) < LEAST_VALID_WINDOWS * all as f64 {
        let words = format!("Only {} of {all} windows were busy enough to speak of a floor", valid.len());
        return Err(Missing::new("no_valid_window", words));
    }
    valid.sort_by(|a, b| a.1.total_cmp(&b.1));
    let rank = quantile::nearest_rank(valid.len(), FLOOR_QUANTILE).unwrap_or(0);
    let (window, rate) = valid[rank];
    Ok((window, rate, valid.len() as u64))
}

/// Words about a soak that is too short for a window: what can be said all the same.
pub fn short_figure(soak: &Soak) -> String {
    let (rates, _) = rolling::rates(&soak.timeline, 0.0, soak.end(), SHORT_FIGURE_S);
    match rates.iter().map(|(_, rate)| *rate).min_by(f64::total_cmp) {
        Some(slowest) => {
            format!("; for information, the slowest {SHORT_FIGURE_S:.0} s ran at {slowest:.1} tokens/s")
        }
        None => String::new(),
    }
}

/// Rate and spread within the run.
pub fn estimate(case: &Case) -> Result<Estimate, Missing> {
    let soak = case.timed()?;
    let (window, rate, n) = floor(soak)?;
    let within = spread::ln_deviation(soak, window.from, window.to, &mut case.random(Gate::FloorTps));
    Ok(Estimate::exact("Floor", rate, n)
        .bounds(within.map(|within| case.spread.bounds(rate, within)))
        .note(case.spread.origin())
        .evidence(tokens(window.from, window.to)))
}

/// Judges it; a device that has not settled cannot pass.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    settled::required(case, judged(gate, case.bar(gate), estimate(case)))
}
