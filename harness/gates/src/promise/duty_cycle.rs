//! `duty_cycle`: busy time by wall time. A soak that rests half of the time is none.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::case::doubt;
use crate::defaults::LEAST_DUTY;
use crate::explain::{Explained, Setting};
use crate::figures::with_unit;
use crate::measure::series::Series;
use crate::measure::soak::Soak;
use crate::outcome::{Estimate, Finding, Missing, judged, tokens};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Busy seconds (submit to last token) by seconds from the first submit to the last token. Pauses that are planned between items count as busy, and the words say how much of the soak was work without them; a plan has such pauses for lookups alone, of 10 ms to 1 s.",
    decides: "Under the limit it was no soak, and passes are taken away.",
    settings: &[Setting::new("least_duty", LEAST_DUTY, "ratio")],
    source: "Counted from token times, or from the rates of an imported session that has none.",
};

/// Busy seconds by seconds from the first submit to the last token. Between items the pauses that were planned count
/// as work: what is looked up in a millisecond would else soak at a pace that nobody asks at.
pub fn part(case: &Case, soak: &Soak) -> Option<f64> {
    let busy = soak.timeline.total_busy() + planned_pauses(case, soak);
    Some(busy / soak.end()).filter(|part| part.is_finite())
}

/// Seconds between items that the plan wants idle, as far as they were.
fn planned_pauses(case: &Case, soak: &Soak) -> f64 {
    if !case.is_of_items() {
        return 0.0;
    }
    let pause = case.record.planned.workload.think_time.as_secs_f64();
    soak.spans.windows(2).map(|pair| (pair[1].submit - pair[0].last()).clamp(0.0, pause)).sum()
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate).unwrap_or(LEAST_DUTY);
    let estimate = case.timed().and_then(|soak| {
        let part = part(case, soak).ok_or_else(|| Missing::new("no_tokens", "The soak has no length"))?;
        let n = soak.timeline.series().map_or(soak.spans.len(), Series::len);
        let mut estimate = if planned_pauses(case, soak) > 0.0 {
            let busy = with_unit(soak.timeline.total_busy() / soak.end(), gate.unit());
            Estimate::exact("Share of the soak that was work or a planned pause:", part, n as u64)
                .note(format!("work alone was {busy}"))
        } else {
            Estimate::exact("Busy share of the soak:", part, n as u64)
        };
        if soak.timeline.series().is_some() {
            // Idle time within a window is not to be seen.
            estimate.lo = None;
        }
        Ok(estimate.evidence(tokens(0.0, soak.end())))
    });
    doubt::unless_promised(case, gate, judged(gate, Some(limit), estimate))
}
