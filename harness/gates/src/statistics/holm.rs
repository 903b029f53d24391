//! Holm's step-down correction (1979): many claims, one error for all of them together.

/// Probabilities that may be held against one level, in the order given; a claim without a probability counts as one
/// that shows nothing.
#[must_use]
pub fn corrected(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> =
        p.iter().enumerate().filter_map(|(index, p)| Some((index, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut corrected = vec![None; p.len()];
    let (p_count, mut largest) = (p.len(), 0.0_f64);
    for (rank, (index, p)) in order.into_iter().enumerate() {
        let claims_left = (p_count - rank) as f64;
        largest = largest.max((p * claims_left).min(1.0));
        corrected[index] = Some(largest);
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn by_hand() {
        let got = corrected(&[Some(0.01), Some(0.04), Some(0.03), Some(0.005)]);
        let want = [0.03, 0.06, 0.06, 0.02];
        for (got, want) in got.iter().zip(want) {
            assert!((got.expect("a probability") - want).abs() < 1e-12, "{got:?}");
        }
    }

    #[test]
    fn claims_without_a_probability_are_counted_all_the_same() {
        assert_eq!(corrected(&[None, Some(0.02)]), [None, Some(0.04)]);
        assert_eq!(corrected(&[]), []);
    }
}
