//! The exact test of Mann and Whitney (1947) on ranks: no spread, no distribution assumed.

use crate::statistics::ranks;

/// Most values on both sides: the sums grow with their square.
const MOST_VALUES: usize = 64;

/// One-sided p of "the first are smaller" under "they come from one distribution", by all arrangements of the pooled
/// values; equal values share their ranks.
///
/// `None` where a side is empty, both hold more than 64, or a value is no number.
#[must_use]
pub fn smaller_p(first: &[f64], second: &[f64]) -> Option<f64> {
    let all: Vec<f64> = first.iter().chain(second).copied().collect();
    if first.is_empty() || second.is_empty() || all.len() > MOST_VALUES || all.iter().any(|x| x.is_nan()) {
        return None;
    }
    let ranks = ranks::twice(&all);
    let seen: usize = ranks[..first.len()].iter().sum();
    let most: usize = ranks.iter().sum();
    // ways[k][s]: ways to choose k of the values so that twice their ranks add up to s.
    let mut ways = vec![vec![0.0_f64; most + 1]; first.len() + 1];
    ways[0][0] = 1.0;
    for rank in ranks {
        for chosen in (0..first.len()).rev() {
            for sum in 0..=most - rank {
                ways[chosen + 1][sum + rank] += ways[chosen][sum];
            }
        }
    }
    let last = &ways[first.len()];
    Some(last[..=seen].iter().sum::<f64>() / last.iter().sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::smaller_p;

    #[test]
    fn three_against_three_cannot_go_below_one_in_twenty() {
        let p = smaller_p(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]).expect("six values");
        assert!((p - 0.05).abs() < 1e-12, "{p}");
        let other = smaller_p(&[4.0, 5.0, 6.0], &[1.0, 2.0, 3.0]).expect("six values");
        assert!((other - 1.0).abs() < 1e-12);
    }

    #[test]
    fn by_hand_with_a_tie() {
        // Ranks 1, 2.5 | 2.5, 4: of six arrangements the sum 3.5 or less comes twice.
        let p = smaller_p(&[1.0, 2.0], &[2.0, 3.0]).expect("four values");
        assert!((p - 2.0 / 6.0).abs() < 1e-12, "{p}");
    }

    #[test]
    fn nothing_and_no_numbers_have_none() {
        assert_eq!(smaller_p(&[], &[1.0]), None);
        assert_eq!(smaller_p(&[f64::NAN], &[1.0]), None);
        assert_eq!(smaller_p(&[1.0; 40], &[1.0; 40]), None);
    }
}
