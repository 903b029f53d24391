//! Which way a battery's current counts. Drivers disagree, so it is found out and never assumed.

use super::{Convention, Found, Sign, resolution};

/// Fewest steps of the charge counter, in its own resolution, that a sign is told from.
const FEWEST_STEPS: f64 = 5.0;

/// Part of the moved charge, or of the readings, that must agree.
const AGREED: f64 = 0.9;

/// Part from which on what disagrees is no accident.
const DISPUTED: f64 = 0.2;

/// Fewest readings beside one status.
const FEWEST_READINGS: usize = 10;

/// `ChargeStatus` of a battery that charges.
const CHARGING: f64 = 2.0;

/// `ChargeStatus` of a battery that discharges.
const DISCHARGING: f64 = 3.0;

/// What a charge counter tells of a current's sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignFound {
    /// It goes one way.
    Clear(Sign),
    /// It went with the counter in one part of the time and against it in another.
    Changes,
}

/// The sign of a current or a battery's power: from the charge counter where that moved enough, else from the
/// status, which is weaker. Seconds and values; any one unit per list.
#[must_use]
pub fn sign(current: &[(f64, f64)], counter: &[(f64, f64)], status: &[(f64, f64)]) -> Option<SignFound> {
    sign_by_counter(current, counter).or_else(|| sign_by_status(current, status).map(SignFound::Clear))
}

/// The sign that goes with a moving charge counter: the mean current between two changes of the counter against the
/// direction of the later change. `None` until it moved by five of its smallest steps between changes.
#[must_use]
pub fn sign_by_counter(current: &[(f64, f64)], counter: &[(f64, f64)]) -> Option<SignFound> {
    let step = resolution(counter)?;
    // Charge by (current is positive, counter rises).
    let mut moved = [[0.0_f64; 2]; 2];
    let mut before: Option<f64> = None;
    for pair in counter.windows(2) {
        let gain = pair[1].1 - pair[0].1;
        if gain.abs() < step * 0.5 {
            continue;
        }
        // Without the change before it nobody knows since when this charge flowed.
        let since = before.replace(pair[1].0);
        let Some(mean) = since.and_then(|since| mean_between(current, since, pair[1].0)) else { continue };
        if mean.abs() > 0.0 {
            moved[usize::from(mean > 0.0)][usize::from(gain > 0.0)] += gain.abs();
        }
    }
    let [[negative_falls, negative_rises], [positive_falls, positive_rises]] = moved;
    let (with, against) = (positive_rises + negative_falls, positive_falls + negative_rises);
    let (rises, falls) = (positive_rises + negative_rises, positive_falls + negative_falls);
    let all = with + against;
    let enough = step * (FEWEST_STEPS - 0.5);
    if all < enough {
        return None;
    }
    let one_sided = positive_rises + positive_falls <= 0.0 || negative_rises + negative_falls <= 0.0;
    let convention = if with >= AGREED * all {
        Convention::IntoBattery
    } else if against >= AGREED * all {
        Convention::OutOfBattery
    } else if one_sided && rises >= enough && falls >= enough {
        Convention::Unsigned
    } else if with.min(against) >= DISPUTED * all {
        return Some(SignFound::Changes);
    } else {
        return None;
    };
    Some(SignFound::Clear(Sign { convention, found: Found::ChargeCounter }))
}

/// The sign that goes with the battery's status (2 charging, 3 discharging). A status may lie, so that a charge
/// counter is asked first. `None` with fewer than ten readings beside either.
#[must_use]
pub fn sign_by_status(current: &[(f64, f64)], status: &[(f64, f64)]) -> Option<Sign> {
    let positive = |code: f64| {
        let (mut positive, mut all) = (0, 0);
        for (t, value) in current.iter().filter(|(_, value)| value.abs() > 0.0) {
            let after = status.partition_point(|(at, _)| at <= t);
            let known = after.checked_sub(1).and_then(|index| status.get(index));
            if known.is_some_and(|(_, status)| (status - code).abs() < 0.5) {
                all += 1;
                positive += usize::from(*value > 0.0);
            }
        }
        let part = positive as f64 / all as f64;
        let clear = all >= FEWEST_READINGS && !(1.0 - AGREED..AGREED).contains(&part);
        clear.then_some(part > 0.5)
    };
    let convention = match (positive(DISCHARGING), positive(CHARGING)) {
        (Some(out), Some(into)) if out == into => Convention::Unsigned,
        (Some(true), _) | (None, Some(false)) => Convention::OutOfBattery,
        (Some(false), _) | (None, Some(true)) => Convention::IntoBattery,
        (None, None) => return None,
    };
    Some(Sign { convention, found: Found::Status })
}

/// Mean of the readings after `from`, up to and with `to`.
fn mean_between(readings: &[(f64, f64)], from: f64, to: f64) -> Option<f64> {
    let begin = readings.partition_point(|(t, _)| *t <= from);
    let end = readings.partition_point(|(t, _)| *t <= to);
    let inside = readings.get(begin..end).filter(|inside| !inside.is_empty())?;
    Some(inside.iter().map(|(_, value)| value).sum::<f64>() / inside.len() as f64)
}
