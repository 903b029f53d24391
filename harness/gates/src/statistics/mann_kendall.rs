//! Mann-Kendall test for an upward trend (Mann 1945, Kendall 1975), with the correction for ties.

use statrs::distribution::{ContinuousCDF, Normal};

/// Most values: the pairs grow with their square.
const MOST_VALUES: usize = 512;

/// One-sided p of an upward trend under "no trend", by the normal approximation with continuity correction.
///
/// `None` with fewer than 4 values or more than 512. Values without any difference give 1.
#[must_use]
pub fn upward_p(values: &[f64]) -> Option<f64> {
    let n = values.len();
    if !(4..=MOST_VALUES).contains(&n) {
        return None;
    }
    let mut balance = 0_i64;
    for (i, first) in values.iter().enumerate() {
        for later in &values[i + 1..] {
            balance += i64::from(later > first) - i64::from(later < first);
        }
    }
    let spread = |count: f64| count * (count - 1.0) * (2.0 * count + 5.0);
    let variance = (spread(n as f64) - ties(values).map(|count| spread(count as f64)).sum::<f64>()) / 18.0;
    if variance <= 0.0 {
        return Some(1.0);
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 512 * 511 / 2")]
    let corrected = (balance - balance.signum()) as f64;
    Some(1.0 - Normal::standard().cdf(corrected / variance.sqrt()))
}

/// Sizes of the groups of equal values.
fn ties(values: &[f64]) -> impl Iterator<Item = usize> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let sizes: Vec<usize> = sorted.chunk_by(|a, b| a.total_cmp(b).is_eq()).map(<[f64]>::len).collect();
    sizes.into_iter()
}

#[cfg(test)]
mod tests {
    use super::upward_p;

    #[test]
    fn a_rise_a_fall_and_nothing() {
        let rise: Vec<f64> = (0..12).map(f64::from).collect();
        let fall: Vec<f64> = rise.iter().rev().copied().collect();
        assert!(upward_p(&rise).expect("12 values") < 1e-4);
        assert!(upward_p(&fall).expect("12 values") > 0.999);
        assert_eq!(upward_p(&[5.0; 12]), Some(1.0));
        assert_eq!(upward_p(&rise[..3]), None);
    }

    #[test]
    fn by_hand_with_ties() {
        // Of the six pairs of 1 2 2 3 five rise and one is a tie; the variance is (4*3*13 - 2*1*9) / 18.
        let p = upward_p(&[1.0, 2.0, 2.0, 3.0]).expect("four values");
        let z: f64 = 4.0 / (138.0_f64 / 18.0).sqrt();
        assert!((z - 1.4446).abs() < 1e-3);
        assert!((p - 0.0743).abs() < 1e-3, "{p}");
    }
}
