//! The rules that read a channel's raw integers. A journal holds the integers untouched beside the number of
//! the rule, so that a rule that turns out wrong is mended here and old runs are read again.

use crate::reading::{Reading, Reason};

/// The value is `raw * scale`.
pub const PLAIN: u16 = 1;
/// A temperature: `raw * scale`, unless it is a number that drivers use to say "no value", or implausible.
pub const TEMPERATURE: u16 = 2;
/// [`TEMPERATURE`] on a device whose other zones are warm: exactly zero means "no value" too.
pub const TEMPERATURE_ZERO_IS_NONE: u16 = 3;
/// The value is `raw * scale`; sentinels and units were told by the parser of the command's output, version 1,
/// which is kept in a `Raw` frame so that a better parser can read it again.
pub const CAPTURED: u16 = 4;

/// Plausible temperatures of a part or of air around it, °C.
pub const PLAUSIBLE_CELSIUS: std::ops::RangeInclusive<f64> = -20.0..=130.0;

/// Raw integers that stand for "no value" whatever the unit: an open converter input, the smallest 32-bit
/// integer, and `EINVAL` written as a value.
const RAW_SENTINELS: [i64; 3] = [65_535, i32::MIN as i64, -22];
/// Temperatures at which drivers park: absolute zero (rounded in two ways), converter ends, an open
/// thermistor, and the upper end of a range, °C.
const PARKED_CELSIUS: [f64; 7] = [-274.0, -273.0, -127.0, -99.9, -40.0, -26.428, 125.0];

/// Reads `raw` by rule number `rule`. A number that this version does not know gives [`Reason::Parse`].
pub fn apply(rule: u16, raw: i64, scale: f64) -> Reading<f64> {
    let value = raw as f64 * scale;
    match rule {
        // Zero stands in tables that say nothing about rules.
        0 | PLAIN | CAPTURED => Ok(value),
        TEMPERATURE_ZERO_IS_NONE if raw == 0 => Err(Reason::Sentinel),
        TEMPERATURE | TEMPERATURE_ZERO_IS_NONE => temperature(raw, value),
        _ => Err(Reason::Parse),
    }
}

fn temperature(raw: i64, value: f64) -> Reading<f64> {
    if RAW_SENTINELS.contains(&raw) { Err(Reason::Sentinel) } else { celsius(value) }
}

/// Reads a temperature that was printed in °C, with a fraction: a value that drivers park at is none.
pub fn celsius(value: f64) -> Reading<f64> {
    if PARKED_CELSIUS.iter().any(|parked| (value - parked).abs() < 1e-6) {
        return Err(Reason::Sentinel);
    }
    if PLAUSIBLE_CELSIUS.contains(&value) { Ok(value) } else { Err(Reason::Implausible) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperatures_are_values_only_where_they_can_be_true() {
        for (raw, scale, celsius) in
            [(49_925, 1e-3, 49.925), (309, 0.1, 30.9), (31, 1.0, 31.0), (-5_500, 1e-3, -5.5)]
        {
            let value = apply(TEMPERATURE, raw, scale).expect("a plausible temperature");
            assert!((value - celsius).abs() < 1e-9, "{raw}");
        }
        for (raw, scale) in [
            (-40_000, 1e-3),
            (-40, 1.0),
            (-400, 0.1),
            (-274_000, 1e-3),
            (-273, 1.0),
            (-127_000, 1e-3),
            (125_000, 1e-3),
        ] {
            assert_eq!(apply(TEMPERATURE, raw, scale), Err(Reason::Sentinel), "{raw}");
        }
        for (raw, scale) in [(65_535, 1e-3), (i64::from(i32::MIN), 1e-3), (-22, 1.0), (-26_428, 1e-3)] {
            assert_eq!(apply(TEMPERATURE, raw, scale), Err(Reason::Sentinel), "{raw}");
        }
        for raw in [-44_000, 131_000, i64::MAX, i64::MIN] {
            assert_eq!(apply(TEMPERATURE, raw, 1e-3), Err(Reason::Implausible), "{raw}");
        }
    }

    #[test]
    fn zero_is_a_temperature_unless_the_neighbours_are_warm() {
        assert_eq!(apply(TEMPERATURE, 0, 1e-3), Ok(0.0));
        assert_eq!(apply(TEMPERATURE_ZERO_IS_NONE, 0, 1e-3), Err(Reason::Sentinel));
        assert_eq!(apply(TEMPERATURE_ZERO_IS_NONE, 30_000, 1e-3), Ok(30.0));
    }

    #[test]
    fn an_unknown_rule_gives_no_value() {
        assert_eq!(apply(PLAIN, 7, 2.0), Ok(14.0));
        assert_eq!(apply(999, 7, 2.0), Err(Reason::Parse));
    }
}
