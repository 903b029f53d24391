//! The battery: a voltage over the state of charge behind an internal resistance, and the circuit that charges it.
//!
//! Discharging with power `P`: `P = (U0 - I R) I`, so that `I = (U0 - sqrt(U0^2 - 4 R P)) / 2R`, and the terminals
//! sag to `U0 - I R`. No solution means more power than the battery can give at all.
//! The charger carries the device first; the rest charges with constant current up to a voltage, then constant voltage.
//! `U0` is held over a step: a phone moves through 1 % of charge, some 8 mV, in a minute at most.

use super::surroundings::Charger;
use crate::profile;

/// Seconds of an hour.
const S_PER_H: f64 = 3_600.0;

/// A battery with its charge.
#[derive(Debug, Clone)]
pub struct Battery {
    /// Open-circuit voltage over state of charge (0 to 1), V.
    curve: Vec<(f64, f64)>,
    /// What it holds when full, A s.
    full_as: f64,
    /// What it holds, A s.
    charge_as: f64,
    resistance_ohm: f64,
    cutoff_v: f64,
    most_charging_a: f64,
    full_v: f64,
    charging_efficiency: f64,
}

/// What flowed in a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flow {
    /// Out of the battery, A; negative while it charges.
    pub current_a: f64,
    /// At its terminals, V.
    pub volts: f64,
    /// Heat in the battery, W.
    pub battery_heat_w: f64,
    /// Heat in the charging circuit, W.
    pub charging_heat_w: f64,
    /// Whether it can go on: over the cut-off voltage, and able to give this power.
    pub holds: bool,
}

impl Battery {
    /// From a profile; `resistance` is this unit's by the nominal unit's, `charge` is between 0 and 1.
    #[must_use]
    pub fn new(
        battery: &profile::Battery,
        charging: &profile::Charging,
        resistance: f64,
        charge: f64,
    ) -> Self {
        let full_as = battery.capacity_mah / 1e3 * S_PER_H * battery.health;
        Self {
            curve: battery.open_circuit.iter().map(|(percent, mv)| (percent / 1e2, mv / 1e3)).collect(),
            full_as,
            charge_as: full_as * charge,
            resistance_ohm: battery.resistance_mohm / 1e3 * resistance,
            cutoff_v: battery.cutoff_mv / 1e3,
            most_charging_a: charging.current_ma / 1e3,
            full_v: charging.full_mv / 1e3,
            charging_efficiency: charging.efficiency,
        }
    }

    /// State of charge, 0 to 1.
    #[must_use]
    pub fn state_of_charge(&self) -> f64 {
        self.charge_as / self.full_as
    }

    /// Charge left, A s.
    #[must_use]
    pub fn charge_as(&self) -> f64 {
        self.charge_as
    }

    /// Becomes another pack of its kind with this state of charge, 0 to 1.
    pub fn refill(&mut self, state_of_charge: f64) {
        self.charge_as = self.full_as * state_of_charge;
    }

    /// Open-circuit voltage, V.
    #[must_use]
    pub fn open_circuit_v(&self) -> f64 {
        let state = self.state_of_charge();
        let above = self.curve.partition_point(|(at, _)| *at < state).clamp(1, self.curve.len() - 1);
        let ((low, low_v), (high, high_v)) = (self.curve[above - 1], self.curve[above]);
        low_v + (high_v - low_v) * ((state - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// Gives `load_w` for `seconds`, with or without a charger.
    pub fn pass(&mut self, seconds: f64, load_w: f64, charger: Option<Charger>) -> Flow {
        let behind_charger = charger.map_or(0.0, |charger| charger.most.0 * self.charging_efficiency);
        let flow = if load_w > behind_charger {
            self.discharge(load_w - behind_charger)
        } else {
            self.charge(behind_charger - load_w)
        };
        let from_charger = load_w - flow.current_a * flow.volts;
        let charging_heat_w = from_charger.max(0.0) * (1.0 / self.charging_efficiency - 1.0);
        self.charge_as = (self.charge_as - flow.current_a * seconds).clamp(0.0, self.full_as);
        Flow { charging_heat_w, ..flow }
    }

    fn discharge(&self, watts: f64) -> Flow {
        let (open, ohm) = (self.open_circuit_v(), self.resistance_ohm);
        let root = (open * open - 4.0 * ohm * watts).max(0.0).sqrt();
        let current_a = (open - root) / (2.0 * ohm);
        let volts = open - current_a * ohm;
        let holds = root > 0.0 && volts >= self.cutoff_v && self.charge_as > 0.0;
        Flow { current_a, volts, battery_heat_w: current_a * current_a * ohm, charging_heat_w: 0.0, holds }
    }

    fn charge(&self, spare_w: f64) -> Flow {
        let (open, ohm) = (self.open_circuit_v(), self.resistance_ohm);
        let by_voltage = ((self.full_v - open) / ohm).max(0.0);
        // Spare power P charges with the current that solves P = (U0 + I R) I.
        let by_power = ((open * open + 4.0 * ohm * spare_w).sqrt() - open) / (2.0 * ohm);
        let full = self.charge_as >= self.full_as;
        let current = if full { 0.0 } else { self.most_charging_a.min(by_voltage).min(by_power) };
        Flow {
            current_a: -current,
            volts: open + current * ohm,
            battery_heat_w: current * current * ohm,
            charging_heat_w: 0.0,
            holds: true,
        }
    }
}
