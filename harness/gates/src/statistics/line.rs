//! Least squares through a cloud of points.

/// `y = a + b * x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Value at x = 0.
    pub a: f64,
    /// Rise per unit of x.
    pub b: f64,
    /// Share of the variance of `y` that the line explains.
    pub r2: f64,
}

/// The least-squares line. `None` with fewer than 3 points or without any spread in `x`.
#[must_use]
pub fn fit(points: &[(f64, f64)]) -> Option<Line> {
    let n = points.len() as f64;
    if points.len() < 3 {
        return None;
    }
    let (mx, my) = points.iter().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x / n, sy + y / n));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in points {
        xx += (x - mx) * (x - mx);
        xy += (x - mx) * (y - my);
        yy += (y - my) * (y - my);
    }
    let b = xy / xx;
    let r2 = if yy > 0.0 { xy * xy / (xx * yy) } else { 0.0 };
    (b.is_finite() && r2.is_finite()).then_some(Line { a: my - b * mx, b, r2 })
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn recovers_a_line() {
        let points: Vec<(f64, f64)> = (0..9).map(|i| (f64::from(i), 4.0 + 0.25 * f64::from(i))).collect();
        let line = fit(&points).expect("a line");
        assert!((line.a - 4.0).abs() < 1e-9 && (line.b - 0.25).abs() < 1e-9 && line.r2 > 0.999);
        assert_eq!(fit(&[(1.0, 1.0), (1.0, 2.0), (1.0, 4.0)]), None);
    }
}
