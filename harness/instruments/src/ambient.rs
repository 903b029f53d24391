//! The temperature of a room, as a lab's command prints it: one number in °C, or JSON with one.

use std::time::Duration;

use edgesoak_record::lab::Probe;
use edgesoak_record::units::Celsius;
use serde_json::Value;

use crate::error::InstrumentError;
use crate::program::{run, words};

/// A sensor on a bus or in a network answers within this.
const DEADLINE: Duration = Duration::from_secs(10);
/// Rooms and climate chambers in which devices are tested, °C. Sensors on a one-wire bus say 85 before their first
/// conversion and -127 when they are gone.
const ROOM: std::ops::RangeInclusive<f64> = -40.0..=80.0;

pub(crate) async fn read(probe: &Probe) -> Result<Celsius, InstrumentError> {
    let printed = run(&probe.command, DEADLINE).await?;
    temperature(&printed).ok_or_else(|| InstrumentError::NoTemperature {
        program: probe.command.first().cloned().unwrap_or_default(),
        found: if printed.trim_ascii().is_empty() { "nothing".to_owned() } else { words(&printed) },
    })
}

/// A number of one line, or `{"celsius": n}`.
fn temperature(printed: &[u8]) -> Option<Celsius> {
    let text = std::str::from_utf8(printed).ok()?.trim();
    let number = match serde_json::from_str::<Value>(text).ok() {
        Some(Value::Object(object)) => object.get("celsius")?.as_f64()?,
        Some(value) => value.as_f64()?,
        // `+21.5` and `021.50` are numbers, though not of JSON.
        None => text.parse().ok()?,
    };
    ROOM.contains(&number).then_some(Celsius(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_a_number_of_degrees() {
        for printed in ["21.5\n", " 21.5", "+21.5", "{\"celsius\": 21.5, \"humidity\": 40}", "021.50"] {
            assert_eq!(temperature(printed.as_bytes()), Some(Celsius(21.5)), "{printed}");
        }
        for printed in [
            "",
            "warm",
            "21.5 C",
            "21.5\n22.0",
            "294.6",
            "-127",
            "85.000",
            "nan",
            "inf",
            "{}",
            "[21]",
            "\"21\"",
            "85000",
        ] {
            assert_eq!(temperature(printed.as_bytes()), None, "{printed}");
        }
        assert_eq!(temperature(&[0xff]), None);
    }
}
