//! Charge counters that are only the level in other clothes.

/// Fewest readings of the counter that tell anything.
const FEWEST_READINGS: usize = 4;

/// Fewest steps of the counter that tell whether it steps with the level alone.
const FEWEST_STEPS: usize = 3;

/// How far the ratio of counter and level may wander, as a part of it: the counter is a rounded integer.
const SAME: f64 = 1e-3;

/// Whether a charge counter is the level in per cent times a number: it counts nothing that the level does not.
///
/// It is where it was proportional to the rounded level in every reading while the level moved, or where it moved
/// three times or more and never without the level. A gauge that counts moves between two steps of its level. Level
/// in per cent, counter in any unit, each with times on the same clock.
#[must_use]
pub fn percent_times_constant(level: &[(f64, f64)], counter: &[(f64, f64)]) -> bool {
    if level.len() < 2 || counter.len() < FEWEST_READINGS {
        return false;
    }
    proportional(level, counter) || steps_with(level, counter)
}

/// The last level at or before `t`.
fn level_at(level: &[(f64, f64)], t: f64) -> Option<f64> {
    let after = level.partition_point(|(at, _)| *at <= t);
    level.get(after.checked_sub(1)?).map(|(_, level)| level.round())
}

fn proportional(level: &[(f64, f64)], counter: &[(f64, f64)]) -> bool {
    let mut ratio = None;
    let (mut first, mut moved) = (None, false);
    let mut pairs = 0;
    for (t, charge) in counter {
        let Some(level) = level_at(level, *t).filter(|level| *level >= 1.0) else { continue };
        let now = charge / level;
        let expected = *ratio.get_or_insert(now);
        if now <= 0.0 || (now - expected).abs() > expected * SAME {
            return false;
        }
        moved |= (level - *first.get_or_insert(level)).abs() >= 1.0;
        pairs += 1;
    }
    moved && pairs >= FEWEST_READINGS
}

fn steps_with(level: &[(f64, f64)], counter: &[(f64, f64)]) -> bool {
    let mut steps = 0;
    for pair in counter.windows(2) {
        if pair[0].1.to_bits() == pair[1].1.to_bits() {
            continue;
        }
        // The two are not read at the same moment: a reading more on either side belongs to it.
        let from = level.partition_point(|(at, _)| *at <= pair[0].0).saturating_sub(2);
        let to = (level.partition_point(|(at, _)| *at <= pair[1].0) + 1).min(level.len());
        let near = level.get(from..to).unwrap_or(&[]);
        if near.windows(2).all(|pair| (pair[0].1.round() - pair[1].1.round()).abs() < 0.5) {
            return false;
        }
        steps += 1;
    }
    steps >= FEWEST_STEPS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::percent_times_constant;

    /// A battery of `full` that loses `per_cent_a_minute`, read every 10 s: (level, counter in steps of `step`).
    fn battery(full: f64, per_cent_a_minute: f64, step: f64) -> [Vec<(f64, f64)>; 2] {
        let of = |value: &dyn Fn(f64) -> f64| {
            (0..90)
                .map(|i| f64::from(i) * 10.0)
                .map(|t| (t, value(80.4 - per_cent_a_minute * t / 60.0)))
                .collect()
        };
        [of(&f64::round), of(&|percent: f64| (percent / 100.0 * full / step).round() * step)]
    }

    #[test]
    fn a_disguised_level_is_found() {
        let [level, _] = battery(4.0, 0.6, 1.0);
        let disguised: Vec<_> = level.iter().map(|(t, level)| (*t, level * 0.04)).collect();
        assert!(percent_times_constant(&level, &disguised));
        // With an offset it is not proportional, but still moves with the level alone.
        let offset: Vec<_> = level.iter().map(|(t, level)| (t + 0.4, 0.1 + level * 0.04)).collect();
        assert!(percent_times_constant(&level, &offset));
    }

    #[test]
    fn nothing_is_said_while_the_level_stands() {
        let level: Vec<_> = (0..20).map(|i| (f64::from(i), 80.0)).collect();
        let counter: Vec<_> = (0..20).map(|i| (f64::from(i), 3.2)).collect();
        assert!(!percent_times_constant(&level, &counter));
        assert!(!percent_times_constant(&[], &counter));
        assert!(!percent_times_constant(&level, &[]));
    }

    proptest! {
        #[test]
        fn a_counter_that_counts_is_never_refused(full in 1.0_f64..8.0, slope in 0.2_f64..1.5, step in 1e-6_f64..5e-3) {
            let [level, counter] = battery(full, slope, step);
            prop_assert!(!percent_times_constant(&level, &counter));
        }

        #[test]
        fn a_level_times_anything_always_is(full in 0.5_f64..9.0, slope in 0.3_f64..1.5) {
            let [level, _] = battery(full, slope, 1.0);
            let disguised: Vec<_> = level.iter().map(|(t, level)| (*t, (level * full * 1e4).round() * 1e-6)).collect();
            prop_assert!(percent_times_constant(&level, &disguised));
        }
    }
}
