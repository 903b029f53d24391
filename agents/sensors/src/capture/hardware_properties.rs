//! `dumpsys hardware_properties`: arrays of temperatures by part, the older way.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in};
use super::{Capture, Fact, Measure, celsius};

const PARTS: [&str; 4] = ["CPU", "GPU", "Battery", "Skin"];

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut temperatures = 0;
    for line in lines(text) {
        let Some((label, list)) = line.trim().split_once(": [") else { continue };
        if label == "Fan speed" {
            each(list, |raw, whole| {
                capture.read(
                    "fan",
                    label,
                    Measure::Count,
                    raw,
                    if whole { speed(raw) } else { Err(Reason::Parse) },
                );
            });
            continue;
        }
        let Some(what) = label.strip_suffix(" temperatures") else { continue };
        let (part, level) = what.split_once(' ').unwrap_or((what, ""));
        if !PARTS.contains(&part) {
            continue;
        }
        if !level.is_empty() {
            limit(&mut capture, part, level, list);
            continue;
        }
        temperatures += 1;
        if list.starts_with(']') {
            celsius::read(&mut capture, part, "[]", Err(Reason::Absent));
            continue;
        }
        let before = capture.readings().len();
        each(list, |raw, whole| {
            let value = if whole { celsius::printed(raw) } else { Err(Reason::Parse) };
            celsius::read(&mut capture, part, raw, value);
        });
        if capture.readings().len() == before {
            // A list of nothing but blanks.
            celsius::read(&mut capture, part, "", Err(Reason::Absent));
        }
    }
    if temperatures == 0 {
        celsius::read_none(&mut capture, nothing_in(text));
    }
    celsius::settle(&mut capture);
    capture
}

/// Temperatures at which the part is slowed or switched off: facts, where the vendor tells any.
fn limit(capture: &mut Capture, part: &str, level: &str, list: &str) {
    let ours = match level {
        "throttling" => "throttling/",
        "shutdown" => "shutdown/",
        "vr throttling" => "vr_throttling/",
        _ => return,
    };
    let Some((list, _)) = list.split_once(']') else { return };
    if list.split(", ").any(|raw| celsius::number(raw).is_ok()) {
        capture.fact(&celsius::channel(ours, part), Fact::Word(list.to_owned()));
    }
}

/// Every element, and whether something stands behind it that shows that it was not cut.
fn each(list: &str, mut then: impl FnMut(&str, bool)) {
    let mut rest = list;
    while let Some(end) = rest.find([',', ']']) {
        let raw = rest[..end].trim();
        if !(raw.is_empty() && rest[end..].starts_with(']')) {
            then(raw, true);
        }
        if rest[end..].starts_with(']') {
            return;
        }
        rest = &rest[end + 1..];
    }
    then(rest.trim(), false);
}

/// Turns per minute.
fn speed(raw: &str) -> Reading<f64> {
    celsius::number(raw).and_then(|speed| if speed < 0.0 { Err(Reason::Implausible) } else { Ok(speed) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(list: &str) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        each(list, |raw, whole| found.push((raw.to_owned(), whole)));
        found
    }

    #[test]
    fn lists_end_with_a_bracket_or_were_cut() {
        let text = |raw: &str, whole| (raw.to_owned(), whole);
        assert_eq!(elements("31.0, NaN]"), [text("31.0", true), text("NaN", true)]);
        assert_eq!(elements("31.0, 3"), [text("31.0", true), text("3", false)]);
        assert_eq!(elements("]"), []);
        assert_eq!(elements("1,, 2]"), [text("1", true), text("", true), text("2", true)]);
    }
}
