//! What numbers about a battery can be true: units that vendors mix up, and numbers that mean "no value".
//!
//! Where a text alone cannot tell two units apart there is no value: the raw text stays, and calibration decides.

use edgesoak_protocol::rule::{MOST_MICROAMPERES, MOST_MILLIAMPERES};
use edgesoak_protocol::{Reading, Reason, rule};

use super::integer::decimal;

/// `status` of Android and, as a word, of sysfs.
pub(crate) const CHARGING: i64 = 2;
/// `status` of a battery that gives current.
pub(crate) const DISCHARGING: i64 = 3;

/// A battery of one to six cells, mV.
const MILLIVOLTS: std::ops::RangeInclusive<i64> = 2_000..=30_000;
/// What a full battery of a device may hold, µAh; mAh where a counter is in the wrong unit.
const FULL_MICRO: std::ops::RangeInclusive<f64> = 5e5..=4e7;
const FULL_MILLI: std::ops::RangeInclusive<f64> = 1.5e3..=4e4;
/// From here on a number can only be µA.
const LEAST_MICROAMPERES: u64 = 20_000;
/// Less than this an awake device does not draw, mA.
const LEAST_DRAW: u64 = 50;

/// A whole number; an empty text is a driver without a value.
pub(crate) fn number(text: &str) -> Reading<i64> {
    decimal(text.as_bytes())
}

/// The number, unless it stands for an error.
fn sound(raw: Reading<i64>) -> Reading<i64> {
    raw.and_then(|raw| if rule::ERROR_NUMBERS.contains(&raw) { Err(Reason::Sentinel) } else { Ok(raw) })
}

/// A voltage in mV. Zero and `-1` are what services print before the first reading.
pub(crate) fn millivolts(raw: Reading<i64>) -> Reading<f64> {
    match sound(raw)? {
        -1 | 0 | 65_535 => Err(Reason::Sentinel),
        raw if MILLIVOLTS.contains(&raw) => Ok(raw as f64),
        _ => Err(Reason::Implausible),
    }
}

/// A voltage that the ABI promises in µV and some drivers write in mV, mV.
pub(crate) fn microvolts(raw: Reading<i64>) -> Reading<f64> {
    match sound(raw)? {
        // Nothing that a device holds has 0.1 V or less, or 100 V.
        raw @ 100_000.. => {
            if MILLIVOLTS.contains(&(raw / 1000)) {
                Ok(raw as f64 / 1000.0)
            } else {
                Err(Reason::Implausible)
            }
        }
        raw @ ..0 if raw > -200 => Err(Reason::Sentinel),
        raw => millivolts(Ok(raw)),
    }
}

/// A temperature in tenths of a degree.
pub(crate) fn tenths(raw: Reading<i64>) -> Reading<f64> {
    rule::apply(rule::TEMPERATURE, sound(raw)?, 0.1).map(|celsius| (celsius * 10.0).round() / 10.0)
}

/// Per cent of `scale`.
pub(crate) fn level(raw: Reading<i64>, scale: Option<Reading<i64>>) -> Reading<f64> {
    let scale = scale.unwrap_or(Ok(100))?;
    match sound(raw)? {
        -1 => Err(Reason::Sentinel),
        _ if scale <= 0 => Err(Reason::Implausible),
        raw if (0..=scale).contains(&raw) => Ok(raw as f64 * 100.0 / scale as f64),
        _ => Err(Reason::Implausible),
    }
}

/// A number times `scale`, if it is neither an error nor beyond `most` (scaled) in either direction.
pub(crate) fn magnitude(raw: i64, scale: f64, most: f64) -> Reading<f64> {
    let value = sound(Ok(raw))? as f64 * scale;
    if value.abs() <= most { Ok(value) } else { Err(Reason::Implausible) }
}

/// A count that is zero where the driver does not count.
pub(crate) fn tally(raw: Reading<i64>) -> Reading<f64> {
    match sound(raw)? {
        65_535 => Err(Reason::Sentinel),
        raw @ 1.. => Ok(raw as f64),
        _ => Err(Reason::Sentinel),
    }
}

/// A charge counter, µAh, and the unit it was printed in. Some devices print mAh and others a number that means
/// nothing: `level` (per cent) and `rated` (µAh), where known, say what the full battery would then hold.
pub(crate) fn counter(
    raw: Reading<i64>,
    level: Option<f64>,
    rated: Option<f64>,
) -> (Reading<f64>, Option<&'static str>) {
    let raw = match sound(raw) {
        Ok(0 | -1) => return (Err(Reason::Sentinel), None),
        Ok(raw) if raw > 0 => raw as f64,
        Ok(_) => return (Err(Reason::Implausible), None),
        Err(reason) => return (Err(reason), None),
    };
    let fits = |full: f64, range: &std::ops::RangeInclusive<f64>| match rated {
        Some(rated) => (0.5 * rated..=1.5 * rated).contains(&full),
        None => range.contains(&full),
    };
    match level {
        Some(level) if level > 0.0 => {
            let full = raw * 100.0 / level;
            if fits(full, &FULL_MICRO) {
                (Ok(raw), Some("uAh"))
            } else if FULL_MILLI.contains(&full) && fits(full * 1000.0, &FULL_MICRO) {
                (Ok(raw * 1000.0), Some("mAh"))
            } else {
                (Err(Reason::Implausible), None)
            }
        }
        // An empty battery, or none that tells its level: only a number beyond every mAh is clear.
        _ if raw > *FULL_MILLI.end() && raw <= *FULL_MICRO.end() => (Ok(raw), Some("uAh")),
        _ => (Err(Reason::Implausible), None),
    }
}

/// What the full battery holds, µAh, from a number in µAh or mAh.
pub(crate) fn full(raw: Reading<i64>) -> Reading<f64> {
    counter(raw, Some(100.0), None).0
}

/// A current that the vendor prints in mA on one model and in µA on the next, mA, and the unit it must be in.
pub(crate) fn vendor_current(raw: Reading<i64>) -> (Reading<f64>, Option<&'static str>) {
    match sound(raw) {
        Ok(raw) if raw.unsigned_abs() <= MOST_MILLIAMPERES => (Ok(raw as f64), Some("mA")),
        Ok(raw) if (LEAST_MICROAMPERES..=MOST_MICROAMPERES).contains(&raw.unsigned_abs()) => {
            (Ok(raw as f64 / 1000.0), Some("uA"))
        }
        Ok(_) => (Err(Reason::Implausible), None),
        Err(reason) => (Err(reason), None),
    }
}

/// A current that the ABI promises in µA and some drivers write in mA, mA, and the unit it must be in.
///
/// A few hundred can be either. A device that runs from its battery draws more than that in µA; one whose
/// charger feeds the system and not the battery does not.
pub(crate) fn abi_current(raw: Reading<i64>, status: Option<i64>) -> (Reading<f64>, Option<&'static str>) {
    let raw = match sound(raw) {
        Ok(raw) => raw,
        Err(reason) => return (Err(reason), None),
    };
    let size = raw.unsigned_abs();
    match status {
        _ if size > MOST_MICROAMPERES => (Err(Reason::Implausible), None),
        _ if size > MOST_MILLIAMPERES => (Ok(raw as f64 / 1000.0), Some("uA")),
        Some(DISCHARGING) if raw == 0 => (Err(Reason::Sentinel), None),
        Some(DISCHARGING) if size >= LEAST_DRAW => (Ok(raw as f64), Some("mA")),
        Some(DISCHARGING) => (Err(Reason::Implausible), None),
        Some(CHARGING) if size > 0 => (Err(Reason::Implausible), None),
        _ => (Ok(raw as f64 / 1000.0), Some("uA")),
    }
}

/// A limit of a current in µA, mA. No limit is as low as the numbers that could be mA.
pub(crate) fn limit(raw: Reading<i64>) -> Reading<f64> {
    match sound(raw)? {
        ..0 => Err(Reason::Sentinel),
        0 => Ok(0.0),
        raw if (MOST_MILLIAMPERES..=MOST_MICROAMPERES).contains(&raw.unsigned_abs()) => {
            Ok(raw as f64 / 1000.0)
        }
        _ => Err(Reason::Implausible),
    }
}

/// A store of energy in µWh, mJ; a battery without any answers nobody.
pub(crate) fn energy(raw: Reading<i64>) -> Reading<f64> {
    match raw? {
        ..=0 => Err(Reason::Sentinel),
        // 1 µWh is 3.6 mJ; no device carries 1 kWh.
        raw => magnitude(raw, 3.6, 3.6e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voltages_in_the_wrong_unit_are_no_values() {
        assert_eq!(millivolts(Ok(3_908)), Ok(3_908.0));
        for (raw, reason) in [
            (0, Reason::Sentinel),
            (-1, Reason::Sentinel),
            (-22, Reason::Sentinel),
            (65_535, Reason::Sentinel),
            (13, Reason::Implausible),
            (4_200_000, Reason::Implausible),
            (i64::MIN, Reason::Implausible),
        ] {
            assert_eq!(millivolts(Ok(raw)), Err(reason), "{raw}");
        }
        assert_eq!(microvolts(Ok(3_888_173)), Ok(3_888.173));
        assert_eq!(microvolts(Ok(4_400)), Ok(4_400.0));
        for (raw, reason) in [
            (-22, Reason::Sentinel),
            (-5, Reason::Sentinel),
            (0, Reason::Sentinel),
            (31, Reason::Implausible),
            (100_000_000, Reason::Implausible),
        ] {
            assert_eq!(microvolts(Ok(raw)), Err(reason), "{raw}");
        }
    }

    #[test]
    fn counters_must_fit_a_battery() {
        assert_eq!(counter(Ok(2_450_000), Some(94.0), None), (Ok(2_450_000.0), Some("uAh")));
        assert_eq!(counter(Ok(748), Some(14.0), None), (Ok(748_000.0), Some("mAh")));
        assert_eq!(counter(Ok(0), Some(3.0), None).0, Err(Reason::Sentinel));
        assert_eq!(counter(Ok(4), Some(100.0), None).0, Err(Reason::Implausible));
        assert_eq!(counter(Ok(-40), Some(50.0), None).0, Err(Reason::Implausible));
        assert_eq!(counter(Ok(748), None, None).0, Err(Reason::Implausible));
        assert_eq!(counter(Ok(1_500_000), None, None), (Ok(1_500_000.0), Some("uAh")));
        let rated = Some(3_300_000.0);
        assert_eq!(counter(Ok(3_335_150), Some(100.0), rated).0, Ok(3_335_150.0));
        assert_eq!(counter(Ok(3_335), Some(100.0), rated), (Ok(3_335_000.0), Some("mAh")));
        assert_eq!(counter(Ok(9_000_000), Some(100.0), rated).0, Err(Reason::Implausible));
    }

    #[test]
    fn one_vendor_two_units_of_current() {
        assert_eq!(vendor_current(Ok(587)), (Ok(587.0), Some("mA")));
        assert_eq!(vendor_current(Ok(-125)), (Ok(-125.0), Some("mA")));
        assert_eq!(vendor_current(Ok(362_500)), (Ok(362.5), Some("uA")));
        assert_eq!(vendor_current(Ok(15_000)), (Err(Reason::Implausible), None));
        assert_eq!(vendor_current(Ok(i64::MIN)), (Err(Reason::Implausible), None));
    }

    #[test]
    fn small_currents_need_a_status_to_have_a_unit() {
        assert_eq!(abi_current(Ok(-326_171), Some(CHARGING)), (Ok(-326.171), Some("uA")));
        assert_eq!(abi_current(Ok(976), Some(4)), (Ok(0.976), Some("uA")));
        assert_eq!(abi_current(Ok(-540), Some(DISCHARGING)), (Ok(-540.0), Some("mA")));
        assert_eq!(abi_current(Ok(-540), Some(CHARGING)), (Err(Reason::Implausible), None));
        assert_eq!(abi_current(Ok(-7), Some(CHARGING)), (Err(Reason::Implausible), None));
        assert_eq!(abi_current(Ok(-7), Some(DISCHARGING)), (Err(Reason::Implausible), None));
        assert_eq!(abi_current(Ok(0), Some(DISCHARGING)), (Err(Reason::Sentinel), None));
        assert_eq!(abi_current(Ok(-22), Some(CHARGING)), (Err(Reason::Sentinel), None));
    }

    #[test]
    fn limits_and_stores_have_a_sign() {
        assert_eq!(limit(Ok(3_300_000)), Ok(3300.0));
        assert_eq!(limit(Ok(0)), Ok(0.0));
        assert_eq!(limit(Ok(-1)), Err(Reason::Sentinel));
        assert_eq!(limit(Ok(500)), Err(Reason::Implausible));
        assert_eq!(energy(Ok(1_000_000)), Ok(3_600_000.0));
        assert_eq!(energy(Ok(0)), Err(Reason::Sentinel));
        assert_eq!(energy(Ok(i64::MAX)), Err(Reason::Implausible));
        assert_eq!(tally(Ok(65_535)), Err(Reason::Sentinel));
        assert_eq!(tally(Ok(0)), Err(Reason::Sentinel));
        assert_eq!(tally(Ok(176)), Ok(176.0));
    }
}
