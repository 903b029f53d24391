//! Whether a power follows the load: where decoding begins and ends, power rises and falls.

use crate::case::Case;

/// Time to either side of an edge that is compared, seconds.
const AROUND_S: f64 = 10.0;

/// Shortest work or rest beside an edge, seconds.
const LEAST_S: f64 = 3.0;

/// Longest pause between prompts that is no rest, seconds.
const PAUSE_S: f64 = 1.0;

/// Step of the comparison, seconds.
const STEP_S: f64 = 0.1;

/// Lags that are tried to either side, in hundredths of a second, and the step between two of them.
const LAGS: (i32, usize) = (300, 5);

/// Longest time between two readings that is bridged, seconds.
const BRIDGED_S: f64 = 5.0;

/// Least correlation of power and load.
const RELATED: f64 = 0.5;

/// Correlations this close to the best are as good: a slow meter's is flat on top.
const AS_GOOD: f64 = 0.002;

/// When the device is known to have decoded, and to have rested. Seconds since the first scored submit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edges {
    busy: Vec<(f64, f64)>,
    idle: Vec<(f64, f64)>,
}

/// What the comparison shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seen {
    /// No edge lies within the readings.
    NoEdges,
    /// The power does not follow the load at any lag; the best correlation.
    Unrelated(f64),
    /// It does, this late. Seconds.
    Lag(f64),
}

impl Edges {
    /// Of a session: prompts of every phase are work; the rest after the soak and the time after the last token
    /// are rest. What loading costs is not known.
    #[must_use]
    pub fn of(case: &Case) -> Self {
        let seconds = |ns: u64| case.telemetry.seconds(ns);
        let mut busy: Vec<(f64, f64)> = Vec::new();
        for prompt in &case.record.prompts {
            let Some(last) = prompt.token_times.last() else { continue };
            let (from, to) = (seconds(prompt.submit.0), seconds(last.0));
            match busy.last_mut() {
                Some(before) if from - before.1 <= PAUSE_S => before.1 = before.1.max(to),
                _ => busy.push((from, to)),
            }
        }
        let mut idle: Vec<(f64, f64)> =
            busy.windows(2).filter(|pair| rests(case, pair)).map(between).collect();
        idle.extend(busy.last().map(|last| (last.1, last.1 + AROUND_S)));
        Self { busy, idle }
    }

    /// 1 for work, 0 for rest, `None` where neither is known.
    fn label(&self, t: f64) -> Option<f64> {
        let inside = |spans: &[(f64, f64)]| spans.iter().any(|(from, to)| (*from..*to).contains(&t));
        if inside(&self.busy) { Some(1.0) } else { inside(&self.idle).then_some(0.0) }
    }

    /// Labelled moments around every edge.
    fn moments(&self) -> Vec<(f64, f64)> {
        let long = |spans: &[(f64, f64)]| -> Vec<(f64, f64)> {
            spans.iter().copied().filter(|(from, to)| to - from >= LEAST_S).collect()
        };
        let (busy, idle) = (long(&self.busy), long(&self.idle));
        let touches = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let falls =
            busy.iter().filter(|work| idle.iter().any(|rest| touches(work.1, rest.0))).map(|work| work.1);
        let rises =
            busy.iter().filter(|work| idle.iter().any(|rest| touches(work.0, rest.1))).map(|work| work.0);
        falls
            .chain(rises)
            .flat_map(|edge| {
                let steps = (0..).map(move |step| edge - AROUND_S + (f64::from(step) + 0.5) * STEP_S);
                steps.take_while(move |t| *t < edge + AROUND_S)
            })
            .filter_map(|t| Some((t, self.label(t)?)))
            .collect()
    }
}

fn between(pair: &[(f64, f64)]) -> (f64, f64) {
    (pair[0].1, pair[1].0)
}

/// A pause is a rest where the phase says so.
fn rests(case: &Case, pair: &[(f64, f64)]) -> bool {
    let (from, to) = between(pair);
    case.record.phases.iter().any(|phase| {
        let begin = case.telemetry.seconds(phase.begin.0);
        phase.phase == "resting" && begin >= from - PAUSE_S && begin <= to
    })
}

/// Compares a power with the load at lags of up to three seconds.
#[must_use]
pub fn compare(edges: &Edges, power: &[(f64, f64)]) -> Seen {
    let moments: Vec<(f64, f64)> = edges.moments();
    let known: Vec<(f64, f64)> = moments.iter().copied().filter(|(t, _)| at(power, *t).is_some()).collect();
    let labels = |wanted: f64| known.iter().filter(|(_, label)| (label - wanted).abs() < 0.5).count();
    // Three seconds of each.
    if labels(0.0) < 30 || labels(1.0) < 30 {
        return Seen::NoEdges;
    }
    let tried: Vec<(f64, f64)> = (-LAGS.0..=LAGS.0)
        .step_by(LAGS.1)
        .map(|hundredths| f64::from(hundredths) / 100.0)
        .filter_map(|lag| {
            let pairs: Vec<(f64, f64)> =
                known.iter().filter_map(|(t, label)| Some((*label, at(power, t + lag)?))).collect();
            (pairs.len() * 10 >= known.len() * 8).then(|| (lag, correlation(&pairs)))
        })
        .collect();
    let best = tried.iter().map(|(_, found)| *found).fold(f64::NEG_INFINITY, f64::max);
    if best.is_nan() || best < RELATED {
        return Seen::Unrelated(best.max(-1.0));
    }
    let good = || tried.iter().filter(|(_, found)| *found >= best - AS_GOOD).map(|(lag, _)| *lag);
    Seen::Lag(f64::midpoint(good().fold(f64::INFINITY, f64::min), good().fold(f64::NEG_INFINITY, f64::max)))
}

/// A straight line between the readings around `t`.
fn at(power: &[(f64, f64)], t: f64) -> Option<f64> {
    let after = power.partition_point(|(at, _)| *at <= t);
    let (before, after) = (power.get(after.checked_sub(1)?)?, power.get(after)?);
    let length = after.0 - before.0;
    (length <= BRIDGED_S).then(|| before.1 + (after.1 - before.1) * (t - before.0) / length)
}

/// Pearson's; 0 where one side stands still.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    let (x, y) = (x / count, y / count);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (dx, dy) = (pair.0 - x, pair.1 - y);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    let size = (xx * yy).sqrt();
    if size > 0.0 { xy / size } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Edges, Seen, compare};

    /// A minute of work, twenty seconds of rest, ten of work.
    fn edges() -> Edges {
        Edges { busy: vec![(0.0, 60.0), (80.0, 90.0)], idle: vec![(60.0, 80.0), (90.0, 100.0)] }
    }

    /// Readings every `period` seconds of 4 W under load and 1 W at rest, `late` by this.
    fn power(period: f64, late: f64) -> Vec<(f64, f64)> {
        (0..2_000)
            .map(|tick| -5.0 + f64::from(tick) * period)
            .take_while(|t| *t < 110.0)
            .map(|t| (t, if edges().label(t - late) == Some(1.0) { 4.0 } else { 1.0 }))
            .collect()
    }

    #[test]
    fn the_lag_is_found_to_a_tenth_of_a_second() {
        for late in [-2.0, -0.9, -0.4, 0.0, 0.3, 0.75, 1.5, 2.5] {
            let Seen::Lag(found) = compare(&edges(), &power(0.1, late)) else { panic!("{late}") };
            assert!((found - late).abs() <= 0.1, "{late}: {found}");
        }
    }

    #[test]
    fn a_meter_of_one_reading_a_second_is_found_to_half_of_one() {
        for late in [0.0, 0.6, 2.0] {
            let Seen::Lag(found) = compare(&edges(), &power(1.0, late)) else { panic!("{late}") };
            assert!((found - late).abs() <= 0.55, "{late}: {found}");
        }
    }

    #[test]
    fn another_devices_power_is_unrelated() {
        let other: Vec<_> =
            (0..1_100).map(|tick| (f64::from(tick) / 10.0, 3.0 + f64::from(tick).sin())).collect();
        assert!(matches!(compare(&edges(), &other), Seen::Unrelated(found) if found < 0.3));
        let still: Vec<_> = (0..1_100).map(|tick| (f64::from(tick) / 10.0, 3.0)).collect();
        assert_eq!(compare(&edges(), &still), Seen::Unrelated(0.0));
        let upside_down: Vec<_> = power(0.1, 0.0).into_iter().map(|(t, watts)| (t, 5.0 - watts)).collect();
        assert!(matches!(compare(&edges(), &upside_down), Seen::Unrelated(_)));
    }

    #[test]
    fn without_an_edge_in_sight_nothing_is_said() {
        let inside: Vec<_> = power(0.1, 0.0).into_iter().filter(|(t, _)| *t < 60.0).collect();
        assert_eq!(compare(&edges(), &inside), Seen::NoEdges);
        assert_eq!(compare(&Edges::default(), &power(0.1, 0.0)), Seen::NoEdges);
        assert_eq!(compare(&edges(), &[]), Seen::NoEdges);
    }
}
