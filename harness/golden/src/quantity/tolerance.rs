//! How far a number may be off.

/// An accepted distance from a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Tolerance {
    /// In the unit of the value.
    Absolute(f64),
    /// As a part of the value.
    Share(f64),
}

/// What sums and factors of units lose, relative to the value.
const ROUNDING: f64 = 1e-9;

impl Tolerance {
    /// Reads `"0"`, `"0.5"` or `"2 %"`.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        let (number, share) = match written.strip_suffix('%') {
            Some(number) => (number.trim_end(), true),
            None => (written, false),
        };
        let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)?;
        Some(if share { Self::Share(number / 100.0) } else { Self::Absolute(number) })
    }

    /// Whether a number is near enough to a value.
    pub(crate) fn accepts(self, value: f64, number: f64) -> bool {
        let distance = match self {
            Self::Absolute(distance) => distance,
            Self::Share(share) => share * value.abs(),
        };
        (number - value).abs() <= distance + ROUNDING * value.abs().max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Tolerance;

    #[test]
    fn distances_and_shares() {
        let accepts =
            |written: &str, value, number| Tolerance::parse(written).expect(written).accepts(value, number);
        assert!(accepts("0", 0.3, 0.1 + 0.2) && !accepts("0", 10.0, 10.001));
        assert!(accepts("0.5", 10.0, 9.5) && !accepts("0.5", 10.0, 9.49));
        assert!(accepts("2 %", -100.0, -98.0) && !accepts("2%", -100.0, -97.9));
        assert!(!accepts("2 %", 10.0, f64::NAN));
    }

    #[test]
    fn what_is_no_distance_is_refused() {
        for bad in ["", "-1", "%", "two", "inf", "nan %", "1 K"] {
            assert_eq!(Tolerance::parse(bad), None, "{bad}");
        }
    }
}
