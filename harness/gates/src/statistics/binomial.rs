//! The binomial distribution, through the regularised incomplete beta function.

use statrs::function::beta::checked_beta_reg;

/// `P(X <= k)` for `X ~ Bin(n, p)`: `I_{1-p}(n - k, k + 1)`.
///
/// `None` for a `p` outside 0..=1.
#[must_use]
pub fn cdf(k: u64, n: u64, p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    if k >= n {
        return Some(1.0);
    }
    if p <= 0.0 || p >= 1.0 {
        return Some(if p <= 0.0 { 1.0 } else { 0.0 });
    }
    checked_beta_reg((n - k) as f64, (k + 1) as f64, 1.0 - p).ok()
}

#[cfg(test)]
mod tests {
    use super::cdf;

    #[test]
    fn agrees_with_sums_by_hand() {
        // Bin(4, 1/2): 1, 4, 6, 4, 1 out of 16.
        for (k, want) in [(0, 1.0), (1, 5.0), (2, 11.0), (3, 15.0), (4, 16.0)] {
            let got = cdf(k, 4, 0.5).expect("a probability");
            assert!((got - want / 16.0).abs() < 1e-12, "{k}: {got}");
        }
        assert_eq!(cdf(0, 3, 0.0), Some(1.0));
        assert_eq!(cdf(2, 3, 1.0), Some(0.0));
        assert_eq!(cdf(2, 3, f64::NAN), None);
    }
}
