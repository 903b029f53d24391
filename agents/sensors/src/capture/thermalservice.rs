//! `dumpsys thermalservice`: what the thermal HAL answers at this moment.
//!
//! The service also prints what it remembers ("Cached temperatures"), which can be minutes and tens of degrees
//! off: only what stands below "Current temperatures from HAL:" is read.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in};
use super::{Capture, Fact, celsius};
use crate::parse::temperature;

/// Longest name of a field, bytes.
const MAX_KEY: usize = 40;
/// Second batteries and sockets: devices without them print zero, however cold or warm the rest is.
const ZERO_IS_NONE: [&str; 3] = ["SUBBAT", "SUBBATRAW", "USB"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Other,
    Current,
    Cooling,
    Thresholds,
    Headroom,
}

struct Dump {
    capture: Capture,
    section: Section,
    /// The vendor's service of Android 9 and 10 that counts types of sensors from one.
    shifted: bool,
    /// Anything of this service was seen.
    known: bool,
    temperatures: usize,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut dump = Dump {
        capture: Capture::default(),
        section: Section::Other,
        shifted: false,
        known: false,
        temperatures: 0,
    };
    for line in lines(text) {
        dump.line(line.trim());
    }
    if dump.temperatures == 0 {
        let reason = if dump.known { Reason::Absent } else { nothing_in(text) };
        celsius::read_none(&mut dump.capture, reason);
    }
    celsius::settle(&mut dump.capture);
    dump.capture
}

impl Dump {
    fn line(&mut self, line: &str) {
        if let Some(item) = line.strip_prefix("Temperature{") {
            if self.section == Section::Current {
                self.temperature(item);
            }
        } else if let Some(item) = line.strip_prefix("CoolingDevice{") {
            if self.section == Section::Cooling {
                self.cooling(item);
            }
        } else if let Some(item) = line.strip_prefix("TemperatureThreshold{") {
            if self.section == Section::Thresholds {
                self.threshold(item);
            }
        } else if let Some(section) = heading(line) {
            self.section = section;
            self.known = true;
        } else if self.section == Section::Headroom && line.starts_with('[') {
            self.capture.fact("headroom_thresholds", Fact::Word(unbracketed(line).to_owned()));
            self.section = Section::Other;
        } else {
            self.state(line);
        }
    }

    fn temperature(&mut self, item: &str) {
        self.temperatures += 1;
        let (body, whole) = body(item);
        let name = field(body, "mName=").unwrap_or_default();
        let raw = field(body, "mValue=");
        let value = match raw {
            Some(raw) if whole => self.judge(body, name, raw),
            _ => Err(Reason::Parse),
        };
        celsius::read(&mut self.capture, name, raw.filter(|_| whole).unwrap_or(item), value);
        if let Some(severity @ 1..) = field(body, "mStatus=").and_then(|status| status.parse().ok()) {
            self.capture.fact(&celsius::channel("severity/", name), Fact::Number(severity));
        }
    }

    fn judge(&self, body: &str, name: &str, raw: &str) -> Reading<f64> {
        let kind = field(body, "mType=").and_then(|kind| kind.parse::<i32>().ok());
        let kind = kind.map(|kind| kind.saturating_sub(i32::from(self.shifted)));
        if celsius::is_made_up(name) || !is_temperature(kind, name) {
            return Err(Reason::NotATemperature);
        }
        let value = celsius::printed(raw)?;
        let none =
            value.abs() < f64::EPSILON && ZERO_IS_NONE.iter().any(|none| name.eq_ignore_ascii_case(none));
        if none { Err(Reason::Sentinel) } else { Ok(value) }
    }

    fn cooling(&mut self, item: &str) {
        let (body, whole) = body(item);
        let raw = field(body, "mValue=").filter(|_| whole);
        let state = raw.map_or(Err(Reason::Parse), celsius::number);
        let name = field(body, "mName=").unwrap_or_default();
        celsius::read_cooling(&mut self.capture, name, raw.unwrap_or(item), state);
    }

    /// Thresholds come in order of severity, from none to shutdown.
    fn threshold(&mut self, item: &str) {
        let (body, whole) = body(item);
        let (Some(name), true) = (field(body, "mName="), whole) else { return };
        for (ours, key) in [
            ("hot_thresholds/", "mHotThrottlingThresholds="),
            ("cold_thresholds/", "mColdThrottlingThresholds="),
        ] {
            let list = field(body, key).map(unbracketed);
            if let Some(list) = list.filter(|list| list.bytes().any(|byte| byte.is_ascii_digit())) {
                self.capture.fact(&celsius::channel(ours, name), Fact::Word(list.to_owned()));
            }
        }
    }

    fn state(&mut self, line: &str) {
        if let Some((hal, connected)) = line.split_once(" connected: ") {
            let hal = hal.strip_prefix("ThermalHAL ").unwrap_or(hal).trim_end();
            self.shifted = hal == "Sdhms";
            self.capture.fact("hal", Fact::Word(hal.to_owned()));
            self.capture.fact("hal_connected", Fact::Flag(connected == "yes"));
            return;
        }
        let Some((key, value)) = line.split_once(": ") else { return };
        let flag = match value {
            "true" => Some(Fact::Flag(true)),
            "false" => Some(Fact::Flag(false)),
            _ => None,
        };
        let (name, fact) = match key {
            "IsStatusOverride" => ("status_override", flag),
            "HAL Ready" => ("hal_ready", flag),
            "Thermal Status" => ("thermal_status", value.parse().ok().map(Fact::Number)),
            _ => return,
        };
        if let Some(fact) = fact {
            self.known = true;
            self.capture.fact(name, fact);
        }
    }
}

/// Known headings, and unknown ones of whatever other temperatures: those must not be taken for current ones.
fn heading(line: &str) -> Option<Section> {
    match line.strip_suffix(':')? {
        "Current temperatures from HAL" => Some(Section::Current),
        "Current cooling devices from HAL" => Some(Section::Cooling),
        "Temperature static thresholds from HAL" => Some(Section::Thresholds),
        "Temperature headroom thresholds" => Some(Section::Headroom),
        other if other.ends_with(" from HAL") || other.contains("emperature") => Some(Section::Other),
        _ => None,
    }
}

/// Types of the HAL: 6 to 8 are a voltage, a current and a percentage; unknown ones may be anything, so that
/// only their name can tell.
fn is_temperature(kind: Option<i32>, name: &str) -> bool {
    match kind {
        // A percentage of charge under the type "battery" was seen; `soc` of other types is the chip.
        Some(2) => !temperature::is_electrical(name) && !temperature::is_charge(name),
        Some(0..=5 | 9..=19) => !temperature::is_electrical(name),
        Some(6..=8) => false,
        _ => temperature::says_temperature(name),
    }
}

/// What stands between the braces, and whether the closing one was there.
fn body(item: &str) -> (&str, bool) {
    match item.rfind('}') {
        Some(end) => (&item[..end], true),
        None => (item, false),
    }
}

fn unbracketed(list: &str) -> &str {
    list.trim_start_matches('[').trim_end_matches(']')
}

/// The value behind `key` (written with its `=`), whatever the order. Names may hold blanks and commas: a value
/// ends where the next field begins.
fn field<'a>(body: &'a str, key: &str) -> Option<&'a str> {
    let mut places = body.match_indices(key).map(|(place, _)| place);
    let place = places.find(|place| body[..*place].is_empty() || body[..*place].ends_with(", "))?;
    let value = &body[place + key.len()..];
    let end =
        value.match_indices(", m").map(|(end, _)| end).find(|end| begins_field(&value.as_bytes()[end + 2..]));
    Some(&value[..end.unwrap_or(value.len())])
}

fn begins_field(text: &[u8]) -> bool {
    let end = text.iter().take(MAX_KEY).position(|byte| !byte.is_ascii_alphanumeric());
    end.is_some_and(|end| text[end] == b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_any_order_and_names_hold_anything() {
        let body = "mName=big, m core, mValue=3.5, mOther=x, mType=-1";
        assert_eq!(field(body, "mName="), Some("big, m core"));
        assert_eq!(field(body, "mValue="), Some("3.5"));
        assert_eq!(field(body, "mType="), Some("-1"));
        assert_eq!(field(body, "mStatus="), None);
        assert_eq!(field("xmName=a", "mName="), None);
    }

    #[test]
    fn types_tell_what_is_no_temperature() {
        for (kind, name) in
            [(0, "soc"), (3, "SKIN"), (13, "soc"), (19, "POGO"), (-1, "rear_therm"), (-1, "VIRTUAL-SKIN-2")]
        {
            assert!(is_temperature(Some(kind), name), "{kind} {name}");
        }
        for (kind, name) in [
            (6, "battery"),
            (7, "battery"),
            (8, "battery"),
            (2, "soc"),
            (2, "socd"),
            (3, "pm-vbat-lvl0"),
            (-1, "ocp_cpu1"),
            (-1, "vdroop0"),
            (-1, "anything"),
            (20, "anything"),
        ] {
            assert!(!is_temperature(Some(kind), name), "{kind} {name}");
        }
        assert!(!is_temperature(None, "anything"));
    }
}
