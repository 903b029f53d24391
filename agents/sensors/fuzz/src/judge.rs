//! The promises of a capture.

use edgesoak_protocol::rule::{PLAUSIBLE_CELSIUS, celsius};
use edgesoak_sensors::capture::{Capture, CapturedReading, Kind, MAX_READINGS, Measure};

/// Longest name and raw text of a reading, bytes.
const MAX_TEXT: usize = 200;
/// What drivers, Java and C++ print instead of a temperature, whatever its unit.
const NO_TEMPERATURE: [&str; 10] =
    ["", "NaN", "nan", "-nan", "Infinity", "-Infinity", "inf", "65535", "-22", "-2147483648"];
/// A line that no version of any program prints.
const UNKNOWN: &str = "~~ vendor note ~~";

/// Reads the input as one of `kinds` and judges it. `steady` kinds promise that an unknown line takes no value away.
pub fn feed(data: &[u8], kinds: &[Kind], steady: &[Kind]) {
    let [choice, line, bytes @ ..] = data else { return };
    let kind = kinds[usize::from(*choice) % kinds.len()];
    let text = String::from_utf8_lossy(bytes);
    let capture = kind.parse(&text);
    judge(kind, &capture);
    if steady.contains(&kind) {
        let strange = with_unknown_line(&text, usize::from(*line));
        unmoved(kind, &capture, &kind.parse(&strange));
    }
}

/// Checks one capture.
pub fn judge(kind: Kind, capture: &Capture) {
    let readings = capture.readings();
    // Identity is told by facts; every other kind says why it has nothing.
    assert!(!readings.is_empty() || !capture.facts().is_empty(), "{kind:?} is silent");
    assert!(readings.len() <= MAX_READINGS, "{kind:?} has no bound");
    for reading in readings {
        let long =
            [&reading.channel, &reading.name, &reading.raw].iter().any(|text| text.len() > MAX_TEXT + 8);
        assert!(!long, "{kind:?}: {reading:?}");
        if let Ok(value) = reading.value {
            judge_value(kind, reading, value);
        }
    }
}

fn judge_value(kind: Kind, reading: &CapturedReading, value: f64) {
    assert!(value.is_finite(), "{kind:?}: {reading:?}");
    match reading.unit {
        Measure::Celsius => {
            assert!(PLAUSIBLE_CELSIUS.contains(&value), "{kind:?}: {reading:?}");
            // A number beside its unit is read as a whole; in tenths the same digits are another temperature.
            let none = celsius(value).is_err() || NO_TEMPERATURE.contains(&reading.raw.trim());
            assert!(!none, "{kind:?}: {reading:?}");
        }
        Measure::Percent => assert!((0.0..=100.0).contains(&value), "{kind:?}: {reading:?}"),
        Measure::MilliVolt | Measure::MicroAmpereHour | Measure::MilliJoule => {
            assert!(value >= 0.0, "{kind:?}: {reading:?}");
        }
        Measure::KiloHertz | Measure::Kibibyte | Measure::Byte | Measure::Count => {
            assert!(value >= 0.0, "{kind:?}: {reading:?}");
        }
        _ => {}
    }
}

/// The text with a line more and every other byte as it was: a carriage return less is another text.
fn with_unknown_line(text: &str, place: usize) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    // Behind a last line that does not end, the new one would end it.
    let places = if text.is_empty() || text.ends_with('\n') { lines.len() + 1 } else { lines.len() };
    let strange = format!("{UNKNOWN}\n");
    lines.insert(place % places, &strange);
    lines.concat()
}

/// Every value is still there, in the same order.
fn unmoved(kind: Kind, before: &Capture, after: &Capture) {
    let values = |capture: &Capture| -> Vec<(String, u64)> {
        let values = capture
            .readings()
            .iter()
            .filter_map(|reading| Some((reading.channel.clone(), reading.value.ok()?.to_bits())));
        values.collect()
    };
    assert_eq!(values(before), values(after), "{kind:?}");
}
