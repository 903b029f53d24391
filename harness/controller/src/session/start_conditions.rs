//! Whether a device is cool and calm enough to start; decided from probes alone.

use std::collections::VecDeque;

use edgesoak_protocol::Quantity;
use edgesoak_protocol::probe::Probe;
use edgesoak_protocol::supply::is_of_heat;
use edgesoak_protocol::units::{Kelvin, Nanos};
use edgesoak_record::follows_the_air;

use super::room::Room;

/// Fastest change of temperature that counts as rest.
const MAX_DRIFT_KELVIN_PER_MINUTE: f64 = 0.2;
/// Time over which the change is measured.
const WINDOW: Nanos = Nanos::from_secs(60);

/// Tries of a probe of the room after which it counts as unreadable.
const MOST_SILENT: u32 = 3;
/// Looks at the device without any temperature, one after the other, after which it has none.
const MOST_UNREAD: u32 = 3;

/// What the probes say so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Readiness {
    /// All conditions that can be checked hold; what is known of the excess over ambient.
    Ready(String),
    /// No temperature can be read, so nothing about heat can be checked.
    NoSensor,
    /// Why it has to wait.
    Wait(String),
}

/// Hottest temperatures of the last minutes.
#[derive(Debug)]
pub(super) struct StartConditions {
    max_over_ambient: Kelvin,
    hottest: VecDeque<(Nanos, f64)>,
    /// Looks in a row that found no temperature.
    unread: u32,
}

impl StartConditions {
    pub(super) fn new(max_over_ambient: Kelvin) -> Self {
        Self { max_over_ambient, hottest: VecDeque::new(), unread: 0 }
    }

    /// Takes one probe.
    pub(super) fn take(&mut self, now: Nanos, probe: &Probe, room: Room) -> Readiness {
        let Some(hottest) = values(probe, Quantity::Temperature).map(|(_, value)| value).reduce(f64::max)
        else {
            // A service that was too busy to answer once would let a hot device begin.
            self.unread += 1;
            return if self.unread < MOST_UNREAD {
                Readiness::Wait("no temperature could be read".to_owned())
            } else {
                Readiness::NoSensor
            };
        };
        self.unread = 0;
        self.hottest.push_back((now, hottest));
        // One older than the window stays, so that a whole window is covered.
        while self.hottest.get(1).is_some_and(|(time, _)| now.since(*time) >= WINDOW) {
            self.hottest.pop_front();
        }
        if values(probe, Quantity::CoolingState).any(|(_, state)| state > 0.0) {
            return Readiness::Wait(format!("a cooling device is active at {hottest:.1} °C"));
        }
        // A status that somebody set by hand says nothing about heat.
        let is_set = values(probe, Quantity::Override).any(|(name, set)| is_of_heat(name) && set > 0.5);
        if !is_set && values(probe, Quantity::ThermalStatus).any(|(_, status)| status > 0.0) {
            return Readiness::Wait(format!("the system announces heat at {hottest:.1} °C"));
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
        self.over_ambient(probe, room)
    }

    fn over_ambient(&self, probe: &Probe, room: Room) -> Readiness {
        let unknown = |why: &str| Readiness::Ready(format!("the excess over ambient is unknown: {why}"));
        let own = values(probe, Quantity::Ambient).min_by(|(_, a), (_, b)| a.total_cmp(b));
        let (room, whose) = match (room, own) {
            (Room::Is(celsius), _) => (celsius, "the room's".to_owned()),
            (Room::NotYet, _) => return Readiness::Wait("reading the room".to_owned()),
            (Room::Silent(times), _) if times < MOST_SILENT => {
                return Readiness::Wait("reading the room".to_owned());
            }
            // A thermometer of its own stands in for a probe.
            (Room::Silent(_) | Room::Unwatched, Some((name, celsius))) => {
                (celsius, format!("its own {name} of"))
            }
            (Room::Silent(_), None) => return unknown("its probe gives no reading"),
            (Room::Unwatched, None) => return Readiness::Ready("ambient temperature is unknown".to_owned()),
        };
        let outside = values(probe, Quantity::Temperature).filter(|(name, _)| follows_the_air(name));
        let Some((name, warmest)) = outside.max_by(|(_, a), (_, b)| a.total_cmp(b)) else {
            return unknown("the device has no temperature of battery or skin");
        };
        let (over, allowed) = (warmest - room, self.max_over_ambient.0);
        let words = format!("{name} is at {warmest:.1} °C, {over:.1} K over {whose} {room:.1} °C");
        if over > allowed {
            return Readiness::Wait(format!("{words}, allowed are {allowed:.1} K"));
        }
        Readiness::Ready(words)
    }
}

/// Readable values of one quantity with the names of their channels.
fn values(probe: &Probe, quantity: Quantity) -> impl Iterator<Item = (&str, f64)> {
    let of_kind = probe.channels.iter().filter(move |channel| channel.quantity == quantity);
    let read = of_kind.filter_map(|channel| Some((channel.name.as_str(), channel.value?)));
    read.filter(|(_, value)| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::made_probe;

    fn probe(battery: Option<f64>, cooling: f64) -> Probe {
        made_probe::probe(&[
            ("temperature/battery", Quantity::Temperature, battery),
            ("cooling/fan", Quantity::CoolingState, Some(cooling)),
        ])
    }

    /// The first moment, in seconds, at which a device with this temperature is ready; probed every 10 s.
    fn ready_after(
        temperature: impl Fn(f64) -> f64,
        cooling: impl Fn(f64) -> f64,
        room: Room,
    ) -> Option<u64> {
        let mut conditions = StartConditions::new(Kelvin(4.0));
        (0..3600).step_by(10).find(|second| {
            let at = *second as f64;
            let probe = probe(Some(temperature(at)), cooling(at));
            matches!(conditions.take(Nanos::from_secs(*second), &probe, room), Readiness::Ready(_))
        })
    }

    #[test]
    fn a_steady_device_is_watched_for_a_minute_and_a_cooling_one_until_it_is_steady() {
        let ready_after = |temperature: &dyn Fn(f64) -> f64, cooling: &dyn Fn(f64) -> f64| {
            ready_after(temperature, cooling, Room::Unwatched)
        };
        assert_eq!(ready_after(&|_| 25.0, &|_| 0.0), Some(60));
        // 20 K too warm, time constant 300 s: the fall is below 0.2 K/min once 20 K * exp(-t/300 s) / 5 min is.
        let ready = ready_after(&|at| 25.0 + 20.0 * (-at / 300.0).exp(), &|_| 0.0).expect("it cools down");
        assert!((900..1100).contains(&ready), "{ready}");
        assert_eq!(ready_after(&|at| 25.0 + at / 60.0, &|_| 0.0), None, "it warms up for ever");
        assert_eq!(ready_after(&|_| 25.0, &|at| f64::from(u8::from(at < 300.0))), Some(300), "a fan runs");
    }

    #[test]
    fn a_steady_device_waits_until_it_is_near_the_temperature_of_the_room() {
        // Slow enough to count as steady throughout: 0.1 K/min.
        let cooling_down = |at: f64| 30.0 - at / 600.0;
        let ready = |room| ready_after(cooling_down, |_| 0.0, room);
        assert_eq!(ready(Room::Is(27.0)), Some(60));
        assert_eq!(ready(Room::Is(25.0)), Some(600), "29 °C are 4 K over");
        assert_eq!(ready(Room::Is(18.0)), None);
        assert_eq!(ready(Room::NotYet), None);
        assert_eq!(ready(Room::Silent(2)), None);
        assert_eq!(ready(Room::Silent(3)), Some(60), "nothing is claimed, and nobody waits for ever");
    }

    #[test]
    fn what_is_known_of_the_room_is_said_in_numbers() {
        let words = |channel: &str, room| {
            let probe = made_probe::probe(&[(channel, Quantity::Temperature, Some(27.25))]);
            let mut conditions = StartConditions::new(Kelvin(4.0));
            conditions.take(Nanos(0), &probe, room);
            conditions.take(Nanos::from_secs(60), &probe, room)
        };
        let text = "temperature/skin is at 27.2 °C, 3.2 K over the room's 24.0 °C";
        assert_eq!(words("temperature/skin", Room::Is(24.0)), Readiness::Ready(text.to_owned()));
        let Readiness::Wait(text) = words("temperature/skin", Room::Is(20.0)) else { panic!("7 K over") };
        assert!(text.ends_with("7.2 K over the room's 20.0 °C, allowed are 4.0 K"), "{text}");
        // A processor is warmer than the air at all times; that says nothing.
        let Readiness::Ready(text) = words("temperature/cpu", Room::Is(20.0)) else { panic!("unknown") };
        assert!(text.contains("unknown"), "{text}");
    }

    #[test]
    fn a_thermometer_of_the_devices_own_stands_in_for_a_probe() {
        let words = |own: f64, room| {
            let probe = made_probe::probe(&[
                ("temperature/battery", Quantity::Temperature, Some(27.25)),
                ("ambient/room", Quantity::Ambient, Some(own)),
            ]);
            let mut conditions = StartConditions::new(Kelvin(4.0));
            conditions.take(Nanos(0), &probe, room);
            conditions.take(Nanos::from_secs(60), &probe, room)
        };
        let text = "temperature/battery is at 27.2 °C, 3.2 K over its own ambient/room of 24.0 °C";
        assert_eq!(words(24.0, Room::Unwatched), Readiness::Ready(text.to_owned()));
        assert_eq!(words(24.0, Room::Silent(3)), Readiness::Ready(text.to_owned()));
        assert!(matches!(words(20.0, Room::Unwatched), Readiness::Wait(_)));
        assert!(matches!(words(20.0, Room::Is(24.0)), Readiness::Ready(_)), "the probe comes first");
        assert!(matches!(words(24.0, Room::NotYet), Readiness::Wait(_)));
    }

    #[test]
    fn a_device_whose_system_announces_heat_waits() {
        let mut conditions = StartConditions::new(Kelvin(4.0));
        let ready = (0..600).step_by(10).find(|second| {
            let status = f64::from(u8::from(*second < 200));
            let probe = made_probe::probe(&[
                ("temperature/battery", Quantity::Temperature, Some(25.0)),
                ("thermal/status", Quantity::ThermalStatus, Some(status)),
            ]);
            let readiness = conditions.take(Nanos::from_secs(*second), &probe, Room::Unwatched);
            matches!(readiness, Readiness::Ready(_))
        });
        assert_eq!(ready, Some(200));
    }

    #[test]
    fn a_heat_status_that_somebody_set_is_waited_for_by_nobody() {
        let ready = |set| {
            let probe = made_probe::probe(&[
                ("temperature/battery", Quantity::Temperature, Some(25.0)),
                ("thermal/status", Quantity::ThermalStatus, Some(3.0)),
                ("thermal/override", Quantity::Override, Some(set)),
            ]);
            let mut conditions = StartConditions::new(Kelvin(4.0));
            conditions.take(Nanos(0), &probe, Room::Unwatched);
            conditions.take(Nanos::from_secs(60), &probe, Room::Unwatched)
        };
        assert!(matches!(ready(1.0), Readiness::Ready(_)));
        assert!(matches!(ready(0.0), Readiness::Wait(_)));
    }

    #[test]
    fn a_reading_that_fails_now_and_then_lets_no_hot_device_begin() {
        let mut conditions = StartConditions::new(Kelvin(4.0));
        let ready = (0..3600).step_by(10).find(|second| {
            let at = *second as f64;
            let hot = 25.0 + 20.0 * (-at / 300.0).exp();
            let probe = probe(Some(hot).filter(|_| (second / 10) % 3 == 0), 0.0);
            let readiness = conditions.take(Nanos::from_secs(*second), &probe, Room::Unwatched);
            !matches!(readiness, Readiness::Wait(_))
        });
        assert!(ready.is_some_and(|second| second > 900), "{ready:?}");
    }

    #[test]
    fn without_a_reading_nothing_is_claimed() {
        let mut conditions = StartConditions::new(Kelvin(4.0));
        let mut take = |temperature| conditions.take(Nanos(0), &probe(temperature, 0.0), Room::Is(20.0));
        assert!(matches!(take(None), Readiness::Wait(_)));
        assert!(matches!(take(None), Readiness::Wait(_)));
        assert_eq!(take(Some(f64::NAN)), Readiness::NoSensor);
    }
}
