//! Quantiles of values that come in dependent groups: whole groups are resampled.

use super::quantile::{nearest_rank, of_sorted};
use super::random::Random;

/// Resamples; the bounds are the 5th and the 95th percentile of them.
const RESAMPLES: usize = 200;

/// Resamples of a mean: adding up is cheap.
const MEAN_RESAMPLES: usize = 2000;

/// A quantile with the bounds of resampled groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampled {
    /// The quantile of all values.
    pub value: f64,
    /// Lower bound.
    pub lo: Option<f64>,
    /// Upper bound.
    pub hi: Option<f64>,
    /// Values.
    pub n: u64,
}

/// The nearest-rank quantiles of all values, resampled by group. `None` without any value.
pub fn quantiles<const Q: usize>(
    groups: Vec<impl ExactSizeIterator<Item = f64>>,
    of: [f64; Q],
    random: &mut Random,
) -> Option<[Resampled; Q]> {
    let sizes: Vec<usize> = groups.iter().map(ExactSizeIterator::len).collect();
    let mut sorted: Vec<(f64, usize)> = Vec::with_capacity(sizes.iter().sum());
    for (group, values) in groups.into_iter().enumerate() {
        sorted.extend(values.map(|value| (value, group)));
    }
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let last = sorted.last()?.0;
    let mut replicas: [Vec<f64>; Q] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        let (weight, drawn) = draw(&sizes, random);
        for (replicas, q) in replicas.iter_mut().zip(of) {
            replicas.extend(replica(&sorted, &weight, drawn, q));
        }
    }
    let n = sorted.len();
    Some(std::array::from_fn(|index| {
        replicas[index].sort_unstable_by(f64::total_cmp);
        let value = nearest_rank(n, of[index]).map_or(last, |rank| sorted[rank].0);
        let bound = |q: f64| of_sorted(&replicas[index], q);
        Resampled { value, lo: bound(0.05), hi: bound(0.95), n: n as u64 }
    }))
}

/// How often each group was drawn, and the number of values in the resample.
fn draw(sizes: &[usize], random: &mut Random) -> (Vec<usize>, usize) {
    let mut weight = vec![0_usize; sizes.len()];
    let mut drawn = 0;
    for _ in 0..sizes.len() {
        let group = random.below(sizes.len());
        weight[group] += 1;
        drawn += sizes[group];
    }
    (weight, drawn)
}

/// A quantile of one resample: the sorted values are walked with their groups' weights, from the nearer end.
fn replica(sorted: &[(f64, usize)], weight: &[usize], drawn: usize, q: f64) -> Option<f64> {
    let rank = nearest_rank(drawn, q)?;
    let from_above = drawn - 1 - rank;
    let mut passed = 0;
    let mut reaches = |target: usize, group: usize| {
        passed += weight[group];
        passed > target
    };
    let found = if from_above < rank {
        sorted.iter().rev().find(|(_, group)| reaches(from_above, *group))
    } else {
        sorted.iter().find(|(_, group)| reaches(rank, *group))
    };
    found.map(|(value, _)| *value)
}

/// Bounds of a mean whose items come in groups of (sum, items), the 5th and the 95th percentile of resampled groups.
///
/// `None` with fewer than ten groups that hold items: their spread is not known.
pub fn mean_bounds(groups: &[(i64, u64)], random: &mut Random) -> Option<(f64, f64)> {
    const FEWEST: usize = 10;
    let groups: Vec<(i64, u64)> = groups.iter().copied().filter(|(_, items)| *items > 0).collect();
    if groups.len() < FEWEST {
        return None;
    }
    let mut replicas: Vec<f64> = (0..MEAN_RESAMPLES)
        .map(|_| {
            let drawn = (0..groups.len()).map(|_| groups[random.below(groups.len())]);
            let (sum, items) = drawn.fold((0, 0), |total, group| (total.0 + group.0, total.1 + group.1));
            sum as f64 / items as f64
        })
        .collect();
    replicas.sort_unstable_by(f64::total_cmp);
    Some((of_sorted(&replicas, 0.05)?, of_sorted(&replicas, 0.95)?))
}

#[cfg(test)]
mod tests {
    use super::{mean_bounds, quantiles};
    use crate::statistics::random::Random;

    fn values(groups: &[Vec<f64>]) -> Vec<impl ExactSizeIterator<Item = f64>> {
        groups.iter().map(|group| group.iter().copied()).collect()
    }

    #[test]
    fn equal_groups_have_tight_bounds_and_unequal_ones_wide() {
        let equal: Vec<Vec<f64>> = (0..20).map(|_| (1..=100).map(f64::from).collect()).collect();
        let [tight] = quantiles(values(&equal), [0.95], &mut Random::from_words(&["a"])).expect("values");
        assert_eq!((tight.value, tight.lo, tight.hi, tight.n), (95.0, Some(95.0), Some(95.0), 2000));
        let unequal: Vec<Vec<f64>> = (0..20).map(|group| vec![f64::from(group); 100]).collect();
        let [wide] = quantiles(values(&unequal), [0.5], &mut Random::from_words(&["a"])).expect("values");
        assert!(wide.lo < Some(8.0) && wide.hi > Some(11.0), "{wide:?}");
    }

    #[test]
    fn a_share_of_groups_agrees_with_another_program() {
        // 40 groups of five items; the 5th and 95th percentile of 400,000 resamples by numpy are 0.53 and 0.67.
        let groups: Vec<(i64, u64)> = (0..40).map(|group| (group % 4 + 1 + group % 2, 5)).collect();
        assert_eq!(groups.iter().map(|group| group.0).sum::<i64>(), 120);
        let (lo, hi) = mean_bounds(&groups, &mut Random::from_words(&["share"])).expect("forty groups");
        assert!((lo - 0.53).abs() < 0.011 && (hi - 0.67).abs() < 0.011, "{lo} {hi}");
        // By Wilson the same 120 of 200, taken for independent, have bounds that are closer: 0.542 and 0.655.
        assert_eq!(mean_bounds(&groups[..9], &mut Random::from_words(&["share"])), None);
    }

    #[test]
    fn nothing_has_none() {
        assert_eq!(quantiles(values(&[]), [0.5], &mut Random::from_words(&[])), None);
        assert_eq!(quantiles(values(&[vec![], vec![]]), [0.5], &mut Random::from_words(&[])), None);
    }
}
