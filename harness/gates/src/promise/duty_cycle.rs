//! `duty_cycle`: busy time by wall time. A soak that rests half of the time is none.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::case::doubt;
use crate::defaults::LEAST_DUTY;
use crate::measure::soak::Soak;
use crate::outcome::{Estimate, Finding, against, tokens};

/// Busy seconds by seconds from the first submit to the last token.
pub fn part(soak: &Soak) -> Option<f64> {
    Some(soak.timeline.total_busy() / soak.end()).filter(|part| part.is_finite())
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate).unwrap_or(LEAST_DUTY);
    match &case.soak {
        Err(fault) => Finding::not_proven(fault.cause(), fault.sentence()).limit(Some(limit)),
        Ok(soak) => match part(soak) {
            None => Finding::not_proven("no_tokens", "The soak has no length").limit(Some(limit)),
            Some(part) => {
                let estimate = Estimate::exact("Busy share of the soak", part, soak.spans.len() as u64);
                doubt::unless_promised(
                    case,
                    gate,
                    against(gate, Some(limit), estimate.evidence(tokens(0.0, soak.end()))),
                )
            }
        },
    }
}
