//! A candidate that is slower than its baseline: from its first second on, or only when it is hot.

use edgesoak_record::slowdown::{Cause, Grade, Slowdown, Slowed};

use crate::attribution::words;

/// A burst that fell by this part of what the sustained rate lost fell as much, within what bursts scatter.
const AS_MUCH: f64 = 0.8;

/// Rates of a candidate or a baseline, tokens per second; means over its runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// Cold.
    pub burst: f64,
    /// At the end.
    pub sustained: f64,
}

/// Why a candidate sustains less than its baseline: by its code where its burst fell as much, else by what slowed its own
/// soak down. `None` where it sustains no less, or a rate is no positive number.
#[must_use]
pub fn of_regression(candidate: Levels, baseline: Levels, within: &[Slowdown]) -> Option<Slowdown> {
    let fall = |before: f64, after: f64| Some((before / after).ln()).filter(|fall| fall.is_finite());
    let sustained = fall(baseline.sustained, candidate.sustained).filter(|fall| *fall > 0.0)?;
    let burst = fall(baseline.burst, candidate.burst)?;
    let own = || within.iter().find(|slowdown| slowdown.slowed == Slowed::Decode).cloned();
    let loss = Some(1.0 - (-sustained).exp());
    if burst >= AS_MUCH * sustained {
        let seen = format!("its burst lost {:.1} % too", (1.0 - (-burst).exp()) * 100.0);
        return Some(made(loss, Cause::Code, Some(Grade::B), &seen));
    }
    let nothing = || {
        made(loss, Cause::Unexplained, None, "its burst did not fall as much, and its own soak lost nothing")
    };
    Some(own().unwrap_or_else(nothing))
}

fn made(loss: Option<f64>, cause: Cause, grade: Option<Grade>, seen: &str) -> Slowdown {
    Slowdown {
        slowed: Slowed::Decode,
        loss,
        cause,
        grade,
        shares: Vec::new(),
        recovered: None,
        sentence: words::sentence(Slowed::Decode, loss, (cause, grade), None, seen),
        evidence: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::slowdown::Cause;

    use super::{Levels, of_regression};

    fn cause(burst: f64, sustained: f64) -> Option<Cause> {
        let baseline = Levels { burst: 20.0, sustained: 16.0 };
        of_regression(Levels { burst, sustained }, baseline, &[]).map(|slowdown| slowdown.cause)
    }

    #[test]
    fn what_is_slow_when_cold_is_slow_by_its_code() {
        assert_eq!(cause(18.0, 14.4), Some(Cause::Code));
        assert_eq!(cause(20.0, 14.4), Some(Cause::Unexplained));
        assert_eq!(cause(20.0, 16.0), None);
        assert_eq!(cause(18.0, f64::NAN), None);
        assert_eq!(cause(18.0, 0.0), None);
    }
}
