//! `dumpsys android.hardware.thermal.IThermal/default`: what a Pixel's thermal HAL prints of itself.

use edgesoak_protocol::Reason;

use super::lines::{lines, nothing_in, rest_of};
use super::{Capture, Fact, celsius};
use crate::parse::temperature;

const SEVERITIES: [&str; 7] = ["NONE", "LIGHT", "MODERATE", "SEVERE", "CRITICAL", "EMERGENCY", "SHUTDOWN"];
/// Types that are no temperatures.
const ELECTRICAL: [&str; 3] = ["BCL_VOLTAGE", "BCL_CURRENT", "BCL_PERCENTAGE"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// No heading yet: somebody may have kept only the lines that matter.
    Unknown,
    Current,
    Cooling,
    Other,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut section = Section::Unknown;
    let mut temperatures = 0;
    let mut failed = false;
    for line in lines(text) {
        let line = line.trim();
        if let Some(next) = heading(line) {
            section = next;
        } else if line.contains("CurrentValue:") {
            let severity = value(line, "ThrottlingStatus:");
            if section == Section::Cooling {
                cooling(&mut capture, line);
            } else if section == Section::Current || section == Section::Unknown && severity.is_some() {
                temperatures += 1;
                read(&mut capture, line, severity);
            }
        } else if line.contains("EmulTemp:") {
            emulated(&mut capture, line);
        } else if line.contains("ThrottlingThreshold") {
            thresholds(&mut capture, line);
        } else if line.starts_with("Failed to getCurrentTemperatures") {
            failed = true;
        } else if line.starts_with("ThermalHAL not initialized") {
            failed = true;
            capture.fact("hal_ready", Fact::Flag(false));
        }
    }
    if section != Section::Unknown {
        capture.fact("hal_ready", Fact::Flag(true));
    }
    if temperatures == 0 {
        let reason = match (failed, section) {
            (true, _) => Reason::Failed,
            (false, Section::Unknown) => nothing_in(text),
            (false, _) => Reason::Absent,
        };
        celsius::read_none(&mut capture, reason);
    }
    celsius::settle(&mut capture);
    capture
}

/// Headings are the names of the calls that they show.
fn heading(line: &str) -> Option<Section> {
    let call = line.strip_suffix(':')?;
    match call {
        "getCurrentTemperatures" => Some(Section::Current),
        "getCurrentCoolingDevices" => Some(Section::Cooling),
        _ if call.starts_with("get") || call.starts_with("send") => Some(Section::Other),
        _ => None,
    }
}

fn read(capture: &mut Capture, line: &str, severity: Option<&str>) {
    let name = value(line, "Name:").unwrap_or_default();
    let kind = value(line, "Type:").unwrap_or("UNKNOWN");
    let raw = value(line, "CurrentValue:").unwrap_or_default();
    let reading = if celsius::is_made_up(name) || !is_temperature(kind, name) {
        Err(Reason::NotATemperature)
    } else if severity.is_none() {
        // The line was cut, and perhaps its number too.
        Err(Reason::Parse)
    } else {
        celsius::printed(raw)
    };
    celsius::read(capture, name, raw, reading);
    let severity = SEVERITIES.iter().zip(0..).find(|(word, _)| Some(**word) == severity);
    if let Some((_, severity @ 1..)) = severity {
        capture.fact(&celsius::channel("severity/", name), Fact::Number(severity));
    }
}

fn is_temperature(kind: &str, name: &str) -> bool {
    if ELECTRICAL.contains(&kind) || temperature::is_electrical(name) {
        return false;
    }
    match kind {
        "UNKNOWN" => temperature::says_temperature(name),
        "BATTERY" => !temperature::is_charge(name),
        _ => true,
    }
}

fn cooling(capture: &mut Capture, line: &str) {
    let raw = value(line, "CurrentValue:").unwrap_or_default();
    let name = value(line, "Name:").unwrap_or_default();
    celsius::read_cooling(capture, name, raw, celsius::number(raw));
}

/// Somebody set a temperature or a severity for a test: this run says nothing. A cleared one stays in the list
/// without numbers.
fn emulated(capture: &mut Capture, line: &str) {
    let temperature =
        value(line, "EmulTemp:").is_some_and(|temperature| celsius::number(temperature).is_ok());
    let severity = value(line, "EmulSeverity:").and_then(|severity| severity.parse::<i64>().ok());
    if temperature || severity.is_some_and(|severity| severity >= 0) {
        capture.fact("faked", Fact::Flag(true));
    }
}

/// Thresholds come in order of severity, from none to shutdown.
fn thresholds(capture: &mut Capture, line: &str) {
    let Some(name) = value(line, "Name:") else { return };
    for (ours, key, plural) in [
        ("hot_thresholds/", "hotThrottlingThreshold:", "hotThrottlingThresholds:"),
        ("cold_thresholds/", "coldThrottlingThreshold:", "coldThrottlingThresholds:"),
    ] {
        let list = value(line, key).or_else(|| value(line, plural)).unwrap_or_default();
        let list = list.trim_start_matches('[').trim_end_matches(']').trim();
        if list.bytes().any(|byte| byte.is_ascii_digit()) {
            capture.fact(&celsius::channel(ours, name), Fact::Word(list.to_owned()));
        }
    }
}

/// What stands behind `key` (written with its colon) until the next word that ends with a colon.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let rest = rest_of(line, key)?;
    let mut end = 0;
    for word in rest.split(' ') {
        if word.ends_with(':') {
            break;
        }
        end += word.len() + 1;
    }
    Some(rest[..end.min(rest.len())].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_reach_to_the_next_key() {
        let line = "Type: SKIN Name: two words CurrentValue: 31.5 ThrottlingStatus: NONE";
        assert_eq!(value(line, "Type:"), Some("SKIN"));
        assert_eq!(value(line, "Name:"), Some("two words"));
        assert_eq!(value(line, "CurrentValue:"), Some("31.5"));
        assert_eq!(value(line, "ThrottlingStatus:"), Some("NONE"));
        assert_eq!(value(line, "CachedValue:"), None);
        assert_eq!(value("Name: CurrentValue: ", "Name:"), Some(""));
    }
}
