//! A rising quantity over time, known at some moments and straight between them.

/// Points with rising `x` and never falling `y`; constant before the first and after the last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Curve {
    /// Appends a point. The caller keeps `x` and `y` from falling.
    pub fn push(&mut self, x: f64, y: f64) {
        self.x.push(x);
        self.y.push(y);
    }

    /// The value at `x`.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        interpolate(&self.x, &self.y, x)
    }

    /// The last value; 0 for an empty curve.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.y.last().copied().unwrap_or(0.0)
    }
}

fn interpolate(x: &[f64], y: &[f64], at: f64) -> f64 {
    let after = x.partition_point(|&point| point <= at);
    match (after.checked_sub(1), y.get(after)) {
        (None, first) => first.copied().unwrap_or(0.0),
        (Some(before), None) => y[before],
        (Some(before), Some(&upper)) => {
            let part = (at - x[before]) / (x[after] - x[before]);
            y[before] + (upper - y[before]) * part
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Curve;

    #[test]
    fn straight_between_points_and_flat_outside() {
        let mut curve = Curve::default();
        for (x, y) in [(1.0, 0.0), (3.0, 4.0), (5.0, 4.0), (6.0, 5.0)] {
            curve.push(x, y);
        }
        let values: Vec<f64> = [0.0, 1.0, 2.0, 4.0, 5.5, 9.0].into_iter().map(|x| curve.at(x)).collect();
        assert_eq!(values, [0.0, 0.0, 2.0, 4.0, 4.5, 5.0]);
        assert!(Curve::default().at(1.0).abs() < 1e-12);
    }
}
