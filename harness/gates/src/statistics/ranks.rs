//! Ranks of values, as tests without a distribution use them.

/// Twice the midrank of each value, which is a whole number; equal values share theirs.
pub fn twice(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0; values.len()];
    let mut below = 0;
    for equal in
        order.chunk_by(|a, b| values[*a].partial_cmp(&values[*b]).is_some_and(std::cmp::Ordering::is_eq))
    {
        for place in equal {
            ranks[*place] = 2 * below + equal.len() + 1;
        }
        below += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::twice;

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(twice(&[3.0, 1.0, 2.0, 2.0]), [8, 2, 5, 5]);
        assert_eq!(twice(&[0.0, -0.0]), [3, 3]);
        assert!(twice(&[]).is_empty());
    }
}
