//! How often a sensor has something new to say.

/// Fewest changes that a period is told from.
const FEWEST_CHANGES: usize = 5;

/// Median time for which a reading stays the same, seconds; `None` with fewer than five changes.
///
/// What was there before the first change is left out, as nobody saw it begin. The period can not be found shorter
/// than the time between two readings.
#[must_use]
pub fn refresh_s(readings: &[(f64, f64)]) -> Option<f64> {
    let mut changes =
        readings.windows(2).filter(|pair| pair[0].1.to_bits() != pair[1].1.to_bits()).map(|pair| pair[1].0);
    let mut before = changes.next()?;
    let mut lengths = Vec::new();
    for change in changes {
        lengths.push(change - before);
        before = change;
    }
    if lengths.len() + 1 < FEWEST_CHANGES {
        return None;
    }
    lengths.sort_unstable_by(f64::total_cmp);
    let half = lengths.len() / 2;
    let upper = lengths[half];
    Some(if lengths.len().is_multiple_of(2) { f64::midpoint(lengths[half - 1], upper) } else { upper })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::refresh_s;

    /// Ten readings a second of a sensor that renews its value every `period` seconds.
    fn watched(period: f64, seconds: u32) -> Vec<(f64, f64)> {
        (0..seconds * 10)
            .map(|tick| f64::from(tick) / 10.0)
            .map(|t| (t, (t / period + 1e-9).floor()))
            .collect()
    }

    #[test]
    fn by_hand() {
        assert!((refresh_s(&watched(1.0, 20)).expect("changes") - 1.0).abs() < 1e-9);
        assert!((refresh_s(&watched(10.0, 70)).expect("changes") - 10.0).abs() < 1e-9);
        assert_eq!(refresh_s(&watched(10.0, 50)), None, "four changes");
        assert_eq!(refresh_s(&[]), None);
    }

    proptest! {
        #[test]
        fn found_to_the_time_between_readings(period in 0.2_f64..8.0) {
            let found = refresh_s(&watched(period, 80)).expect("nine changes or more");
            prop_assert!((found - period).abs() <= 0.1 + 1e-9, "{found} for {period}");
        }

        #[test]
        fn never_negative_or_longer_than_all(mut times in prop::collection::vec(0.0_f64..1e6, 0..50), values in prop::collection::vec(-3_i8..3, 50)) {
            times.sort_unstable_by(f64::total_cmp);
            let readings: Vec<_> = times.iter().zip(values).map(|(t, value)| (*t, f64::from(value))).collect();
            if let Some(found) = refresh_s(&readings) {
                prop_assert!(found >= 0.0 && found <= times[times.len() - 1] - times[0]);
            }
        }
    }
}
