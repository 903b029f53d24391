//! Supply: battery, fuel gauge, charger, and the differences between units.

use serde::Deserialize;

/// A battery pack: a source with an open-circuit voltage behind an internal resistance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Battery {
    /// The thermal node that its losses heat.
    pub node: String,
    /// Rated capacity, mAh.
    pub capacity_mah: f64,
    /// Capacity left by rated capacity.
    pub health: f64,
    /// Full cycles so far.
    pub cycles: u32,
    /// Internal resistance, mΩ.
    pub resistance_mohm: f64,
    /// The device switches itself off below this voltage, mV.
    pub cutoff_mv: f64,
    /// Open-circuit voltage over the state of charge: percent, mV; from 0 to 100, rising.
    pub open_circuit: Vec<(f64, f64)>,
}

/// The fuel gauge: what the operating system knows of the battery.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gauge {
    /// Time between new values, ms. The current is the mean over it.
    pub refresh_ms: u64,
    /// Step of the current, µA.
    pub current_lsb_ua: u64,
    /// Step of the voltage, µV.
    pub voltage_lsb_uv: u64,
    /// Step of the temperature, m°C.
    pub temperature_lsb_mc: u64,
    /// Step of the charge counter, µAh.
    pub counter_lsb_uah: u64,
    /// Which sign a discharge has.
    pub discharge: DischargeSign,
    /// What the charge counter counts.
    pub counter: Counter,
}

/// The sign of the current while the battery discharges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DischargeSign {
    /// As the documentation of Android and of the kernel says.
    Negative,
    /// As several vendors do.
    Positive,
    /// Always positive: the state of charging must be read elsewhere.
    Unsigned,
}

/// What stands behind a charge counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counter {
    /// Counted coulombs.
    Coulomb,
    /// The percentage times a constant, which tells nothing new.
    Percent,
    /// Always zero.
    Zero,
}

/// Constant current up to a voltage, then constant voltage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charging {
    /// Current into the battery at most, mA.
    pub current_ma: f64,
    /// The voltage that it does not exceed, mV.
    pub full_mv: f64,
    /// Power behind the charging circuit by power before it; the rest is heat.
    pub efficiency: f64,
    /// The node which that heats.
    pub node: String,
}

/// Standard deviations between units of one kind, as parts of one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Of the leakage.
    pub leakage: f64,
    /// Of the dynamic power.
    pub dynamic: f64,
    /// Of the thermal conductances.
    pub cooling: f64,
    /// Of the battery's resistance.
    pub resistance: f64,
}
