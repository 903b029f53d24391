//! Nearest-rank quantiles and their exact, distribution-free bounds.

use super::binomial;

/// Rounding slack of probabilities: `1 - 0.95` must count as 0.05.
const SLACK: f64 = 1e-9;

/// One-sided error of a bound.
const ALPHA: f64 = 0.05;

/// Position (from 0) of the nearest-rank quantile: `ceil(q * n)`, at least the first. `None` when `n` is 0.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 1..=n before the cast counts"
)]
pub fn nearest_rank(n: usize, q: f64) -> Option<usize> {
    let rank = (q * n as f64 - SLACK).ceil().max(1.0) as usize;
    (n > 0).then(|| rank.min(n) - 1)
}

/// The nearest-rank quantile of a sorted slice.
#[must_use]
pub fn of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    sorted.get(nearest_rank(sorted.len(), q)?).copied()
}

/// Position (from 0) of the order statistic that is, with 95 % confidence, not below the quantile.
///
/// The smallest `k` with `P(Bin(n, q) <= k - 1) >= 0.95`. `None` when even the largest value is not enough.
#[must_use]
pub fn upper_position(n: usize, q: f64) -> Option<usize> {
    let trials = n as u64;
    let enough = |k: usize| binomial::cdf(k as u64 - 1, trials, q).is_some_and(|p| p >= 1.0 - ALPHA - SLACK);
    if n == 0 || !enough(n) {
        return None;
    }
    let (mut low, mut high) = (1, n);
    while low < high {
        let middle = usize::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low - 1)
}

/// Position (from 0) of the order statistic that is, with 95 % confidence, not above the quantile.
///
/// The largest `k` with `P(Bin(n, q) <= k - 1) <= 0.05`. `None` when even the smallest value is not enough.
#[must_use]
pub fn lower_position(n: usize, q: f64) -> Option<usize> {
    let trials = n as u64;
    let enough = |k: usize| binomial::cdf(k as u64 - 1, trials, q).is_some_and(|p| p <= ALPHA + SLACK);
    if n == 0 || !enough(1) {
        return None;
    }
    let (mut low, mut high) = (1, n);
    while low < high {
        let middle = usize::midpoint(low, high) + 1;
        let middle = middle.min(high);
        if enough(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Some(low - 1)
}

/// Fewest observations with which a quantile has an upper bound at all: `q^n <= 0.05`.
///
/// `None` for a `q` outside 0..1.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
pub fn needed(q: f64) -> Option<u64> {
    (q > 0.0 && q < 1.0).then(|| (ALPHA.ln() / q.ln() - SLACK).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{lower_position, nearest_rank, needed, of_sorted, upper_position};

    #[test]
    fn nearest_rank_by_hand() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(of_sorted(&values, 0.05), Some(1.0));
        assert_eq!(of_sorted(&values, 0.5), Some(10.0));
        assert_eq!(of_sorted(&values, 0.95), Some(19.0));
        assert_eq!(of_sorted(&values, 0.99), Some(20.0));
        assert_eq!(nearest_rank(0, 0.5), None);
    }

    #[test]
    fn needed_counts_of_the_definition() {
        let counts: Vec<_> = [0.5, 0.9, 0.95, 0.99].into_iter().map(needed).collect();
        assert_eq!(counts, [Some(5), Some(29), Some(59), Some(299)]);
        for (q, n) in [(0.5, 5), (0.9, 29), (0.95, 59), (0.99, 299)] {
            assert_eq!(upper_position(n, q), Some(n - 1), "the largest value just suffices");
            assert_eq!(upper_position(n - 1, q), None);
        }
    }

    #[test]
    fn lower_bound_exists_from_one_observation_for_high_quantiles() {
        assert_eq!(lower_position(1, 0.95), Some(0));
        assert_eq!(lower_position(1, 0.5), None);
        assert_eq!(lower_position(5, 0.5), Some(0));
    }

    proptest! {
        #[test]
        fn bounds_enclose_the_nearest_rank(n in 1_usize..3000, q in 0.01_f64..0.995) {
            let rank = nearest_rank(n, q).expect("n > 0");
            if let Some(low) = lower_position(n, q) { prop_assert!(low <= rank && low < n); }
            if let Some(high) = upper_position(n, q) { prop_assert!(high >= rank && high < n); }
        }
    }
}
