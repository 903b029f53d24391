//! Theil-Sen slope with bounds after Sen (1968): robust against outliers and steps of a few points.

use super::{Z_95, median};

/// The median slope with one-sided 95 % bounds, where the count of points allows them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slope {
    /// Median of all pairwise slopes.
    pub value: f64,
    /// Lower bound.
    pub lo: Option<f64>,
    /// Upper bound.
    pub hi: Option<f64>,
}

/// Most points: the pairs grow with their square.
const MOST_POINTS: usize = 512;

/// The slope of `y` over `x`. `None` with fewer than 3 usable points, or more than 512.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "ranks are clamped to the list first"
)]
pub fn slope(points: &[(f64, f64)]) -> Option<Slope> {
    let n = points.len();
    if !(3..=MOST_POINTS).contains(&n) {
        return None;
    }
    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    for (i, &(x0, y0)) in points.iter().enumerate() {
        for &(x1, y1) in &points[i + 1..] {
            let slope = (y1 - y0) / (x1 - x0);
            if slope.is_finite() {
                slopes.push(slope);
            }
        }
    }
    let value = median(&mut slopes)?;
    let count = n as f64;
    let reach = Z_95 * (count * (count - 1.0) * (2.0 * count + 5.0) / 18.0).sqrt();
    let pairs = slopes.len() as f64;
    // Ranks from 1, rounded outwards.
    let (low, high) = (((pairs - reach) / 2.0).floor(), f64::midpoint(pairs, reach).ceil() + 1.0);
    let at = |rank: f64| (rank >= 1.0 && rank <= pairs).then(|| slopes[rank as usize - 1]);
    Some(Slope { value, lo: at(low), hi: at(high) })
}

#[cfg(test)]
mod tests {
    use super::slope;

    fn points(n: u32, y: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (0..n).map(|i| (f64::from(i), y(f64::from(i)))).collect()
    }

    #[test]
    fn a_straight_line_is_itself() {
        let slope = slope(&points(16, |x| 3.0 + 0.5 * x)).expect("enough points");
        assert_eq!((slope.value, slope.lo, slope.hi), (0.5, Some(0.5), Some(0.5)));
    }

    #[test]
    fn one_outlier_does_not_move_it() {
        let mut points = points(16, |x| 2.0 * x);
        points[3].1 = 1e6;
        assert!((slope(&points).expect("enough points").value - 2.0).abs() < 1e-9);
    }

    #[test]
    fn few_points_have_no_bounds_and_two_have_no_slope() {
        let four = slope(&points(4, |x| x)).expect("a slope");
        assert_eq!((four.lo, four.hi), (None, None));
        assert_eq!(slope(&points(2, |x| x)), None);
        assert_eq!(slope(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
    }

    #[test]
    fn bounds_enclose_the_truth_of_a_scattered_line() {
        // Slope 1 with a scatter that repeats at no whole number.
        let slope = slope(&points(20, |x| x + 2.0 * (17.3 * x).sin())).expect("a slope");
        assert!(slope.lo.expect("lower") < 1.0 && slope.hi.expect("upper") > 1.0);
    }
}
