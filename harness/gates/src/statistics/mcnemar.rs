//! The exact test of McNemar (1947): items that two sides answered differently are coins.

use super::binomial;

/// Probabilities of what was seen, or more of it, if neither side were better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exact {
    /// That the candidate is at least as much worse.
    pub worse: f64,
    /// That the sides differ at least as much, either way.
    pub differs: f64,
}

/// From the items that only the baseline answered right, and those that only the candidate did.
///
/// Items on which both agree say nothing here.
#[must_use]
pub fn exact(only_baseline: u64, only_candidate: u64) -> Exact {
    let n = only_baseline + only_candidate;
    let at_most = |k: u64| binomial::cdf(k, n, 0.5).unwrap_or(1.0);
    // The coin is fair: as many or more that only the baseline has are as few or fewer that only the candidate has.
    let worse = at_most(only_candidate);
    let differs = (2.0 * at_most(only_baseline.min(only_candidate))).min(1.0);
    Exact { worse, differs }
}

#[cfg(test)]
mod tests {
    use super::exact;

    #[test]
    fn agrees_with_another_program() {
        // binomtest(only_baseline, n, 0.5, alternative="greater" and "two-sided") of scipy 1.17.1.
        for (only_baseline, only_candidate, worse, differs) in [
            (1, 8, 0.998_046_875, 0.039_062_5),
            (0, 5, 1.0, 0.062_5),
            (10, 2, 0.019_287_109_375, 0.038_574_218_75),
            (15, 40, 0.999_822_359_441, 0.001_015_847_194_13),
            (3, 3, 0.656_25, 1.0),
            (0, 0, 1.0, 1.0),
            (25, 60, 0.999_963_020_263, 0.000_186_799_385_278),
        ] {
            let got = exact(only_baseline, only_candidate);
            assert!((got.worse - worse).abs() < 1e-10, "{only_baseline} {only_candidate}: {got:?}");
            assert!((got.differs - differs).abs() < 1e-10, "{only_baseline} {only_candidate}: {got:?}");
        }
    }
}
