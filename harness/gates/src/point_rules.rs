//! Rules on figures that are already summaries: no times, no intervals.

/// What a list of rates says about a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloorRule {
    /// First sample, tokens/s.
    pub burst: f64,
    /// Smallest sample, tokens/s.
    pub floor: f64,
    /// The floor is at or over the minimum.
    pub passes: bool,
}

/// Burst and floor of given rates in tokens/s against a minimum: the first sample and the smallest one.
///
/// `None` without samples, or with a number that is not finite: nothing was shown.
#[must_use]
pub fn floor(samples: &[f64], minimum: f64) -> Option<FloorRule> {
    let burst = *samples.first()?;
    if !minimum.is_finite() || samples.iter().any(|sample| !sample.is_finite()) {
        return None;
    }
    let floor = samples.iter().copied().min_by(f64::total_cmp)?;
    Some(FloorRule { burst, floor, passes: floor >= minimum })
}

#[cfg(test)]
mod tests {
    use super::{FloorRule, floor};

    #[test]
    fn a_fast_start_does_not_save_a_slow_floor() {
        let rule = floor(&[23.0, 22.4, 21.7, 18.3, 16.8], 18.0);
        assert_eq!(rule, Some(FloorRule { burst: 23.0, floor: 16.8, passes: false }));
        assert_eq!(floor(&[23.0, 18.0], 18.0).map(|rule| rule.passes), Some(true));
    }

    #[test]
    fn nothing_or_not_a_number_shows_nothing() {
        assert_eq!(floor(&[], 18.0), None);
        assert_eq!(floor(&[20.0, f64::NAN], 18.0), None);
        assert_eq!(floor(&[20.0], f64::NAN), None);
    }
}
