//! Which readings of an answer become channels, and how their values become integers.

use edgesoak_protocol::{Quantity, Reading, Reason, Unit, rule};

use super::list::{Command, FactChannel};
use crate::capture::{Capture, CapturedReading, Fact, Measure};
use crate::table::Channel;

/// Beyond this an integer has no exact value in floating point: no sensor prints it.
const MOST: f64 = 9_007_199_254_740_992.0;

/// A channel of an answer.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// The reading of this name.
    Reading(String),
    /// A fact that is a number or a flag.
    Fact(&'static FactChannel),
}

/// A channel as it was found at probe time.
pub(crate) struct Found {
    pub wanted: Wanted,
    pub channel: Channel,
    pub reading: Reading<i64>,
    /// As it was printed.
    pub raw: String,
}

/// Everything in the answer that this command gives as channels, each name once.
pub(crate) fn find(command: &'static Command, capture: &Capture) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for reading in capture.readings() {
        let Some(quantity) = command.quantity(&reading.channel) else { continue };
        let is_it =
            |other: &Found| matches!(&other.wanted, Wanted::Reading(name) if *name == reading.channel);
        if found.iter().any(is_it) {
            continue;
        }
        let wanted = Wanted::Reading(reading.channel.clone());
        let (unit, scale) = scale(reading.unit);
        let channel = channel(command.name_of(&reading.channel), quantity, unit, scale);
        found.push(Found { wanted, channel, reading: integer(reading), raw: reading.raw.clone() });
    }
    for fact in command.facts {
        let reading = of_fact(capture, fact);
        if reading.is_ok() {
            let raw = reading.map(|number| number.to_string()).unwrap_or_default();
            let channel = channel(fact.name.to_owned(), fact.quantity, Unit::One, 1.0);
            found.push(Found { wanted: Wanted::Fact(fact), channel, reading, raw });
        }
    }
    found
}

fn channel(name: String, quantity: Quantity, unit: Unit, scale: f64) -> Channel {
    Channel { rule: rule::CAPTURED, ..Channel::new(name, quantity, unit, scale) }
}

impl Wanted {
    /// Whether it is the reading of this name.
    pub fn is_reading(&self, name: Option<&str>) -> bool {
        matches!((self, name), (Wanted::Reading(own), Some(name)) if own == name)
    }

    /// Its integer in this answer. `hint` is where the reading stood before, and is moved to behind it: answers
    /// keep their order.
    pub fn take(&self, capture: &Capture, hint: &mut usize) -> Reading<i64> {
        match self {
            Wanted::Fact(fact) => of_fact(capture, fact),
            Wanted::Reading(name) => {
                let readings = capture.readings();
                let is_it = |reading: &CapturedReading| reading.channel == *name;
                let behind = readings.get(*hint..).unwrap_or_default().iter().position(is_it);
                let place = behind.map(|place| *hint + place).or_else(|| readings.iter().position(is_it));
                let place = place.ok_or(Reason::Absent)?;
                *hint = place + 1;
                integer(&readings[place])
            }
        }
    }
}

fn of_fact(capture: &Capture, row: &FactChannel) -> Reading<i64> {
    match capture.facts().get(row.fact) {
        Some(Fact::Flag(flag)) => Ok(i64::from(*flag)),
        Some(Fact::Number(number)) => Ok(*number),
        Some(Fact::Word(_)) => Err(Reason::Parse),
        None => {
            let answered = capture.readings().iter().any(|reading| reading.value.is_ok());
            row.unsaid.filter(|_| answered).ok_or(Reason::Absent)
        }
    }
}

/// Unit, and factor from the integer to it: fine enough that no vendor's resolution is lost.
fn scale(measure: Measure) -> (Unit, f64) {
    match measure {
        Measure::Celsius => (Unit::Celsius, 1e-3),
        Measure::MilliAmpere => (Unit::Ampere, 1e-6),
        Measure::MilliVolt => (Unit::Volt, 1e-6),
        Measure::MilliWatt => (Unit::Watt, 1e-6),
        Measure::MilliJoule => (Unit::Joule, 1e-6),
        Measure::MicroAmpereHour => (Unit::AmpereHour, 1e-6),
        Measure::KiloHertz => (Unit::Hertz, 1.0),
        Measure::Percent => (Unit::Percent, 1e-3),
        Measure::Kibibyte => (Unit::Byte, 1024.0),
        Measure::Byte => (Unit::Byte, 1.0),
        Measure::Count | Measure::State => (Unit::One, 1.0),
    }
}

fn integer(reading: &CapturedReading) -> Reading<i64> {
    let factor = match reading.unit {
        Measure::Celsius
        | Measure::MilliAmpere
        | Measure::MilliVolt
        | Measure::MilliWatt
        | Measure::MilliJoule
        | Measure::KiloHertz
        | Measure::Percent => 1e3,
        Measure::MicroAmpereHour | Measure::Kibibyte | Measure::Byte | Measure::Count | Measure::State => 1.0,
    };
    let value = (reading.value? * factor).round();
    if value.abs() <= MOST {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number within the bounds of an i64")]
        let value = value as i64;
        Ok(value)
    } else {
        Err(Reason::Implausible)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::command::list;

    const HAL: &str =
        "getCurrentTemperatures:\n Type: SKIN Name: SKIN CurrentValue: 31.5 ThrottlingStatus: NONE\n";

    fn found(command: &'static Command, text: &str) -> Vec<(String, Reading<f64>)> {
        let row = |found: Found| {
            let value =
                found.reading.and_then(|raw| rule::apply(found.channel.rule, raw, found.channel.scale));
            (found.channel.name, value)
        };
        find(command, &command.kind.parse(text)).into_iter().map(row).collect()
    }

    #[test]
    fn what_nobody_emulates_is_not_faked() {
        let all = |text: &str| found(&list::ITHERMAL, text);
        let row = |name: &str, value| (name.to_owned(), value);
        assert_eq!(all(HAL), [row("temperature/skin", Ok(31.5)), row("thermal/override", Ok(0.0))]);
        let emulated = [HAL, "getEmulTemperatures:\n Name: SKIN EmulTemp: 50 EmulSeverity: -1\n"].concat();
        assert_eq!(all(&emulated)[1], row("thermal/override", Ok(1.0)));
        assert_eq!(all("Can't find service: x"), [], "silence is no proof");
    }

    #[test]
    fn values_keep_what_was_printed() {
        let battery = "Current Battery Service state:\n  level: 83\n  scale: 100\n  voltage: 4117\n  \
            Charge counter: 3544651\n  current now: -412307\n  temperature: 287\n";
        let all = found(&list::BATTERY, battery);
        let of = |name: &str| all.iter().find(|(found, _)| found == name).expect("it is there").1;
        for (name, value) in [
            ("battery/charge_counter", 3.544_651),
            ("battery/current", -0.412_307),
            ("battery/voltage", 4.117),
            ("battery/temperature", 28.7),
            ("battery/level", 83.0),
        ] {
            assert!((of(name).expect("a value") - value).abs() < 1e-9, "{name}");
        }
    }

    #[test]
    fn a_number_beyond_every_sensor_is_none() {
        let text = "============= PowerStats HAL 2.0 energy meter ==============\n [BIG]:x 1e300 mWs\n";
        assert_eq!(found(&list::POWERSTATS, text), [("rail/big".to_owned(), Err(Reason::Implausible))]);
    }

    #[test]
    fn readings_are_found_where_they_went() {
        let line = |name: &str, value| {
            format!(" Type: SKIN Name: {name} CurrentValue: {value} ThrottlingStatus: NONE\n")
        };
        let text = |names: &[(&str, i32)]| {
            names.iter().fold("getCurrentTemperatures:\n".to_owned(), |text, (name, value)| {
                text + &line(name, *value)
            })
        };
        let before = list::ITHERMAL.kind.parse(&text(&[("a", 20), ("b", 21), ("c", 22)]));
        let wanted: Vec<Wanted> =
            find(&list::ITHERMAL, &before).into_iter().map(|found| found.wanted).collect();
        let after = list::ITHERMAL.kind.parse(&text(&[("c", 32), ("x", 50), ("a", 30)]));
        let mut hint = 0;
        let values: Vec<_> = wanted.iter().map(|wanted| wanted.take(&after, &mut hint)).collect();
        assert_eq!(values, [Ok(30_000), Err(Reason::Absent), Ok(32_000), Ok(0)]);
    }

    proptest! {
        #[test]
        fn no_text_upsets_a_command(text in "(?s).{0,400}", before in "(?s).{0,400}") {
            for command in [&list::THERMALSERVICE, &list::BATTERY, &list::PMIC_READ_ADC, &list::TEGRASTATS] {
                let found = find(command, &command.kind.parse(&before));
                let capture = command.kind.parse(&text);
                let mut hint = 0;
                for found in found {
                    let reading = found.wanted.take(&capture, &mut hint);
                    prop_assert!(reading.is_err() || capture.readings().len() + capture.facts().len() > 0);
                }
            }
        }
    }
}
