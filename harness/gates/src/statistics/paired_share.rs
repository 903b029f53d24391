//! Bounds of a difference of two shares on the same items: the score interval of Tango (1998).

use super::Z_95;

/// Halvings of an interval of length 2: finer than a double tells apart.
const HALVINGS: u32 = 60;

/// Items by what two sides made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairs {
    /// Right by the baseline alone.
    pub only_baseline: u64,
    /// Right by the candidate alone.
    pub only_candidate: u64,
    /// All items, those on which both agree among them.
    pub n: u64,
}

impl Pairs {
    /// Share of the candidate less that of the baseline. `None` without items.
    #[must_use]
    pub fn difference(self) -> Option<f64> {
        (self.n > 0).then(|| (self.only_candidate as f64 - self.only_baseline as f64) / self.n as f64)
    }

    /// One-sided 95 % bounds of the difference. `None` without items, or with more of them apart than there are.
    #[must_use]
    pub fn bounds(self) -> Option<(f64, f64)> {
        self.bounds_of(self.n)
    }

    /// The same where the pairs are worth so many independent ones: those that hang together are worth fewer than they are.
    #[must_use]
    pub fn bounds_of(self, worth: u64) -> Option<(f64, f64)> {
        let difference = self.difference().filter(|_| self.only_baseline + self.only_candidate <= self.n)?;
        let weight = worth as f64 / self.n as f64;
        let lo = bisected(-1.0, difference, |truth| self.score(truth, weight) > Z_95);
        let hi = bisected(difference, 1.0, |truth| self.score(truth, weight) > -Z_95);
        Some((lo, hi))
    }

    /// By how many standard deviations the counts, each of this weight, are over a true difference: a falling function of it.
    fn score(self, truth: f64, weight: f64) -> f64 {
        let [n, lost, gained] =
            [self.n, self.only_baseline, self.only_candidate].map(|count| count as f64 * weight);
        // The likeliest share that only the baseline has right, given the difference: the larger root of
        // 2n x^2 - slope x - lost truth (1 - truth) = 0, the derivative of the likelihood cleared of its denominators.
        let slope = (lost + gained) * (1.0 - truth) - 2.0 * (n - gained) * truth;
        let root = (slope * slope + 8.0 * n * lost * truth * (1.0 - truth)).max(0.0).sqrt();
        let likeliest = ((slope + root) / (4.0 * n)).max(0.0).max(-truth);
        let variance = (2.0 * likeliest + truth - truth * truth) * n;
        let above = gained - lost - n * truth;
        if variance > 0.0 { above / variance.sqrt() } else { above.signum() * f64::INFINITY }
    }
}

/// The end of the part of an interval, from its low end, on which something holds.
fn bisected(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pairs;

    fn pairs(only_baseline: u64, only_candidate: u64, n: u64) -> Pairs {
        Pairs { only_baseline, only_candidate, n }
    }

    #[test]
    fn agrees_with_likelihoods_that_another_program_maximised() {
        // The score statistic with the shares that `minimize_scalar` finds under the constraint, its roots by `brentq`:
        // scipy 1.17.1.
        for (pairs, lo, hi) in [
            (pairs(12, 2, 50), -0.320_413_39, -0.085_474_38),
            (pairs(0, 0, 300), -0.008_937_87, 0.008_937_87),
            (pairs(5, 5, 300), -0.019_368_84, 0.019_368_84),
            (pairs(9, 1, 300), -0.047_960_51, -0.011_065_87),
            (pairs(3, 0, 300), -0.024_755_75, -0.000_972_75),
            (pairs(20, 30, 400), -0.004_173_37, 0.054_959_75),
            (pairs(1, 0, 60), -0.071_314_88, 0.027_199_25),
            (pairs(0, 4, 100), 0.012_603_57, 0.086_152_90),
        ] {
            let got = pairs.bounds().expect("items");
            assert!((got.0 - lo).abs() < 1e-6 && (got.1 - hi).abs() < 1e-6, "{pairs:?}: {got:?}");
        }
    }

    #[test]
    fn nothing_has_no_difference() {
        assert_eq!(pairs(0, 0, 0).bounds(), None);
        assert_eq!(pairs(2, 2, 3).bounds(), None);
    }

    proptest! {
        #[test]
        fn swapping_the_sides_turns_the_bounds_around(lost in 0_u64..60, gained in 0_u64..60, rest in 0_u64..500) {
            prop_assume!(lost + gained + rest > 0);
            let n = lost + gained + rest;
            let (lo, hi) = pairs(lost, gained, n).bounds().expect("items");
            let (other_lo, other_hi) = pairs(gained, lost, n).bounds().expect("items");
            prop_assert!((lo + other_hi).abs() < 1e-9 && (hi + other_lo).abs() < 1e-9);
            let difference = pairs(lost, gained, n).difference().expect("items");
            prop_assert!(lo <= difference + 1e-9 && difference <= hi + 1e-9);
        }
    }
}
