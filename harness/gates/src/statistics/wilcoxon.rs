//! The signed-rank test of Wilcoxon (1945) for pairs.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::statistics::ranks;

/// Most pairs whose signs are all tried; more are judged by the normal approximation.
const MOST_EXACT: usize = 40;
/// Most pairs: ranking grows with their square.
const MOST_VALUES: usize = 4096;

/// One-sided p of "the differences are negative" under "they scatter evenly around 0". Equal sizes share their ranks,
/// and differences of 0 are left out.
///
/// Exact for up to 40 pairs; with more by the normal approximation with corrections for ties and continuity. `None` where no
/// difference is left, there are more than 4096, or one is no finite number.
#[must_use]
pub fn negative_p(differences: &[f64]) -> Option<f64> {
    let moved: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    if moved.is_empty() || moved.len() > MOST_VALUES || moved.iter().any(|difference| !difference.is_finite())
    {
        return None;
    }
    let ranks = ranks_of_sizes(&moved);
    let seen: usize = ranks.iter().zip(&moved).filter(|(_, moved)| **moved > 0.0).map(|(rank, _)| rank).sum();
    Some(if moved.len() <= MOST_EXACT { exact(&ranks, seen) } else { approximate(&ranks, seen) })
}

fn ranks_of_sizes(values: &[f64]) -> Vec<usize> {
    ranks::twice(&values.iter().map(|value| value.abs()).collect::<Vec<f64>>())
}

/// The part of all choices of signs whose positive ranks add up to no more than was seen.
fn exact(ranks: &[usize], seen: usize) -> f64 {
    let most: usize = ranks.iter().sum();
    let mut ways = vec![0.0_f64; most + 1];
    ways[0] = 1.0;
    for rank in ranks {
        for sum in (0..=most - rank).rev() {
            ways[sum + rank] += ways[sum];
        }
    }
    ways[..=seen].iter().sum::<f64>() / ways.iter().sum::<f64>()
}

/// The sum of signed ranks has the variance of their squares, whatever ties there are.
fn approximate(ranks: &[usize], seen: usize) -> f64 {
    let half = ranks.iter().sum::<usize>() as f64 / 2.0;
    let variance = ranks.iter().map(|rank| (rank * rank) as f64).sum::<f64>() / 4.0;
    // Twice a rank moves by 2 where one sign changes.
    Normal::standard().cdf((seen as f64 + 1.0 - half) / variance.sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{approximate, exact, negative_p, ranks_of_sizes};

    #[test]
    fn by_hand() {
        let p = |differences: &[f64]| negative_p(differences).expect("differences");
        // One choice of signs in 32.
        assert!((p(&[-1.0, -2.0, -3.0, -4.0, -5.0]) - 1.0 / 32.0).abs() < 1e-12);
        // The positive rank is 2: none, 1 or 2 alone, of 16.
        assert!((p(&[-1.0, 2.0, -3.0, -4.0, 0.0]) - 3.0 / 16.0).abs() < 1e-12);
        // Ranks 1.5, 1.5, 3: of eight, sums up to 1.5 come from none, the first and the second.
        assert!((p(&[1.0, -1.0, -2.0]) - 3.0 / 8.0).abs() < 1e-12);
        assert!((p(&[1.0, 2.0, 3.0]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_and_no_numbers_have_none() {
        assert_eq!(negative_p(&[]), None);
        assert_eq!(negative_p(&[0.0, 0.0]), None);
        assert_eq!(negative_p(&[-1.0, f64::NAN]), None);
        assert_eq!(negative_p(&[f64::NEG_INFINITY]), None);
        assert_eq!(negative_p(&vec![-1.0; 5000]), None);
    }

    proptest! {
        #[test]
        fn the_approximation_agrees_with_all_choices(values in proptest::collection::vec(-9_i8..=9, 20..40)) {
            let values: Vec<f64> = values.into_iter().filter(|value| *value != 0).map(f64::from).collect();
            prop_assume!(values.len() > 15);
            let ranks = ranks_of_sizes(&values);
            let seen: usize = ranks.iter().zip(&values).filter(|(_, value)| **value > 0.0).map(|(rank, _)| rank).sum();
            let (all, near) = (exact(&ranks, seen), approximate(&ranks, seen));
            prop_assert!((all - near).abs() < 0.02, "{all} and {near}");
        }

        #[test]
        fn larger_differences_are_never_more_negative(values in proptest::collection::vec(-1.0..1.0_f64, 1..60), by in 0.0..1.0_f64) {
            let larger: Vec<f64> = values.iter().map(|value| value + by).collect();
            if let (Some(before), Some(after)) = (negative_p(&values), negative_p(&larger)) {
                prop_assert!(after >= before - 1e-9, "{before} and {after}");
            }
        }
    }
}
