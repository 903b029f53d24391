//! `sustained_tps`: the rate over the last whole prompt cycles of at least 180 s.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::SUSTAINED_S;
use crate::figures;
use crate::measure::soak::Soak;
use crate::measure::{cycle, spread};
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::promise::burst_tps::count;
use crate::promise::floor_tps::short_figure;

/// Rate and spread within the run.
pub fn estimate(case: &Case) -> Result<Estimate, Finding> {
    let soak = case.soak.as_ref().map_err(|fault| Finding::not_proven(fault.cause(), fault.sentence()))?;
    let (from, to, cycles) = cycle::last_whole(soak, SUSTAINED_S).ok_or_else(|| too_short(soak))?;
    let window = soak.timeline.window(from, to);
    let rate = window.rate().filter(|_| window.is_valid()).ok_or_else(|| {
        Finding::not_proven(
            "no_valid_window",
            "The last minutes were not busy enough to speak of a sustained rate",
        )
    })?;
    let within = spread::ln_deviation(&soak.spans, from, to, &mut case.random(Gate::SustainedTps));
    let bounds = within.map(|within| case.spread.bounds(rate, within));
    let note = match cycles {
        Some(1) => "over the last whole prompt cycle".to_owned(),
        Some(cycles) => format!("over the last {cycles} whole prompt cycles"),
        None => "over the last whole prompts, as no prompt cycle was repeated".to_owned(),
    };
    Ok(Estimate {
        name: "Sustained".to_owned(),
        value: rate,
        lo: bounds.map(|bounds| bounds.0),
        hi: bounds.map(|bounds| bounds.1),
        n: count(window.tokens),
        note: format!("{note}, {}", case.spread.origin()),
        evidence: vec![tokens(from, to)],
    })
}

fn too_short(soak: &Soak) -> Finding {
    let lasted = figures::seconds(soak.end());
    let words = format!("A sustained rate needs a soak of {SUSTAINED_S:.0} s and this one lasted {lasted}");
    Finding::not_proven("too_short", words + &short_figure(soak))
}

/// Judges it; a device that has not settled cannot pass.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    match estimate(case) {
        Ok(estimate) => super::settled::required(case, against(gate, case.bar(gate), estimate)),
        Err(finding) => finding.limit(case.bar(gate)),
    }
}
