//! From readings of a power to an energy.

use edgesoak_record::quality;

use crate::defaults::LEAST_COVERAGE;
use crate::outcome::Missing;
use crate::statistics::Z_95;

/// An energy out of single readings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Integral {
    /// Joules over the whole time.
    pub joules: f64,
    /// Relative error of sampling.
    pub sampling: f64,
    /// Time for which a reading stays the same, seconds.
    pub refresh_s: f64,
}

/// Trapezoid over readings of a power, watts, from 0 to `end`; longer gaps than `longest_gap` are not bridged.
///
/// Readings are renewed every refresh period: one may be that old at either end, and those of a load that varies are
/// that many draws from it. `what` names the source in a sentence.
pub fn trapezoid(
    readings: &[(f64, f64)],
    end: f64,
    longest_gap: f64,
    what: &str,
) -> Result<Integral, Missing> {
    let (mut joules, mut covered) = (0.0, 0.0);
    for pair in readings.windows(2) {
        let seconds = pair[1].0 - pair[0].0;
        if seconds > 0.0 && seconds <= longest_gap {
            joules += seconds * f64::midpoint(pair[0].1, pair[1].1);
            covered += seconds;
        }
    }
    // The first and the last reading stand for the moments beside them.
    let edges = longest_gap.min(readings.first().map_or(0.0, |first| first.0))
        + longest_gap.min(readings.last().map_or(0.0, |last| end - last.0));
    if covered + edges < LEAST_COVERAGE * end || joules <= 0.0 || !joules.is_finite() {
        let words = format!("{what} was read for {covered:.0} s of {end:.0} s");
        return Err(Missing::new("low_coverage", words));
    }
    let Some(refresh_s) = quality::refresh_s(readings) else {
        return Err(Missing::new("slow_gauge", format!("{what} changed fewer than five times")));
    };
    let sampling = refresh_s / end + Z_95 * scatter(readings) / (end / refresh_s).max(1.0).sqrt();
    Ok(Integral { joules: joules * end / covered, sampling, refresh_s })
}

/// Standard deviation by mean.
fn scatter(readings: &[(f64, f64)]) -> f64 {
    let count = readings.len() as f64;
    let mean = readings.iter().map(|(_, value)| value).sum::<f64>() / count;
    let square = readings.iter().map(|(_, value)| (value - mean).powi(2)).sum::<f64>() / count;
    square.sqrt() / mean.abs()
}

#[cfg(test)]
mod tests {
    use super::trapezoid;

    #[test]
    fn a_ramp_by_hand() {
        // 2 W rising to 4 W over 100 s: 300 J, a new reading every second.
        let ramp: Vec<_> = (0..=100).map(f64::from).map(|t| (t, 2.0 + t / 50.0)).collect();
        let found = trapezoid(&ramp, 100.0, 5.0, "it").expect("an energy");
        assert!((found.joules - 300.0).abs() < 1e-9 && (found.refresh_s - 1.0).abs() < 1e-9);
        // One reading in a hundred, and 0.583 W of scatter around 3 W in a hundred draws.
        assert!((found.sampling - (0.01 + 1.645 * 0.583 / 3.0 / 10.0)).abs() < 1e-4, "{}", found.sampling);
    }

    #[test]
    fn gaps_are_not_bridged_and_count_as_unread() {
        let holed: Vec<_> = (0..=100)
            .filter(|t| !(40..60).contains(t))
            .map(|t| (f64::from(t), 2.0 + f64::from(t % 2)))
            .collect();
        let missing = trapezoid(&holed, 100.0, 5.0, "the rail").expect_err("a hole");
        assert_eq!(
            (missing.cause, missing.sentence.as_str()),
            ("low_coverage", "the rail was read for 79 s of 100 s")
        );
        assert_eq!(trapezoid(&[], 100.0, 5.0, "it").expect_err("nothing").cause, "low_coverage");
    }

    #[test]
    fn what_never_changes_was_not_measured() {
        let still: Vec<_> = (0..=100).map(|t| (f64::from(t), 3.0)).collect();
        assert_eq!(trapezoid(&still, 100.0, 5.0, "it").expect_err("still").cause, "slow_gauge");
    }
}
