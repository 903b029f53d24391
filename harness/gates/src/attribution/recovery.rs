//! What came back after the rest behind the soak.

use std::sync::Arc;

use crate::attribution::course::Course;
use crate::case::Case;
use crate::measure::rates::Timeline;
use crate::measure::soak::Soak;
use edgesoak_record::slowdown::Slowed;

/// The phase of the burst after the rest.
const RECOVERING: &str = "recovering";
/// Fewest tokens that tell a rate.
const LEAST_TOKENS: f64 = 8.0;

/// The part of the loss that was back after the rest; `None` where the plan had none, or its burst was too short.
#[must_use]
pub fn part(case: &Case, course: &Course) -> Option<f64> {
    let burst = Soak::of_phase(case.record, RECOVERING).ok()?;
    let slowness = match course.slowed {
        Slowed::Decode => {
            let line = match course.effect {
                Some(effect) => Timeline::without(effect, Arc::clone(&burst.spans)),
                None => burst.timeline.clone(),
            };
            let window = line.window(0.0, burst.end());
            -window.rate().filter(|_| window.tokens >= LEAST_TOKENS)?.ln()
        }
        Slowed::FirstToken => {
            let times = burst.spans.iter().map(|span| (span.first() - span.submit).ln());
            times.sum::<f64>() / burst.spans.len() as f64
        }
    };
    let (early, late) = course.levels(&course.slowness());
    let part = (late - slowness) / (late - early);
    part.is_finite().then(|| part.clamp(0.0, 1.0))
}
