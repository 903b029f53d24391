//! Which readings of an answer become channels, and how their values become integers.

use edgesoak_protocol::{Quantity, Reading, Reason, Unit, rule};

use super::list::Command;
use crate::capture::{Capture, CapturedReading, Fact, Measure};
use crate::table::Channel;

/// Beyond this an integer has no exact value in floating point: no sensor prints it.
const MOST: f64 = 9_007_199_254_740_992.0;

/// A channel of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The reading of this name.
    Reading(String),
    /// A fact that is a number or a flag.
    Fact(&'static str),
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
pub(crate) fn find(command: &Command, capture: &Capture) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for reading in capture.readings() {
        let Some(quantity) = command.quantity(&reading.channel) else { continue };
        let wanted = Wanted::Reading(reading.channel.clone());
        if found.iter().any(|other| other.wanted == wanted) {
            continue;
        }
        let (unit, scale) = scale(reading.unit);
        let channel = channel(command.name_of(&reading.channel), quantity, unit, scale);
        found.push(Found { wanted, channel, reading: integer(reading), raw: reading.raw.clone() });
    }
    for (fact, name, quantity) in command.facts {
        let reading = of_fact(capture, fact);
        if reading.is_ok() {
            let raw = reading.map(|number| number.to_string()).unwrap_or_default();
            let channel = channel((*name).to_owned(), *quantity, Unit::One, 1.0);
            found.push(Found { wanted: Wanted::Fact(fact), channel, reading, raw });
        }
    }
    found
}

fn channel(name: String, quantity: Quantity, unit: Unit, scale: f64) -> Channel {
    Channel { rule: rule::CAPTURED, ..Channel::new(name, quantity, unit, scale) }
}

impl Wanted {
    /// Its integer in this answer. `hint` is where the reading stood before, and is moved to behind it: answers
    /// keep their order.
    pub fn take(&self, capture: &Capture, hint: &mut usize) -> Reading<i64> {
        match self {
            Wanted::Fact(name) => of_fact(capture, name),
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

fn of_fact(capture: &Capture, name: &str) -> Reading<i64> {
    match capture.facts().get(name) {
        Some(Fact::Flag(flag)) => Ok(i64::from(*flag)),
        Some(Fact::Number(number)) => Ok(*number),
        Some(Fact::Word(_)) => Err(Reason::Parse),
        None => Err(Reason::Absent),
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
