//! Whether a device is cool and calm enough to start; decided from probes alone.

use std::collections::VecDeque;

use edgesoak_protocol::Quantity;
use edgesoak_protocol::probe::Probe;
use edgesoak_protocol::units::Nanos;

/// Fastest change of temperature that counts as rest.
const MAX_DRIFT_KELVIN_PER_MINUTE: f64 = 0.2;
/// Time over which the change is measured.
const WINDOW: Nanos = Nanos::from_secs(60);

/// What the probes say so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Readiness {
    /// All conditions that can be checked hold.
    Ready,
    /// No temperature can be read, so nothing about heat can be checked.
    NoSensor,
    /// Why it has to wait.
    Wait(String),
}

/// Hottest temperatures of the last minutes.
#[derive(Debug, Default)]
pub(super) struct StartConditions {
    hottest: VecDeque<(Nanos, f64)>,
}

impl StartConditions {
    /// Takes one probe.
    pub(super) fn take(&mut self, now: Nanos, probe: &Probe) -> Readiness {
        let values = |quantity| {
            let of_kind = probe.channels.iter().filter(move |channel| channel.quantity == quantity);
            of_kind.filter_map(|channel| channel.value).filter(|value| value.is_finite())
        };
        let Some(hottest) = values(Quantity::Temperature).reduce(f64::max) else {
            return Readiness::NoSensor;
        };
        self.hottest.push_back((now, hottest));
        // One older than the window stays, so that a whole window is covered.
        while self.hottest.get(1).is_some_and(|(time, _)| now.since(*time) >= WINDOW) {
            self.hottest.pop_front();
        }
        if values(Quantity::CoolingState).any(|state| state > 0.0) {
            return Readiness::Wait(format!("a cooling device is active at {hottest:.1} °C"));
        }
        let Some((first, before)) = self.hottest.front().copied() else { return Readiness::NoSensor };
        let span = now.since(first);
        if span < WINDOW {
            return Readiness::Wait(format!("watching {hottest:.1} °C for a minute"));
        }
        let drift = (hottest - before) / (span.as_secs_f64() / 60.0);
        if drift.abs() > MAX_DRIFT_KELVIN_PER_MINUTE {
            return Readiness::Wait(format!("{hottest:.1} °C, changing by {drift:+.2} K/min"));
        }
        Readiness::Ready
    }
}
