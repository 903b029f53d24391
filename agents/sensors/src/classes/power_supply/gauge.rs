//! The files of a battery, what each of them counts, and in which unit this driver writes it.

use edgesoak_protocol::{Quantity, Reading, Reason, Unit, rule};

use crate::parse::charge;
use crate::table::Channel;

/// Parts of the name of a fuel gauge.
const GAUGES: [&str; 4] = ["bms", "fg", "fuel", "gauge"];

/// Whether a supply of this name is a fuel gauge.
pub(super) fn is_named(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    GAUGES.iter().any(|part| name.contains(part))
}

/// What a file holds, in the unit of the ABI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Holds {
    MicroVolt,
    /// A current: its unit is told by its size and by what the battery does.
    Flow,
    MicroWatt,
    /// A charge that falls with the level: its unit is told by both.
    Counter,
    Percent,
    Tenths,
    Tally,
}

/// A file of a battery.
pub(super) struct File {
    /// Its name; its key in `uevent` is the same in capitals.
    pub name: &'static str,
    /// Last part of the channel's name.
    pub leaf: &'static str,
    pub holds: Holds,
    /// Expected of every battery: where it is not there, the table says so.
    pub expected: bool,
}

const fn file(name: &'static str, leaf: &'static str, holds: Holds, expected: bool) -> File {
    File { name, leaf, holds, expected }
}

/// Every file that becomes a channel. What integrates to energy comes first.
pub(super) const FILES: [File; 10] = [
    file("voltage_now", "voltage", Holds::MicroVolt, true),
    file("current_now", "current", Holds::Flow, true),
    file("power_now", "power", Holds::MicroWatt, true),
    file("capacity", "level", Holds::Percent, true),
    file("temp", "temperature", Holds::Tenths, true),
    file("current_avg", "current_avg", Holds::Flow, false),
    file("charge_counter", "charge_counter", Holds::Counter, false),
    file("charge_now", "charge_now", Holds::Counter, false),
    file("cycle_count", "cycle_count", Holds::Tally, false),
    file("state_of_health", "health", Holds::Percent, false),
];

/// What else the battery says, on which units depend.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside {
    /// As Android numbers it.
    pub status: Option<i64>,
    /// Per cent.
    pub level: Option<f64>,
}

/// The channel of a file that shows `raw`; the reason where its unit cannot be told.
pub(super) fn channel(
    name: String,
    holds: Holds,
    raw: Reading<i64>,
    beside: Beside,
) -> (Channel, Option<Reason>) {
    let of =
        |quantity, unit, scale, rule| Channel { rule, ..Channel::new(name.clone(), quantity, unit, scale) };
    match holds {
        Holds::MicroVolt => {
            let volts = charge::microvolts(raw);
            // The same number that is read as µV is 1000 times smaller than in mV.
            let milli = raw.is_ok_and(|raw| raw < 100_000) && volts.is_ok();
            (of(Quantity::Voltage, Unit::Volt, if milli { 1e-3 } else { 1e-6 }, rule::POSITIVE), doubt(volts))
        }
        Holds::Flow => {
            let (_, unit) = charge::abi_current(raw, beside.status);
            let proven = raw.is_ok_and(|raw| raw.unsigned_abs() > rule::MOST_MILLIAMPERES);
            // The ABI's unit, of which small numbers prove nothing until a large one was seen.
            let (scale, rule) = match unit {
                Some("mA") => (1e-3, rule::SIGNED),
                Some(_) if proven => (1e-6, rule::SIGNED),
                _ => (1e-6, rule::FLOW),
            };
            (of(Quantity::Current, Unit::Ampere, scale, rule), None)
        }
        Holds::Counter => {
            let (value, unit) = charge::counter(raw, beside.level, None);
            let scale = if unit == Some("mAh") { 1e-3 } else { 1e-6 };
            (of(Quantity::ChargeCounter, Unit::AmpereHour, scale, rule::POSITIVE), doubt(value))
        }
        Holds::MicroWatt => (of(Quantity::Power, Unit::Watt, 1e-6, rule::SIGNED), None),
        Holds::Percent if name.ends_with("health") => {
            (of(Quantity::BatteryHealth, Unit::Percent, 1.0, rule::SHARE), None)
        }
        Holds::Percent => (of(Quantity::ChargeLevel, Unit::Percent, 1.0, rule::SHARE), None),
        Holds::Tenths => (Channel::celsius(name, 0.1), None),
        Holds::Tally => (of(Quantity::ChargeCycles, Unit::One, 1.0, rule::POSITIVE), None),
    }
}

/// A number whose unit cannot be told has no place in the ticks; any other reason passes with the reading.
fn doubt(value: Reading<f64>) -> Option<Reason> {
    value.err().filter(|reason| *reason == Reason::Implausible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(holds: Holds, raw: i64, status: i64, level: f64) -> Result<f64, Reason> {
        let beside = Beside { status: Some(status), level: Some(level) };
        let (channel, doubt) = channel("battery/x".to_owned(), holds, Ok(raw), beside);
        doubt.map_or(Ok(channel.scale), Err)
    }

    #[test]
    fn the_first_reading_tells_the_unit() {
        assert_eq!(scale(Holds::MicroVolt, 3_888_173, 3, 50.0), Ok(1e-6));
        assert_eq!(scale(Holds::MicroVolt, 4_400, 3, 50.0), Ok(1e-3));
        assert_eq!(scale(Holds::MicroVolt, 31, 3, 50.0), Err(Reason::Implausible));
        assert_eq!(scale(Holds::Flow, -326_171, 2, 50.0), Ok(1e-6));
        assert_eq!(scale(Holds::Flow, -540, 3, 50.0), Ok(1e-3));
        assert_eq!(scale(Holds::Counter, 2_450_000, 3, 94.0), Ok(1e-6));
        assert_eq!(scale(Holds::Counter, 748, 3, 14.0), Ok(1e-3));
        assert_eq!(scale(Holds::Counter, 4, 3, 90.0), Err(Reason::Implausible));
    }

    #[test]
    fn a_small_current_keeps_its_unit_open() {
        let rule = |raw, status| {
            let beside = Beside { status: Some(status), level: Some(50.0) };
            channel("battery/current".to_owned(), Holds::Flow, raw, beside).0.rule
        };
        for (raw, status) in [(-326_171, 2), (-326_171, 5), (-540, 3)] {
            assert_eq!(rule(Ok(raw), status), rule::SIGNED, "{raw} {status}");
        }
        for (raw, status) in [(Ok(0), 5), (Ok(976), 4), (Ok(-540), 2), (Ok(-7), 3), (Err(Reason::Failed), 3)]
        {
            assert_eq!(rule(raw, status), rule::FLOW, "{raw:?} {status}");
        }
    }

    #[test]
    fn a_gauge_is_known_by_its_name() {
        for name in ["bms", "max170xx_fuelgauge", "sm5714-fg", "BMS"] {
            assert!(is_named(name), "{name}");
        }
        for name in ["battery", "BAT0", "main"] {
            assert!(!is_named(name), "{name}");
        }
    }
}
