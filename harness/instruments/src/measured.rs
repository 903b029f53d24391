//! What one line of a meter says.

use edgesoak_record::Reason;

/// No instrument of a lab that tests handheld devices and boards reads more than this, watts.
const MOST_WATTS: f64 = 100_000.0;
/// Own times beyond this many seconds are no times: they would not fit the nanoseconds of the host.
const MOST_SECONDS: f64 = 9e9;

/// One reading of a meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// When it was taken, on the meter's own clock, nanoseconds; `None` if it does not say.
    pub own_ns: Option<i64>,
    /// Power in watts, or why there is none.
    pub watts: Result<f64, Reason>,
}

/// A number of a line: absent where the instrument itself says that it has none.
pub(crate) type Number = Option<f64>;

/// The fields that a line may have, in base units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Fields {
    pub(crate) seconds: Option<Number>,
    pub(crate) watts: Option<Number>,
    pub(crate) volts: Option<Number>,
    pub(crate) amperes: Option<Number>,
}

impl Fields {
    /// The reading; why there is none if the line is bad.
    pub(crate) fn read(self) -> Result<Measured, &'static str> {
        let watts = match (self.watts, self.volts, self.amperes) {
            // A line may show what its power was made from.
            (Some(watts), None, None) | (Some(watts), Some(_), Some(_)) => watts,
            (None, Some(volts), Some(amperes)) => volts.zip(amperes).map(|(volts, amperes)| volts * amperes),
            (None, None, None) => return Err("it has no power in it"),
            _ => return Err("it has a voltage or a current without the other"),
        };
        let watts = match watts {
            None => Err(Reason::Absent),
            Some(watts) if !watts.is_finite() || watts.abs() > MOST_WATTS => Err(Reason::Implausible),
            Some(watts) => Ok(watts),
        };
        let own_ns = match self.seconds {
            None => None,
            Some(Some(seconds)) if seconds.abs() <= MOST_SECONDS => Some(nanos(seconds)),
            Some(_) => return Err("its time is no time"),
        };
        Ok(Measured { own_ns, watts })
    }
}

/// Whole seconds apart, so that a time since 1970 keeps its microseconds.
#[expect(clippy::cast_possible_truncation, reason = "bounded by MOST_SECONDS; not a number was refused")]
fn nanos(seconds: f64) -> i64 {
    (seconds.trunc() as i64) * 1_000_000_000 + (seconds.fract() * 1e9).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_said_or_made_from_both_of_its_factors() {
        let fields = |watts, volts, amperes| Fields { watts, volts, amperes, seconds: None };
        let watts = |fields: Fields| fields.read().map(|measured| measured.watts);
        assert_eq!(watts(fields(None, Some(Some(4.0)), Some(Some(-0.5)))), Ok(Ok(-2.0)));
        assert_eq!(watts(fields(Some(Some(3.0)), Some(Some(4.0)), Some(Some(1.0)))), Ok(Ok(3.0)));
        assert_eq!(watts(fields(None, Some(None), Some(Some(1.0)))), Ok(Err(Reason::Absent)));
        assert_eq!(watts(fields(Some(Some(f64::INFINITY)), None, None)), Ok(Err(Reason::Implausible)));
        assert_eq!(watts(fields(Some(Some(2e5)), None, None)), Ok(Err(Reason::Implausible)));
        assert!(watts(fields(None, Some(Some(4.0)), None)).is_err());
        assert!(watts(fields(None, None, None)).is_err());
    }

    #[test]
    fn own_times_fit_the_nanoseconds_of_the_host() {
        let at = |seconds| {
            let fields = Fields { seconds: Some(Some(seconds)), watts: Some(Some(1.0)), ..Fields::default() };
            fields.read().map(|measured| measured.own_ns)
        };
        assert_eq!(at(1.5), Ok(Some(1_500_000_000)));
        assert_eq!(at(1_763_800_000.25), Ok(Some(1_763_800_000_250_000_000)));
        assert!(at(1e10).is_err() && at(f64::NAN).is_err());
    }
}
