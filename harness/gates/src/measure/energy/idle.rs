//! What the device draws while it rests.

use crate::case::Case;
use crate::statistics::median;

/// Begin of the rest that is left out: caches are written, clocks fall. Seconds.
const SKIP_S: f64 = 10.0;

/// Shortest rest that tells anything, seconds.
const LEAST_S: f64 = 20.0;

/// The usable part of the rest after the soak, seconds since the first scored submit.
#[must_use]
pub fn span(case: &Case) -> Option<(f64, f64)> {
    let phases = &case.record.phases;
    let index = phases.iter().position(|phase| phase.phase == "resting")?;
    let begin = case.telemetry.seconds(phases[index].begin.0) + SKIP_S;
    let end = phases.get(index + 1).map(|phase| phase.begin);
    let end = end.or_else(|| case.record.journal.as_ref().map(|journal| journal.last))?;
    let end = case.telemetry.seconds(end.0);
    (end - begin >= LEAST_S).then_some((begin, end))
}

/// Median power over the rest, watts.
#[must_use]
pub fn watts(case: &Case, readings: impl FnOnce(f64, f64) -> Vec<(f64, f64)>) -> Option<f64> {
    let (from, to) = span(case)?;
    let mut watts: Vec<f64> = readings(from, to).into_iter().map(|(_, watts)| watts.abs()).collect();
    median(&mut watts)
}
