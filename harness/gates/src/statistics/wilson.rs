//! Bounds of a share by the score interval of Wilson (1927): honest for few items and for shares near 0 and 1.

use super::Z_95;

/// One-sided 95 % bounds of a share, from `right` of `n`.
///
/// `None` without items, or with more right than there are.
#[must_use]
pub fn bounds(right: u64, n: u64) -> Option<(f64, f64)> {
    if n == 0 || right > n {
        return None;
    }
    Some(of_share(right as f64 / n as f64, n))
}

/// One-sided 95 % bounds of a share that is worth `n` independent items, at least one: items that hang together are
/// worth fewer than they are.
#[must_use]
pub fn of_share(share: f64, n: u64) -> (f64, f64) {
    let count = n.max(1) as f64;
    let square = Z_95 * Z_95;
    let middle = share + square / (2.0 * count);
    let half = Z_95 * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt();
    let whole = 1.0 + square / count;
    // Rounding must not show a part of nothing, or less than all of everything.
    let lo = if share <= 0.0 { 0.0 } else { (middle - half) / whole };
    let hi = if share >= 1.0 { 1.0 } else { (middle + half) / whole };
    (lo.clamp(0.0, 1.0), hi.clamp(0.0, 1.0))
}

/// Fewest items with which a share can be shown to be at least `bar` where not more than `wrong` of them are wrong.
///
/// `None` for a bar outside 0..1 and for one that more than a million items would be needed for.
#[must_use]
pub fn needed(bar: f64, wrong: u64) -> Option<u64> {
    const MOST: u64 = 1 << 20;
    if !(bar > 0.0 && bar < 1.0) || wrong >= MOST {
        return None;
    }
    let shows = |n: u64| bounds(n - wrong, n).is_some_and(|(lo, _)| lo >= bar);
    let (mut low, mut high) = (wrong.max(1), MOST);
    if !shows(high) {
        return None;
    }
    while low < high {
        let middle = u64::midpoint(low, high);
        if shows(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

/// Most wrong items of `n` in so many groups with which a share is still shown to be at least `bar`; `None` where even
/// none is too many.
#[must_use]
pub fn affordable(bar: f64, n: u64, groups: u64) -> Option<u64> {
    let shows = |wrong: u64| of_share((n - wrong) as f64 / n as f64, groups).0 >= bar;
    if n == 0 || groups == 0 || !shows(0) {
        return None;
    }
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = u64::midpoint(low, high) + 1;
        if middle <= n && shows(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{affordable, bounds, needed};

    #[test]
    fn agrees_with_another_program() {
        // proportion_confint(right, n, alpha=0.10, method="wilson") of statsmodels 0.15.0.
        for (right, n, lo, hi) in [
            (276, 300, 0.890_324_689_3, 0.942_167_498_1),
            (285, 300, 0.924_984_488_2, 0.966_971_426_8),
            (0, 50, 0.0, 0.051_333_185_8),
            (50, 50, 0.948_666_814_2, 1.0),
            (1, 133, 0.001_679_176_2, 0.032_995_482_8),
            (7, 10, 0.441_699_795_9, 0.873_123_416_1),
            (92, 100, 0.863_535_230_4, 0.954_336_884_1),
        ] {
            let got = bounds(right, n).expect("a share");
            assert!((got.0 - lo).abs() < 1e-9 && (got.1 - hi).abs() < 1e-9, "{right} of {n}: {got:?}");
        }
        assert_eq!(bounds(0, 0), None);
        assert_eq!(bounds(2, 1), None);
    }

    #[test]
    fn what_a_bar_needs_and_what_it_can_afford() {
        // Of 133 without one wrong the lower bound is 1 / (1 + 2.7055 / 133) = 0.98006; of 132 it is 0.97992.
        assert_eq!(needed(0.98, 0), Some(133));
        assert_eq!((affordable(0.98, 132, 132), affordable(0.98, 133, 133)), (None, Some(0)));
        assert_eq!(affordable(0.92, 300, 300), Some(16));
        assert_eq!((needed(1.0, 0), needed(0.0, 0), needed(f64::NAN, 0)), (None, None, None));
    }

    proptest! {
        #[test]
        fn bounds_enclose_the_share_and_more_items_tighten_them(n in 1_u64..2000, part in 0_u64..=100) {
            let right = n * part / 100;
            let (lo, hi) = bounds(right, n).expect("a share");
            let share = right as f64 / n as f64;
            prop_assert!(0.0 <= lo && lo <= share && share <= hi && hi <= 1.0);
            let (more_lo, more_hi) = bounds(10 * right, 10 * n).expect("a share");
            prop_assert!(more_lo >= lo && more_hi <= hi);
        }

        #[test]
        fn what_is_affordable_shows_the_bar_and_one_more_does_not(n in 1_u64..500, bar in 0.5_f64..0.99) {
            if let Some(wrong) = affordable(bar, n, n) {
                prop_assert!(bounds(n - wrong, n).expect("a share").0 >= bar);
                prop_assert!(wrong == n || bounds(n - wrong - 1, n).expect("a share").0 < bar);
                prop_assert!(needed(bar, wrong).expect("it can be shown") <= n);
            }
        }
    }
}
