//! A line through points, of which a minority may be anywhere.

/// The median of the slopes between all pairs of points (Theil 1950, Sen 1968); `None` without two different abscissae.
pub(crate) fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let mut slopes = Vec::with_capacity(points.len().saturating_sub(1) * points.len() / 2);
    for (index, (x0, y0)) in points.iter().enumerate() {
        let later = points[index + 1..].iter().filter(|(x1, _)| x1 > x0);
        slopes.extend(later.map(|(x1, y1)| (y1 - y0) / (x1 - x0)));
    }
    median(&mut slopes)
}

/// The middle value; the upper of the two middle values of an even number.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let (_, value, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    Some(*value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_wild_points_does_not_move_the_line() {
        let points: Vec<(f64, f64)> = (0..40)
            .map(|n| (f64::from(n), if n % 4 == 0 { 1e6 } else { 3.0 + 0.5 * f64::from(n) }))
            .collect();
        let slope = slope(&points).expect("a line");
        assert!((slope - 0.5).abs() < 1e-9, "{slope}");
        assert_eq!(super::slope(&[(1.0, 1.0), (1.0, 2.0)]), None);
        assert_eq!(super::slope(&[]), None);
    }
}
