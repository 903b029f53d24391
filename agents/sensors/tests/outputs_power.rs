//! What batteries, gauges, rails and energy counters print, and what it means.

#[path = "outputs_power/published.rs"]
mod published;
#[path = "outputs_power/rules.rs"]
mod rules;
#[path = "outputs_power/texts.rs"]
mod texts;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, CapturedReading, Fact, Kind};

const KINDS: [Kind; 6] =
    [Kind::Battery, Kind::BatteryIntent, Kind::Odpm, Kind::Powerstats, Kind::Rapl, Kind::Uevent];

/// Readings and facts, a line each.
fn listing(capture: &Capture) -> String {
    let mut text = String::new();
    for CapturedReading { channel, name, value, unit, raw } in capture.readings() {
        let value = match value {
            Ok(value) => format!("{value:.3} {}", unit.word()),
            Err(reason) => format!("- {reason} ({})", unit.word()),
        };
        writeln!(text, "{channel:<32} {name:<28} {value:<28} {raw}").expect("a string grows");
    }
    for (name, fact) in capture.facts() {
        writeln!(text, "fact {name} = {fact:?}").expect("a string grows");
    }
    text
}

fn own(kind: Kind) -> Vec<(String, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outputs").join(kind.word());
    let mut files: Vec<_> = fs::read_dir(dir)
        .expect("the kind has captures")
        .map(|entry| {
            let path = entry.expect("a directory entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a capture can be read"))
        })
        .collect();
    files.sort();
    files
}

fn parsed(kind: Kind, name: &str) -> Capture {
    let files = own(kind);
    let (_, text) = files.iter().find(|(found, _)| found == name).expect("the capture is there");
    kind.parse(text)
}

fn value(capture: &Capture, channel: &str) -> Result<f64, Reason> {
    let mut readings = capture.readings().iter().filter(|reading| reading.channel == channel);
    let reading = readings.next().unwrap_or_else(|| panic!("{channel} is not in\n{}", listing(capture)));
    assert!(readings.next().is_none(), "{channel} is there twice");
    reading.value
}

#[track_caller]
fn expect(capture: &Capture, expected: &[(&str, Result<f64, Reason>)]) {
    for (channel, expected) in expected {
        match (value(capture, channel), expected) {
            (Ok(found), Ok(expected)) => {
                assert!((found - expected).abs() < 1e-6 * expected.abs().max(1.0), "{channel}: {found}");
            }
            (found, expected) => assert_eq!(&found, expected, "{channel}"),
        }
    }
}

fn flag(capture: &Capture, name: &str) -> Option<bool> {
    match capture.facts().get(name) {
        Some(Fact::Flag(flag)) => Some(*flag),
        None => None,
        other => panic!("{name} is {other:?}"),
    }
}

fn number(capture: &Capture, name: &str) -> Option<i64> {
    match capture.facts().get(name) {
        Some(Fact::Number(number)) => Some(*number),
        None => None,
        other => panic!("{name} is {other:?}"),
    }
}

fn word<'a>(capture: &'a Capture, name: &str) -> Option<&'a str> {
    match capture.facts().get(name) {
        Some(Fact::Word(word)) => Some(word),
        None => None,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn every_capture_of_ours() {
    for kind in KINDS {
        for (name, text) in own(kind) {
            let name = format!("{}_{name}", kind.word());
            insta::assert_snapshot!(name, listing(&kind.parse(&text)));
        }
    }
}
