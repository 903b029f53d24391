//! What a printed temperature says, and which printed "temperatures" are none.

use std::collections::HashMap;

use edgesoak_protocol::{Reading, Reason, rule};

use super::{Capture, Measure};
use crate::label;

/// Longest number that is read, bytes.
const MAX_NUMBER: usize = 40;
/// Java's largest float and beyond, with some room for its rounding: services print it for "not known".
const NO_VALUE: f64 = 3.4e38;
/// Where one part is warmer than this, another that reads exactly zero has no sensor, °C.
const WARM: f64 = 10.0;

/// Adds a temperature as `temperature/NAME`.
pub(super) fn read(capture: &mut Capture, name: &str, raw: &str, value: Reading<f64>) {
    capture.read(&channel("temperature/", name), name, Measure::Celsius, raw, value);
}

/// Adds the one row of an output without any temperature: silence is not health.
pub(super) fn read_none(capture: &mut Capture, reason: Reason) {
    capture.read("temperature/any", "", Measure::Celsius, "", Err(reason));
}

/// Adds the state of a cooling device as `cooling/NAME`.
pub(super) fn read_cooling(capture: &mut Capture, name: &str, raw: &str, state: Reading<f64>) {
    // The idle injector says -1 while it does not inject; less than that is no state.
    let state = state.and_then(|state| if state < -1.0 { Err(Reason::Implausible) } else { Ok(state) });
    capture.read(&channel("cooling/", name), name, Measure::State, raw, state);
}

/// A channel's name: ours in front, then the vendor's in small letters and in a safe shape.
pub(super) fn channel(ours: &str, name: &str) -> String {
    let mut channel = ours.to_owned();
    channel.push_str(&label::plain(name));
    channel.make_ascii_lowercase();
    channel
}

/// A number in degrees Celsius as Java and C++ print it: `31.400002`, `-99.9`, `28`, `3.1E1`, `NaN`, `-Infinity`.
pub(super) fn printed(text: &str) -> Reading<f64> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let value = number(text)?;
    if value < rule::COLDEST_CELSIUS {
        return Err(Reason::Sentinel);
    }
    match whole.parse() {
        Ok(raw) => rule::apply(rule::TEMPERATURE, raw, 1.0),
        Err(_) => rule::celsius(value),
    }
}

/// A finite number; nothing, `NaN` and the ends of the float range are ways to say "no value".
pub(super) fn number(text: &str) -> Reading<f64> {
    if text.is_empty() {
        return Err(Reason::Sentinel);
    }
    if text.len() > MAX_NUMBER {
        return Err(Reason::Parse);
    }
    let value: f64 = text.parse().map_err(|_| Reason::Parse)?;
    if value.is_nan() || value.abs() >= NO_VALUE { Err(Reason::Sentinel) } else { Ok(value) }
}

/// Whether a sensor of this name tells of a model, of charging or of an equaliser: numbers near a temperature that
/// no part of the device has.
pub(super) fn is_made_up(name: &str) -> bool {
    name.contains("MODEL") || name.split('-').skip(1).any(|part| part == "CHARGE" || part.starts_with("EQ"))
}

/// What is known only when all temperatures are: a zero beside warm parts is no sensor, and the second of two
/// channels with one name becomes `name#1`.
pub(super) fn settle(capture: &mut Capture) {
    doubt_zeros(capture);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut again = Vec::new();
    for (place, reading) in capture.readings().iter().enumerate() {
        let times = seen.entry(&reading.channel).or_default();
        if *times > 0 {
            again.push((place, *times));
        }
        *times += 1;
    }
    let readings = capture.readings_mut();
    for (place, times) in again {
        let channel = &mut readings[place].channel;
        channel.push('#');
        channel.push_str(&times.to_string());
    }
}

/// A zero beside warm parts is no sensor.
pub(super) fn doubt_zeros(capture: &mut Capture) {
    let readings = capture.readings_mut();
    let warm = readings
        .iter()
        .any(|reading| reading.unit == Measure::Celsius && reading.value.is_ok_and(|celsius| celsius > WARM));
    for reading in readings.iter_mut().filter(|reading| warm && reading.unit == Measure::Celsius) {
        if reading.value.is_ok_and(|celsius| celsius.abs() < f64::EPSILON) {
            reading.value = Err(Reason::Sentinel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_java_and_of_c() {
        for (text, celsius) in [
            ("31.400002", 31.400_002),
            ("28", 28.0),
            ("-5.0", -5.0),
            ("3.1E1", 31.0),
            ("2.85e+01", 28.5),
            ("0.0", 0.0),
        ] {
            let value = printed(text).expect("a temperature");
            assert!((value - celsius).abs() < 1e-9, "{text}");
        }
        for text in [
            "",
            "NaN",
            "nan",
            "-nan",
            "Infinity",
            "-Infinity",
            "inf",
            "-3.4028235E38",
            "3.4028235e+38",
            "1e999",
            "-99.9",
            "-40.0",
            "-40",
            "-273",
            "-274.0",
            "-127.0",
            "125.0",
            "65535",
            "65535.0",
            "-22.0",
            "-2147483648",
            "-26.428",
        ] {
            assert_eq!(printed(text), Err(Reason::Sentinel), "{text}");
        }
        for text in ["4384.0", "11900", "-44", "2147483647", "1e30"] {
            assert_eq!(printed(text), Err(Reason::Implausible), "{text}");
        }
        for text in ["31,4", "31.4.1", "warm", "0x1f", "31 C", &"1".repeat(MAX_NUMBER + 1)] {
            assert_eq!(printed(text), Err(Reason::Parse), "{text}");
        }
    }

    #[test]
    fn sensors_that_no_part_has() {
        for name in
            ["VIRTUAL-SKIN-CHARGE", "VIRTUAL-SKIN-CHARGE-WIRED", "VIRTUAL-SKIN-EQ", "VIRTUAL-SKIN-MODEL-2"]
        {
            assert!(is_made_up(name), "{name}");
        }
        for name in ["VIRTUAL-SKIN", "VIRTUAL-SKIN-SPEAKER", "charger_therm0", "EQ", "CHARGE", "battery"] {
            assert!(!is_made_up(name), "{name}");
        }
    }

    #[test]
    fn zero_and_names_are_settled_at_the_end() {
        let mut capture = Capture::default();
        for (name, raw) in [("a", "0.0"), ("b", "20"), ("A", "-0.0"), ("a", "21")] {
            read(&mut capture, name, raw, printed(raw));
        }
        settle(&mut capture);
        let found: Vec<_> =
            capture.readings().iter().map(|reading| (&*reading.channel, reading.value)).collect();
        let none = Err(Reason::Sentinel);
        assert_eq!(
            found,
            [
                ("temperature/a", none),
                ("temperature/b", Ok(20.0)),
                ("temperature/a#1", none),
                ("temperature/a#2", Ok(21.0))
            ]
        );
    }

    #[test]
    fn zero_is_a_temperature_in_the_cold() {
        let mut capture = Capture::default();
        read(&mut capture, "a", "0.0", printed("0.0"));
        read(&mut capture, "b", "9.5", printed("9.5"));
        settle(&mut capture);
        assert_eq!(capture.readings()[0].value, Ok(0.0));
    }
}
