//! Where the level of a short series changed, with a known spread.
//!
//! Optimal partitioning: of all ways to cut the series into stretches of one level, the one with the least sum of squares plus
//! a penalty for each cut (Jackson and others, An algorithm for optimal partitioning of data on an interval, 2005; pruned it is
//! PELT of Killick, Fearnhead and Eckley, 2012, which short series do not need).
//!
//! The penalty is not that of an information criterion, which invents cuts in short series, but the least one at which a
//! series without any change is cut with a probability of `alpha` at most, whatever its length. With `k` cuts at given places, the
//! squares that they save, by `k` and the estimated variance, follow F with `k` and the variance's degrees of freedom; summed over
//! the numbers of cuts and over the `n - 1` choose `k` ways to place them (Boole's inequality) that stays below `alpha`.

use super::student::variance_ratio_p;

/// A value with the weight of what it is a mean of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// On a scale where the spread is the same everywhere.
    pub value: f64,
    /// Independent observations behind it; above 0.
    pub weight: f64,
}

/// The spread of one observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Standard deviation; above 0.
    pub sigma: f64,
    /// Degrees of freedom of its estimate; above 0.
    pub freedom: f64,
}

/// Places at which a new level begins, rising; none where the series is shorter than two, or the spread is no number above 0.
#[must_use]
pub fn change_points(series: &[Level], known: Known, alpha: f64) -> Vec<usize> {
    let usable = known.sigma > 0.0 && known.sigma.is_finite() && known.freedom > 0.0;
    let all_finite = series.iter().all(|level| level.value.is_finite() && level.weight > 0.0);
    if series.len() < 2 || !usable || !all_finite {
        return Vec::new();
    }
    let Some(penalty) = penalty(series.len(), known.freedom, alpha) else { return Vec::new() };
    let sums = Sums::of(series);
    let variance = known.sigma * known.sigma;
    // Least cost of the first `end` values, and where its last stretch begins.
    let mut best: Vec<(f64, usize)> = vec![(-penalty, 0)];
    for end in 1..=series.len() {
        let cost = |begin: usize| best[begin].0 + sums.squares(begin, end) / variance + penalty;
        let least = (0..end).map(|begin| (cost(begin), begin)).min_by(|one, other| one.0.total_cmp(&other.0));
        best.extend(least);
    }
    let mut places = Vec::new();
    let mut begin = best[series.len()].1;
    while begin > 0 {
        places.push(begin);
        begin = best[begin].1;
    }
    places.reverse();
    places
}

/// The mean of a stretch.
#[must_use]
pub fn level_of(stretch: &[Level]) -> f64 {
    let weight: f64 = stretch.iter().map(|level| level.weight).sum();
    stretch.iter().map(|level| level.value * level.weight).sum::<f64>() / weight
}

/// The least penalty at which a series of this length without a change is cut with a probability of `alpha` at most.
fn penalty(length: usize, freedom: f64, alpha: f64) -> Option<f64> {
    let (mut low, mut high) = (0.0, 1.0);
    while invented(length, freedom, high)? > alpha {
        high *= 2.0;
        if high > 1e12 {
            return None;
        }
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if invented(length, freedom, middle)? > alpha { low = middle } else { high = middle }
    }
    Some(high)
}

/// A bound of the probability that a series without a change is cut.
fn invented(length: usize, freedom: f64, penalty: f64) -> Option<f64> {
    let places = length - 1;
    let (mut ways, mut sum) = (1.0, 0.0);
    for cuts in 1..=places {
        ways *= (places - cuts + 1) as f64 / cuts as f64;
        sum += ways * variance_ratio_p(penalty, cuts as f64, freedom)?;
    }
    Some(sum)
}

/// Running sums, so that the squares of any stretch are there at once.
struct Sums {
    /// Weight, weighted value, weighted square, of all before.
    before: Vec<[f64; 3]>,
}

impl Sums {
    fn of(series: &[Level]) -> Self {
        // Squares around a value in the middle of all: nothing is lost to rounding.
        let centre = level_of(series);
        let mut sum = [0.0; 3];
        let mut before = vec![sum];
        for Level { value, weight } in series {
            let apart = value - centre;
            sum = [sum[0] + weight, sum[1] + weight * apart, sum[2] + weight * apart * apart];
            before.push(sum);
        }
        Self { before }
    }

    /// Weighted squares of a stretch around its own mean.
    fn squares(&self, begin: usize, end: usize) -> f64 {
        let [weight, sum, squares] =
            [0, 1, 2].map(|which| self.before[end][which] - self.before[begin][which]);
        (squares - sum * sum / weight).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::random::Random;

    const KNOWN: Known = Known { sigma: 0.01, freedom: 20.0 };

    fn series(values: &[f64]) -> Vec<Level> {
        values.iter().map(|value| Level { value: *value, weight: 1.0 }).collect()
    }

    #[test]
    fn a_step_is_found_where_it_is() {
        let steps = series(&[3.00, 3.01, 2.99, 2.70, 2.71, 2.69]);
        assert_eq!(change_points(&steps, KNOWN, 0.01), [3]);
        assert!((level_of(&steps[3..]) - 2.7).abs() < 1e-9);
        assert_eq!(change_points(&series(&[3.0, 3.0, 2.7, 2.7, 3.0, 3.0]), KNOWN, 0.01), [2, 4]);
        assert_eq!(change_points(&series(&[3.0, 3.01, 2.99, 2.5]), KNOWN, 0.01), [3], "the last one alone");
    }

    #[test]
    fn what_the_spread_explains_is_no_change() {
        assert!(change_points(&series(&[3.0, 3.01, 2.985, 3.005, 2.99]), KNOWN, 0.01).is_empty());
        let doubtful = Known { freedom: 1.0, ..KNOWN };
        let step = series(&[3.0, 3.01, 2.94, 2.95]);
        assert!(change_points(&step, doubtful, 0.01).is_empty(), "a spread that two runs tell proves little");
        for none in [Known { sigma: 0.0, ..KNOWN }, Known { sigma: f64::NAN, ..KNOWN }] {
            assert!(change_points(&step, none, 0.01).is_empty());
        }
        assert!(change_points(&series(&[1.0]), KNOWN, 0.01).is_empty());
        assert!(change_points(&series(&[1.0, f64::NAN, 3.0]), KNOWN, 0.01).is_empty());
    }

    #[test]
    fn many_units_show_a_smaller_step() {
        let small = [3.0, 3.0, 2.97, 2.97];
        assert!(change_points(&series(&small), KNOWN, 0.01).is_empty());
        let of_nine: Vec<Level> = small.iter().map(|value| Level { value: *value, weight: 9.0 }).collect();
        assert_eq!(change_points(&of_nine, KNOWN, 0.01), [2]);
    }

    #[test]
    fn a_series_without_a_change_is_seldom_cut() {
        let mut random = Random::from_words(&["change points"]);
        // Twelve uniform numbers less six: near enough to normal, and never beyond six.
        let mut normal = || (0..12).map(|_| random.part()).sum::<f64>() - 6.0;
        let mut cut = 0;
        for _ in 0..2000 {
            let values: Vec<f64> = (0..8).map(|_| 3.0 + 0.01 * normal()).collect();
            let exact = Known { sigma: 0.01, freedom: 1e6 };
            cut += usize::from(!change_points(&series(&values), exact, 0.01).is_empty());
        }
        assert!(cut <= 20, "{cut} of 2000");
    }

    proptest! {
        #[test]
        fn shift_and_order_of_time_change_nothing(
            values in proptest::collection::vec(-1.0..1.0_f64, 2..14),
            shift in -100.0..100.0_f64,
        ) {
            let known = Known { sigma: 0.1, freedom: 12.0 };
            let found = change_points(&series(&values), known, 0.01);
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(found.iter().all(|place| (1..values.len()).contains(place)));
            let shifted: Vec<f64> = values.iter().map(|value| value + shift).collect();
            prop_assert_eq!(&change_points(&series(&shifted), known, 0.01), &found);
            let backwards: Vec<f64> = values.iter().rev().copied().collect();
            let mirrored: Vec<usize> = found.iter().rev().map(|place| values.len() - place).collect();
            prop_assert_eq!(change_points(&series(&backwards), known, 0.01), mirrored);
        }

        #[test]
        fn a_large_step_is_always_found(
            before in proptest::collection::vec(-0.01..0.01_f64, 2..8),
            after in proptest::collection::vec(-0.01..0.01_f64, 2..8),
        ) {
            let values: Vec<f64> = before.iter().copied().chain(after.iter().map(|value| value - 0.5)).collect();
            prop_assert_eq!(change_points(&series(&values), KNOWN, 0.01), vec![before.len()]);
        }
    }
}
