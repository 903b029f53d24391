//! The fuel gauge: what the operating system learns of the battery, late, rounded, and with the vendor's sign.

use crate::profile::{Counter, DischargeSign, Gauge as Habits};

/// A fuel gauge with its last values, in the integers of the kernel's power supply class.
#[derive(Debug, Clone)]
pub struct Gauge {
    habits: Habits,
    rated_uah: f64,
    shown: Shown,
    /// Out of the battery since the last refresh, A s.
    moved_as: f64,
    since_s: f64,
}

/// What the gauge shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// Mean current over the last refresh period, µA, with the vendor's sign.
    pub current_ua: i64,
    /// Voltage at the terminals, µV.
    pub voltage_uv: i64,
    /// Charge counter, µAh.
    pub counter_uah: i64,
    /// State of charge, whole percent.
    pub percent: i64,
    /// Temperature, m°C.
    pub temperature_mc: i64,
}

/// The truth at a refresh.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    /// At the terminals, V.
    pub volts: f64,
    /// Charge left, A s.
    pub charge_as: f64,
    /// State of charge, 0 to 1.
    pub state_of_charge: f64,
    /// Of the battery, °C.
    pub celsius: f64,
}

impl Gauge {
    /// A gauge that has not yet seen anything; `rated_mah` is the capacity that it believes in.
    #[must_use]
    pub fn new(habits: &Habits, rated_mah: f64) -> Self {
        Self {
            habits: habits.clone(),
            rated_uah: rated_mah * 1e3,
            shown: Shown::default(),
            moved_as: 0.0,
            since_s: 0.0,
        }
    }

    /// Time between new values, ns.
    #[must_use]
    pub fn period_ns(&self) -> u64 {
        self.habits.refresh_ms * 1_000_000
    }

    /// What it shows.
    #[must_use]
    pub fn shown(&self) -> Shown {
        self.shown
    }

    /// Lets a current (A, out of the battery) flow for some seconds.
    pub fn pass(&mut self, seconds: f64, current_a: f64) {
        self.moved_as += current_a * seconds;
        self.since_s += seconds;
    }

    /// Takes new values.
    pub fn refresh(&mut self, truth: Truth) {
        let mean_a = if self.since_s > 0.0 { self.moved_as / self.since_s } else { 0.0 };
        let signed = match self.habits.discharge {
            DischargeSign::Negative => -mean_a,
            DischargeSign::Positive => mean_a,
            DischargeSign::Unsigned => mean_a.abs(),
        };
        let percent = (truth.state_of_charge * 1e2).round();
        let counter_uah = match self.habits.counter {
            Counter::Coulomb => truth.charge_as / 3_600.0 * 1e6,
            Counter::Percent => percent / 1e2 * self.rated_uah,
            Counter::Zero => 0.0,
        };
        self.shown = Shown {
            current_ua: quantised(signed * 1e6, self.habits.current_lsb_ua),
            voltage_uv: quantised(truth.volts * 1e6, self.habits.voltage_lsb_uv),
            counter_uah: quantised(counter_uah, self.habits.counter_lsb_uah),
            percent: quantised(percent, 1),
            temperature_mc: quantised(truth.celsius * 1e3, self.habits.temperature_lsb_mc),
        };
        (self.moved_as, self.since_s) = (0.0, 0.0);
    }
}

/// The nearest multiple of a step.
fn quantised(value: f64, step: u64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast saturates, and checked profiles stay far below"
    )]
    let steps = (value / step as f64).round() as i64;
    steps.saturating_mul(step.cast_signed())
}

#[cfg(test)]
mod tests {
    use super::{Gauge, Truth};
    use crate::profile::{Counter, DischargeSign, Gauge as Habits};

    const TRUTH: Truth = Truth { volts: 3.8127, charge_as: 7_239.6, state_of_charge: 0.503, celsius: 31.26 };

    fn habits(discharge: DischargeSign, counter: Counter) -> Habits {
        Habits {
            refresh_ms: 1000,
            current_lsb_ua: 1250,
            voltage_lsb_uv: 5000,
            temperature_lsb_mc: 100,
            counter_lsb_uah: 4000,
            discharge,
            counter,
        }
    }

    #[test]
    fn values_are_means_in_steps_with_the_vendors_sign() {
        for (sign, expected) in [
            (DischargeSign::Negative, -1_250_000),
            (DischargeSign::Positive, 1_250_000),
            (DischargeSign::Unsigned, 1_250_000),
        ] {
            let mut gauge = Gauge::new(&habits(sign, Counter::Coulomb), 4000.0);
            gauge.pass(0.25, 2.0);
            gauge.pass(0.75, 1.0);
            gauge.refresh(TRUTH);
            let shown = gauge.shown();
            assert_eq!(shown.current_ua, expected, "mean of 2 A for a quarter and 1 A for the rest");
            assert_eq!((shown.voltage_uv, shown.temperature_mc, shown.percent), (3_815_000, 31_300, 50));
            assert_eq!(shown.counter_uah, 2_012_000, "2.011 Ah in steps of 4 mAh");
        }
    }

    #[test]
    fn a_counter_may_be_the_percentage_in_disguise_or_nothing() {
        let shown = |counter| {
            let mut gauge = Gauge::new(&habits(DischargeSign::Negative, counter), 4000.0);
            gauge.refresh(TRUTH);
            gauge.shown().counter_uah
        };
        assert_eq!(shown(Counter::Percent), 2_000_000);
        assert_eq!(shown(Counter::Zero), 0);
    }
}
