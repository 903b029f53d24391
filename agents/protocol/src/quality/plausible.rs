//! What a quantity can be at all.

use std::ops::RangeInclusive;

use crate::channel::Quantity;
use crate::rule::PLAUSIBLE_CELSIUS;

/// Values of a quantity, in the unit of its channels, that a device can have. What lies outside is a wrong unit or
/// a number that stands for "no value"; what lies inside may still be wrong.
#[must_use]
pub fn plausible(quantity: Quantity) -> RangeInclusive<f64> {
    match quantity {
        Quantity::Temperature | Quantity::Ambient => PLAUSIBLE_CELSIUS,
        // From a core's supply to a tool battery.
        Quantity::Voltage => 0.2..=60.0,
        Quantity::Current => -30.0..=30.0,
        // A workstation's package is the largest that is read.
        Quantity::Power => -1_000.0..=1_000.0,
        // Per cent, and the ampere-hours of anything that is carried.
        Quantity::ChargeLevel | Quantity::Utilisation | Quantity::ChargeCounter => 0.0..=100.0,
        Quantity::ChargeStatus => 1.0..=5.0,
        // A supply whose voltage is negotiated says 2.
        Quantity::Plugged => 0.0..=2.0,
        Quantity::Override => 0.0..=1.0,
        Quantity::ThermalStatus => 0.0..=6.0,
        Quantity::Headroom => 0.0..=10.0,
        // A new battery may hold more than it promises.
        Quantity::BatteryHealth => 0.0..=150.0,
        Quantity::ChargeCycles => 0.0..=20_000.0,
        Quantity::ClockCurrent | Quantity::ClockCap | Quantity::ClockMax => 0.0..=2e10,
        Quantity::Load => 0.0..=1e5,
        // Minus one is a device that nothing controls.
        Quantity::CoolingState => -1.0..=1e6,
        // No device answers a million times in a second.
        Quantity::DecodeRate | Quantity::ItemRate => 0.0..=1e6,
        Quantity::ThrottleFlags
        | Quantity::Energy
        | Quantity::CpuTime
        // Seconds of waiting since the start, not a share.
        | Quantity::Pressure
        | Quantity::SystemMemory
        | Quantity::RuntimeMemory
        | Quantity::NetworkBytes
        | Quantity::EventCount => 0.0..=f64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_units_and_parked_numbers_lie_outside() {
        for (quantity, value) in [
            (Quantity::Voltage, 4_384.0),
            (Quantity::Current, -326.171),
            (Quantity::Temperature, -274.0),
            (Quantity::ChargeLevel, 255.0),
            (Quantity::ChargeCounter, 2_871.0),
            (Quantity::Energy, -1.0),
        ] {
            assert!(!plausible(quantity).contains(&value), "{} {value}", quantity.word());
        }
    }

    #[test]
    fn counters_of_seconds_may_grow_for_days() {
        for quantity in [Quantity::Pressure, Quantity::CpuTime] {
            assert!(plausible(quantity).contains(&259_200.0), "{}", quantity.word());
        }
    }

    #[test]
    fn nothing_is_no_number() {
        for quantity in Quantity::ALL {
            assert!(
                !plausible(quantity).contains(&f64::NAN) && !plausible(quantity).contains(&f64::INFINITY)
            );
            assert!(plausible(quantity).contains(&1.0), "{}", quantity.word());
        }
    }
}
