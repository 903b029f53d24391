//! The smallest step of a channel.

/// Steps this much smaller than the values themselves come from the arithmetic of floating point.
const ROUNDING: f64 = 1e-9;

/// How far two steps may differ and be the same one, as a part of it.
const SAME: f64 = 0.01;

/// Smallest step between distinct readings, in their unit; `None` while fewer than two differ.
///
/// A step that occurs only once between neighbouring values is not believed while a larger one repeats: some
/// drivers round the same value in two ways.
#[must_use]
pub fn resolution(readings: &[(f64, f64)]) -> Option<f64> {
    let mut values: Vec<f64> = readings.iter().map(|(_, value)| *value).filter(|v| v.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    let size = values.first()?.abs().max(values.last()?.abs());
    let mut steps: Vec<f64> =
        values.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > size * ROUNDING).collect();
    steps.sort_unstable_by(f64::total_cmp);
    let repeated = steps.windows(2).find(|pair| pair[1] - pair[0] <= pair[0] * SAME).map(|pair| pair[0]);
    repeated.or_else(|| steps.first().copied())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::resolution;

    fn at_seconds(values: &[f64]) -> Vec<(f64, f64)> {
        values.iter().enumerate().map(|(second, value)| (second as f64, *value)).collect()
    }

    #[test]
    fn of_a_counter_of_one_and_of_nothing() {
        let counter = at_seconds(&[2.871, 2.871, 2.866_725, 2.866_725, 2.858_175, 2.853_9]);
        assert!((resolution(&counter).expect("steps") - 0.004_275).abs() < 1e-9);
        assert_eq!(resolution(&at_seconds(&[4.0, 4.0])), None);
        assert_eq!(resolution(&[]), None);
        assert_eq!(resolution(&at_seconds(&[f64::NAN, 1.0, f64::INFINITY])), None);
    }

    #[test]
    fn one_odd_rounding_is_not_the_step() {
        let readings = at_seconds(&[30.0, 30.1, 30.2, 30.3, 30.300_5, 30.4]);
        assert!((resolution(&readings).expect("steps") - 0.1).abs() < 2e-3);
        // Where nothing repeats, the smallest is all there is.
        assert_eq!(resolution(&at_seconds(&[0.0, 1.0, 3.0])), Some(1.0));
    }

    proptest! {
        #[test]
        fn of_multiples_is_a_multiple(step in 1e-6_f64..10.0, ticks in prop::collection::vec(-500_i32..500, 2..60)) {
            let values: Vec<f64> = ticks.iter().map(|tick| f64::from(*tick) * step).collect();
            if let Some(found) = resolution(&at_seconds(&values)) {
                let times = found / step;
                prop_assert!(times > 0.999 && (times - times.round()).abs() < 1e-3, "{found} of {step}");
            } else {
                prop_assert!(ticks.iter().all(|tick| *tick == ticks[0]));
            }
        }
    }
}
