//! Quantiles of values that come in dependent groups: whole groups are resampled.

use super::quantile::{nearest_rank, of_sorted};
use super::random::Random;

/// Resamples; the bounds are the 5th and the 95th percentile of them.
const RESAMPLES: usize = 200;

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

/// The nearest-rank quantile of all values, resampled by group. `None` without any value.
pub fn quantile(groups: &[Vec<f64>], q: f64, random: &mut Random) -> Option<Resampled> {
    let mut sorted: Vec<(f64, usize)> = groups
        .iter()
        .enumerate()
        .flat_map(|(group, values)| values.iter().map(move |value| (*value, group)))
        .collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let value = sorted.get(nearest_rank(sorted.len(), q)?)?.0;
    let mut replicas: Vec<f64> = (0..RESAMPLES).filter_map(|_| replica(&sorted, groups, q, random)).collect();
    replicas.sort_unstable_by(f64::total_cmp);
    let (lo, hi) = (of_sorted(&replicas, 0.05), of_sorted(&replicas, 0.95));
    Some(Resampled { value, lo, hi, n: sorted.len() as u64 })
}

/// The quantile of one resample: groups are drawn, then the sorted values are walked with their groups' weights.
fn replica(sorted: &[(f64, usize)], groups: &[Vec<f64>], q: f64, random: &mut Random) -> Option<f64> {
    let mut weight = vec![0_usize; groups.len()];
    let mut drawn = 0;
    for _ in 0..groups.len() {
        let group = random.below(groups.len());
        weight[group] += 1;
        drawn += groups[group].len();
    }
    let rank = nearest_rank(drawn, q)?;
    // Walk from the nearer end: high quantiles are found after few steps.
    let from_above = drawn - 1 - rank;
    let mut passed = 0;
    if from_above < rank {
        sorted.iter().rev().find(|(_, group)| {
            passed += weight[*group];
            passed > from_above
        })
    } else {
        sorted.iter().find(|(_, group)| {
            passed += weight[*group];
            passed > rank
        })
    }
    .map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::quantile;
    use crate::statistics::random::Random;

    #[test]
    fn equal_groups_have_tight_bounds_and_unequal_ones_wide() {
        let equal: Vec<Vec<f64>> = (0..20).map(|_| (1..=100).map(f64::from).collect()).collect();
        let tight = quantile(&equal, 0.95, &mut Random::from_words(&["a"])).expect("values");
        assert_eq!((tight.value, tight.lo, tight.hi, tight.n), (95.0, Some(95.0), Some(95.0), 2000));
        let unequal: Vec<Vec<f64>> = (0..20).map(|group| vec![f64::from(group); 100]).collect();
        let wide = quantile(&unequal, 0.5, &mut Random::from_words(&["a"])).expect("values");
        assert!(wide.lo < Some(8.0) && wide.hi > Some(11.0), "{wide:?}");
    }

    #[test]
    fn nothing_has_none() {
        assert_eq!(quantile(&[], 0.5, &mut Random::from_words(&[])), None);
        assert_eq!(quantile(&[vec![], vec![]], 0.5, &mut Random::from_words(&[])), None);
    }
}
