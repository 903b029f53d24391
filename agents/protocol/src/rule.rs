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
/// The value is `raw * scale`, unless it is a number with which drivers report an error.
pub const SIGNED: u16 = 5;
/// [`SIGNED`] where nothing at or below zero is measured: a driver that has no value writes it.
pub const POSITIVE: u16 = 6;
/// A share in per cent: negative numbers stand for "no value", more than 100 % is implausible.
pub const SHARE: u16 = 7;
/// A thermal zone: [`TEMPERATURE`], and the whole degrees at which drivers park mean "no value" whatever the unit,
/// as does everything far below absolute zero.
pub const ZONE: u16 = 8;
/// [`ZONE`] on a device whose other zones are warm: exactly zero means "no value" too, and what is less than a degree
/// is a number whose unit was told wrong while the zone was parked.
pub const ZONE_ZERO_IS_NONE: u16 = 9;

/// A current in µA whose unit was not told yet: [`SIGNED`], unless the number could as well be mA.
pub const FLOW: u16 = 10;

/// A battery's current beyond this is no number of mA.
pub const MOST_MILLIAMPERES: u64 = 10_000;
/// A battery's current beyond this is no number of µA either.
pub const MOST_MICROAMPERES: u64 = 30_000_000;

/// Plausible temperatures of a part or of air around it, °C.
pub const PLAUSIBLE_CELSIUS: std::ops::RangeInclusive<f64> = -20.0..=130.0;

/// Raw integers that stand for "no value" whatever the unit: an open converter input, the smallest 32-bit
/// integer, and `EINVAL` written as a value.
const RAW_SENTINELS: [i64; 3] = [65_535, i32::MIN as i64, -22];
/// Temperatures at which drivers park: absolute zero (rounded in two ways), converter ends, an open
/// thermistor, and the upper end of a range, °C.
const PARKED_CELSIUS: [f64; 7] = [-274.0, -273.0, -127.0, -99.9, -40.0, -26.428, 125.0];
/// Below this nothing is measured: absolute zero, and what drivers write beneath it, °C.
pub const COLDEST_CELSIUS: f64 = -200.0;
/// Errors that drivers write as values (`ENODATA`, `EINVAL`), and the ends of 32 bits.
pub const ERROR_NUMBERS: [i64; 4] = [-61, -22, i32::MIN as i64, i32::MAX as i64];

/// Reads `raw` by rule number `rule`. A number that this version does not know gives [`Reason::Parse`].
pub fn apply(rule: u16, raw: i64, scale: f64) -> Reading<f64> {
    let value = raw as f64 * scale;
    match rule {
        // Zero stands in tables that say nothing about rules.
        0 | PLAIN | CAPTURED => Ok(value),
        TEMPERATURE_ZERO_IS_NONE | ZONE_ZERO_IS_NONE if raw == 0 => Err(Reason::Sentinel),
        TEMPERATURE | TEMPERATURE_ZERO_IS_NONE => temperature(raw, value),
        ZONE_ZERO_IS_NONE if raw != 0 && value.abs() < 1.0 => Err(Reason::Implausible),
        ZONE | ZONE_ZERO_IS_NONE => zone(raw, value),
        SIGNED | POSITIVE | SHARE | FLOW if is_none(rule, raw) => Err(Reason::Sentinel),
        SHARE if value > 100.0 => Err(Reason::Implausible),
        FLOW if raw != 0 && !is_micro(raw) => Err(Reason::Implausible),
        SIGNED | POSITIVE | SHARE | FLOW => Ok(value),
        _ => Err(Reason::Parse),
    }
}

/// Whether a current that somebody carries around can only be in µA.
fn is_micro(raw: i64) -> bool {
    (MOST_MILLIAMPERES + 1..=MOST_MICROAMPERES).contains(&raw.unsigned_abs())
}

fn temperature(raw: i64, value: f64) -> Reading<f64> {
    if RAW_SENTINELS.contains(&raw) { Err(Reason::Sentinel) } else { celsius(value) }
}

/// Whether a driver writes this number where it has no value.
fn is_none(rule: u16, raw: i64) -> bool {
    ERROR_NUMBERS.contains(&raw) || rule == POSITIVE && raw <= 0 || rule == SHARE && raw < 0
}

/// Drivers that count in thousandths still park at -40 or -273.
fn zone(raw: i64, value: f64) -> Reading<f64> {
    let parked = temperature(raw, raw as f64) == Err(Reason::Sentinel);
    match temperature(raw, value) {
        Err(Reason::Implausible) if value < COLDEST_CELSIUS => Err(Reason::Sentinel),
        _ if parked => Err(Reason::Sentinel),
        reading => reading,
    }
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
    fn zones_park_in_whole_degrees() {
        for raw in [-40, -127, -273, -274, 125, -40_000, -1_073_741, i64::MIN, 65_535, -22] {
            assert_eq!(apply(ZONE, raw, 1e-3), Err(Reason::Sentinel), "{raw}");
        }
        assert_eq!(apply(ZONE, -44_000, 1e-3), Err(Reason::Implausible));
        assert_eq!(apply(ZONE, 309, 0.1), Ok(30.900_000_000_000_002));
        assert_eq!(apply(ZONE, 0, 1e-3), Ok(0.0));
        assert_eq!(apply(ZONE_ZERO_IS_NONE, 0, 1e-3), Err(Reason::Sentinel));
        // 31 °C of a zone that read zero when its unit was told.
        assert_eq!(apply(ZONE_ZERO_IS_NONE, 31, 1e-3), Err(Reason::Implausible));
        assert_eq!(apply(ZONE_ZERO_IS_NONE, 31, 1.0), Ok(31.0));
    }

    #[test]
    fn errors_of_drivers_are_no_numbers() {
        for rule in [SIGNED, POSITIVE, SHARE] {
            for raw in ERROR_NUMBERS {
                assert_eq!(apply(rule, raw, 1.0), Err(Reason::Sentinel), "{rule} {raw}");
            }
            assert_eq!(apply(rule, 50, 0.5), Ok(25.0));
        }
        assert_eq!(apply(SIGNED, -326_171, 1.0), Ok(-326_171.0));
        assert_eq!(apply(SIGNED, 0, 1.0), Ok(0.0));
        for raw in [0, -1, i64::MIN] {
            assert_eq!(apply(POSITIVE, raw, 1.0), Err(Reason::Sentinel), "{raw}");
        }
        assert_eq!(apply(SHARE, 0, 0.1), Ok(0.0));
        assert_eq!(apply(SHARE, -1, 0.1), Err(Reason::Sentinel));
        assert_eq!(apply(SHARE, 1001, 0.1), Err(Reason::Implausible));
    }

    #[test]
    fn a_small_current_has_no_unit() {
        assert_eq!(apply(FLOW, -326_171, 1e-6), Ok(-0.326_171));
        assert_eq!(apply(FLOW, 0, 1e-6), Ok(0.0));
        assert_eq!(apply(FLOW, -22, 1e-6), Err(Reason::Sentinel));
        for raw in [-540, 976, 10_000, 30_000_001, i64::MIN] {
            assert_eq!(apply(FLOW, raw, 1e-6), Err(Reason::Implausible), "{raw}");
        }
    }

    #[test]
    fn an_unknown_rule_gives_no_value() {
        assert_eq!(apply(PLAIN, 7, 2.0), Ok(14.0));
        assert_eq!(apply(999, 7, 2.0), Err(Reason::Parse));
    }
}
