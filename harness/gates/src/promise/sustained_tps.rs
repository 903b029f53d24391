//! `sustained_tps`: the rate over the last whole prompt cycles of at least 180 s.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{PRIOR_SIGMA, SETTLED_DRIFT, SETTLED_RISE_K, SETTLED_TAU_S, SUSTAINED_S};
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::soak::Soak;
use crate::measure::{cycle, spread};
use crate::outcome::{Estimate, Finding, Missing, judged, tokens};
use crate::promise::burst_tps::count;
use crate::promise::floor_tps::short_figure;
use crate::promise::settled;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "R over the last whole prompt cycles that last as long as the setting or longer.",
    decides: "Pass where the lower 95 % bound reaches the bar, fail where the upper one is under it, else not proven. A device that has not settled can fail and cannot pass.",
    settings: &[
        Setting::new("sustained", SUSTAINED_S, "s"),
        Setting::new("settled_drift", SETTLED_DRIFT, "ratio"),
        Setting::new("settled_rise", SETTLED_RISE_K, "K"),
        Setting::new("settled_tau", SETTLED_TAU_S, "s"),
        Setting::guess("prior_sigma", PRIOR_SIGMA, "ratio"),
    ],
    source: "Bootstrap within the run, combined with the spread between runs: from history where it is known, else a prior.",
};

/// Rate and spread within the run.
pub fn estimate(case: &Case) -> Result<Estimate, Missing> {
    let soak = case.timed()?;
    let (from, to, cycles) = cycle::last_whole(soak, SUSTAINED_S).ok_or_else(|| too_short(soak))?;
    let window = soak.timeline.window(from, to);
    let rate = window.rate().filter(|_| window.is_valid()).ok_or_else(|| {
        Missing::new("no_valid_window", "The last minutes were not busy enough to speak of a sustained rate")
    })?;
    let within = spread::ln_deviation(soak, from, to, &mut case.random(Gate::SustainedTps));
    let note = match cycles {
        _ if soak.timeline.series().is_some() => format!("over the last {SUSTAINED_S:.0} s"),
        Some(1) => "over the last whole prompt cycle".to_owned(),
        Some(cycles) => format!("over the last {cycles} whole prompt cycles"),
        None => "over the last whole prompts, as whole prompt cycles do not fit".to_owned(),
    };
    Ok(Estimate::exact("Sustained", rate, count(window.tokens))
        .bounds(within.map(|within| case.spread.bounds(rate, within)))
        .note(format!("{note}, {}", case.spread.origin()))
        .evidence(tokens(from, to)))
}

fn too_short(soak: &Soak) -> Missing {
    let lasted = figures::seconds(soak.end());
    let words = format!("A sustained rate needs a soak of {SUSTAINED_S:.0} s and this one lasted {lasted}");
    Missing::new("too_short", words + &short_figure(soak))
}

/// Judges it; a device that has not settled cannot pass.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    settled::required(case, judged(gate, case.bar(gate), estimate(case)))
}
