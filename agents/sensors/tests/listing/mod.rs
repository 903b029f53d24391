//! A capture as lines of text, and captures of others kept outside this repository.

use std::fmt::Write;
use std::path::Path;

use edgesoak_sensors::capture::{Capture, Kind};

/// What a text of this kind says.
pub fn parse(kind: &str, text: &str) -> Capture {
    Kind::from_word(kind).expect("a kind of output").parse(text)
}

/// Every reading and every fact, one a line.
pub fn listing(kind: &str, text: &str) -> String {
    let capture = parse(kind, text);
    let mut listing = String::new();
    for reading in capture.readings() {
        let value = match reading.value {
            Ok(value) => value.to_string(),
            Err(reason) => reason.to_string(),
        };
        let (channel, name, unit, raw) = (&reading.channel, &reading.name, reading.unit.word(), &reading.raw);
        writeln!(listing, "{channel:<34} {value:>14} {unit:<8} {name} <- {raw:?}").expect("a string grows");
    }
    for (name, fact) in capture.facts() {
        writeln!(listing, "fact {name} = {fact:?}").expect("a string grows");
    }
    listing
}

/// A published capture; nothing where they are not beside this repository.
pub fn published(path: &str) -> Option<String> {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/captures");
    if !captures.is_dir() {
        println!("skipped: the published captures are not beside this repository");
        return None;
    }
    Some(std::fs::read_to_string(captures.join(path)).expect("a capture can be read"))
}

/// Checks that the readings `name=value unit`, divided by semicolons, are there in this order.
pub fn assert_values(kind: &str, text: &str, expected: &str) {
    let capture = parse(kind, text);
    let mut readings = capture.readings().iter();
    for wanted in expected.split(';') {
        let (name, rest) = wanted.rsplit_once('=').expect("a name and a value");
        let (value, unit) = rest.split_once(' ').expect("a value and a unit");
        let found = readings.find(|reading| {
            reading.name == name
                && reading.unit.word() == unit
                && match reading.value {
                    Ok(found) => {
                        value.parse().is_ok_and(|value: f64| (found - value).abs() <= 1e-6 * value.abs())
                    }
                    Err(reason) => reason.word() == value,
                }
        });
        assert!(found.is_some(), "{wanted} is not there, or not in this place\n{}", listing(kind, text));
    }
}
