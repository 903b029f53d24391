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

#[cfg(test)]
mod tests {
    use edgesoak_protocol::Unit;
    use edgesoak_protocol::probe::ProbedChannel;

    use super::*;

    fn probe(temperature: Option<f64>, cooling: f64) -> Probe {
        let channel = |quantity, value| ProbedChannel {
            name: "made up".to_owned(),
            quantity,
            unit: Unit::Celsius,
            source: "made up".to_owned(),
            value,
            missing: None,
            raw: String::new(),
            quality: edgesoak_protocol::quality::Quality::default(),
        };
        Probe {
            agent: String::new(),
            protocol: [1, 1],
            kernel: String::new(),
            os: String::new(),
            cpu: String::new(),
            cores: 1,
            cpu_features: Vec::new(),
            memory_bytes: 0,
            storage_free_bytes: Some(0),
            facts: std::collections::BTreeMap::new(),
            commands: Vec::new(),
            boot_id: String::new(),
            is_virtual: false,
            channels: vec![
                channel(Quantity::Temperature, temperature),
                channel(Quantity::CoolingState, Some(cooling)),
            ],
        }
    }

    /// The first moment, in seconds, at which a device with this temperature is ready; probed every 10 s.
    fn ready_after(temperature: impl Fn(f64) -> f64, cooling: impl Fn(f64) -> f64) -> Option<u64> {
        let mut conditions = StartConditions::default();
        (0..3600).step_by(10).find(|second| {
            let at = *second as f64;
            let probe = probe(Some(temperature(at)), cooling(at));
            conditions.take(Nanos::from_secs(*second), &probe) == Readiness::Ready
        })
    }

    #[test]
    fn a_steady_device_is_watched_for_a_minute_and_a_cooling_one_until_it_is_steady() {
        assert_eq!(ready_after(|_| 25.0, |_| 0.0), Some(60));
        // 20 K too warm, time constant 300 s: the fall is below 0.2 K/min once 20 K * exp(-t/300 s) / 5 min is.
        let ready = ready_after(|at| 25.0 + 20.0 * (-at / 300.0).exp(), |_| 0.0).expect("it cools down");
        assert!((900..1100).contains(&ready), "{ready}");
        assert_eq!(ready_after(|at| 25.0 + at / 60.0, |_| 0.0), None, "it warms up for ever");
        assert_eq!(ready_after(|_| 25.0, |at| f64::from(u8::from(at < 300.0))), Some(300), "a fan runs");
    }

    #[test]
    fn without_a_reading_nothing_is_claimed() {
        let mut conditions = StartConditions::default();
        assert_eq!(conditions.take(Nanos(0), &probe(None, 0.0)), Readiness::NoSensor);
        assert_eq!(conditions.take(Nanos(0), &probe(Some(f64::NAN), 0.0)), Readiness::NoSensor);
    }
}
