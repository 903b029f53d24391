//! Ranges of battery, gauge, charger and spread.

use super::check::Checker;
use super::{Battery, Charging, Gauge};
use crate::error::PhoneError;

pub(super) fn check(checker: &Checker<'_>) -> Result<(), PhoneError> {
    let profile = checker.profile;
    let spread = &profile.spread;
    for (key, value) in [
        ("spread.leakage", spread.leakage),
        ("spread.dynamic", spread.dynamic),
        ("spread.cooling", spread.cooling),
        ("spread.resistance", spread.resistance),
    ] {
        // Deviates reach six standard deviations; a unit must stay a device.
        checker.number(key, value, 0.0..=0.15)?;
    }
    let parts = (profile.battery.is_some(), profile.gauge.is_some(), profile.charging.is_some());
    checker.ensure(
        parts == (true, true, true) || parts == (false, false, false),
        "battery",
        "needs gauge and charging beside it, and they need it",
    )?;
    let (Some(battery_part), Some(gauge_part), Some(charging_part)) =
        (&profile.battery, &profile.gauge, &profile.charging)
    else {
        return Ok(());
    };
    battery(checker, battery_part)?;
    gauge(checker, gauge_part)?;
    charging(checker, charging_part)
}

fn battery(checker: &Checker<'_>, battery: &Battery) -> Result<(), PhoneError> {
    checker.node("battery.node", &battery.node)?;
    checker.number("battery.capacity_mah", battery.capacity_mah, 100.0..=100_000.0)?;
    checker.number("battery.health", battery.health, 0.2..=1.2)?;
    checker.number("battery.resistance_mohm", battery.resistance_mohm, 1.0..=2_000.0)?;
    checker.number("battery.cutoff_mv", battery.cutoff_mv, 1_000.0..=30_000.0)?;
    let curve = &battery.open_circuit;
    checker.count("battery.open_circuit", curve.len(), 2..=64)?;
    for (percent, mv) in curve {
        checker.number("battery.open_circuit", *percent, 0.0..=100.0)?;
        checker.number("battery.open_circuit", *mv, 1_000.0..=30_000.0)?;
    }
    let rising = curve.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
    checker.ensure(rising, "battery.open_circuit", "does not rise")?;
    let whole = curve.first().is_some_and(|(percent, _)| *percent <= 0.0)
        && curve.last().is_some_and(|(percent, _)| *percent >= 100.0);
    checker.ensure(whole, "battery.open_circuit", "does not reach from 0 to 100 %")
}

fn gauge(checker: &Checker<'_>, gauge: &Gauge) -> Result<(), PhoneError> {
    checker.period("gauge.refresh_ms", gauge.refresh_ms)?;
    for (key, step) in [
        ("gauge.current_lsb_ua", gauge.current_lsb_ua),
        ("gauge.voltage_lsb_uv", gauge.voltage_lsb_uv),
        ("gauge.temperature_lsb_mc", gauge.temperature_lsb_mc),
        ("gauge.counter_lsb_uah", gauge.counter_lsb_uah),
    ] {
        checker.ensure((1..=1_000_000).contains(&step), key, "is not between 1 and 1000000")?;
    }
    Ok(())
}

fn charging(checker: &Checker<'_>, charging: &Charging) -> Result<(), PhoneError> {
    checker.node("charging.node", &charging.node)?;
    checker.number("charging.current_ma", charging.current_ma, 10.0..=20_000.0)?;
    checker.number("charging.full_mv", charging.full_mv, 1_000.0..=30_000.0)?;
    checker.number("charging.efficiency", charging.efficiency, 0.5..=1.0)
}
