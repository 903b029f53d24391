//! Statistics that the gates rest on: small, deterministic, each with its source.

pub mod batch;
pub mod binomial;
pub mod bootstrap;
pub mod change_points;
pub mod cluster;
pub mod holm;
pub mod least_squares;
pub mod line;
pub mod mann_kendall;
pub mod mann_whitney;
pub mod mcnemar;
pub mod paired_share;
pub mod quantile;
pub mod random;
pub mod ranks;
pub mod student;
pub mod theil_sen;
pub mod wilcoxon;
pub mod wilson;

/// The standard normal quantile of a one-sided 95 % bound.
pub const Z_95: f64 = 1.644_853_626_951_472_2;

/// Median of finite values; the mean of the middle two where their count is even.
///
/// Sorts its argument. `None` when it is empty.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    Some(if values.len().is_multiple_of(2) { f64::midpoint(values[half - 1], upper) } else { upper })
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn median_of_odd_even_and_nothing() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
