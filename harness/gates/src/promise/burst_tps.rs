//! `burst_tps`: the rate over the first active 10 s, the first second and eight tokens left out.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{
    BURST_ACTIVE_S, BURST_DROP_S, BURST_DROP_TOKENS, BURST_LONG_ACTIVE_S, BURST_TOKENS, PRIOR_SIGMA,
};
use crate::explain::{Explained, Setting};
use crate::measure::rates::{Timeline, Window};
use crate::measure::spread;
use crate::outcome::{Estimate, Finding, Missing, judged, tokens};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "R over the first active seconds, the first second and the first tokens left out; R is tokens after the first of each prompt by active seconds.",
    decides: "Pass where the lower 95 % bound reaches the bar, fail where the upper one is under it, else not proven.",
    settings: &[
        Setting::new("burst_active", BURST_ACTIVE_S, "s"),
        Setting::new("burst_tokens", BURST_TOKENS, "tokens"),
        Setting::new("burst_long_active", BURST_LONG_ACTIVE_S, "s"),
        Setting::new("burst_drop", BURST_DROP_S, "s"),
        Setting::new("burst_drop_tokens", BURST_DROP_TOKENS, "tokens"),
        Setting::guess("prior_sigma", PRIOR_SIGMA, "ratio"),
    ],
    source: "Bootstrap within the run, combined with the spread between runs: from history where it is known, else a prior.",
};

/// The window of the burst; `None` when the soak has not enough active time.
pub fn window(line: &Timeline) -> Option<Window> {
    let dropped = line.active_at(line.when_tokens(BURST_DROP_TOKENS)).max(BURST_DROP_S);
    let of_length = |active: f64| {
        let to = dropped + active;
        (to <= line.total_active() + 1e-6)
            .then(|| line.window(line.when_active(dropped), line.when_active(to)))
    };
    of_length(BURST_ACTIVE_S)
        .filter(|window| window.tokens >= BURST_TOKENS)
        .or_else(|| of_length(BURST_LONG_ACTIVE_S))
        .filter(Window::is_busy)
}

/// Rate and spread within the run.
pub fn estimate(case: &Case) -> Result<Estimate, Missing> {
    let soak = case.timed()?;
    let missing = || {
        Missing::new(
            "too_short",
            "Burst needs 10 s of busy decoding after the first second, or 20 s of a slow model",
        )
    };
    let window = window(&soak.timeline).ok_or_else(missing)?;
    let rate = window.rate().ok_or_else(missing)?;
    let within = spread::ln_deviation(soak, window.from, window.to, &mut case.random(Gate::BurstTps));
    Ok(Estimate::exact("Burst", rate, count(window.tokens))
        .bounds(within.map(|within| case.spread.bounds(rate, within)))
        .note(case.spread.origin())
        .evidence(tokens(window.from, window.to)))
}

/// Tokens of a window as a count.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sums of token counts, never negative"
)]
pub fn count(tokens: f64) -> u64 {
    tokens.round() as u64
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    judged(gate, case.bar(gate), estimate(case))
}
