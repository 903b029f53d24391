//! Extras of Android's `BATTERY_CHANGED`: as an intent URI, a printed bundle, or lines `key: value, key: value`.
//!
//! Vendors of scanners add what decides about a pack's age here. Serial numbers are never kept.

use edgesoak_protocol::{Reading, Reason};

use super::charge::{self, State, number};
use super::lines::{lines, refusal};
use super::{Capture, Fact, Measure};

#[derive(Clone, Copy)]
enum Rule {
    Level,
    MilliVolt,
    Tenths,
    Counter,
    /// A current in mA, on some models in µA.
    Current,
    /// A limit in µA or µV.
    Micro,
    /// A charge in mAh, zero included: a new pack's sum.
    MilliAmpereHour,
    /// A charge in mAh that a pack cannot be without.
    Rated,
    Percent,
    Tally,
}

/// Key, channel, rule, unit. The first four are expected of every battery.
const READINGS: [(&str, &str, Rule, Measure); 19] = [
    ("level", "battery/level", Rule::Level, Measure::Percent),
    ("voltage", "battery/voltage", Rule::MilliVolt, Measure::MilliVolt),
    ("temperature", "battery/temperature", Rule::Tenths, Measure::Celsius),
    ("charge_counter", "battery/charge_counter", Rule::Counter, Measure::MicroAmpereHour),
    ("current_now", "battery/current", Rule::Current, Measure::MilliAmpere),
    ("max_charging_current", "battery/max_charging_current", Rule::Micro, Measure::MilliAmpere),
    ("max_charging_voltage", "battery/max_charging_voltage", Rule::Micro, Measure::MilliVolt),
    ("android.os.extra.CYCLE_COUNT", "battery/cycle_count", Rule::Tally, Measure::Count),
    ("battery_usage_numb", "battery/usage_count", Rule::Tally, Measure::Count),
    ("health_percentage", "battery/health_percent", Rule::Percent, Measure::Percent),
    ("ratedcapacity", "battery/rated_capacity", Rule::Rated, Measure::MicroAmpereHour),
    ("present_capacity", "battery/present_capacity", Rule::Rated, Measure::MicroAmpereHour),
    ("present_charge", "battery/present_charge", Rule::Rated, Measure::MicroAmpereHour),
    (
        "base_cumulative_charge",
        "battery/base_cumulative_charge",
        Rule::MilliAmpereHour,
        Measure::MicroAmpereHour,
    ),
    (
        "total_cumulative_charge",
        "battery/total_cumulative_charge",
        Rule::MilliAmpereHour,
        Measure::MicroAmpereHour,
    ),
    ("bkvoltage", "battery/backup/voltage", Rule::MilliVolt, Measure::MilliVolt),
    ("backup_battery_voltage", "battery/backup/voltage", Rule::MilliVolt, Measure::MilliVolt),
    ("time_to_empty", "battery/time_to_empty", Rule::Tally, Measure::Count),
    ("time_to_full", "battery/time_to_full", Rule::Tally, Measure::Count),
];
const EXPECTED: usize = 4;
const RATED: usize = 10;

/// Numbers that are no readings, and the names of their facts.
const NUMBERS: [(&str, &str); 14] = [
    ("status", "status"),
    ("health", "health"),
    ("scale", "scale"),
    ("plugged", "plug_type"),
    ("pogo_plugged", "pogo_plugged"),
    ("battery_decommission", "battery_decommission"),
    ("battery_type", "battery_type"),
    ("battery_error_status", "battery_error_status"),
    ("seconds_since_first_use", "seconds_since_first_use"),
    ("android.os.extra.CHARGING_STATUS", "charging_state"),
    ("android.os.extra.CAPACITY_LEVEL", "capacity_level"),
    ("current_event", "current_event"),
    ("misc_event", "misc_event"),
    ("online", "online"),
];
const STATUS: usize = 0;
const SCALE: usize = 2;
const PLUGGED: usize = 3;
const POGO: usize = 4;
const TYPE: usize = 6;

const FLAGS: [(&str, &str); 4] = [
    ("present", "present"),
    ("BatterySwapping", "battery_swapping"),
    ("battery_low", "battery_low"),
    ("power_sharing", "power_sharing"),
];
const SWAPPING: usize = 1;
const WORDS: [(&str, &str); 3] = [("technology", "technology"), ("mfd", "mfd"), ("partnumber", "partnumber")];

/// What stands between two extras.
const FIELD_ENDS: [char; 6] = [';', ',', '{', '}', '[', ']'];
const ACTION: &str = "android.intent.action.BATTERY_CHANGED";

#[derive(Default)]
struct Extras<'a> {
    readings: [Option<&'a str>; READINGS.len()],
    numbers: [Option<&'a str>; NUMBERS.len()],
    flags: [Option<&'a str>; FLAGS.len()],
    words: [Option<&'a str>; WORDS.len()],
    serial: bool,
    any: bool,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut extras = Extras::default();
    let mut refused = None;
    let mut ours = true;
    for line in lines(text) {
        // Dumps of broadcasts hold other intents too, and this one more than once: the first counts.
        if names_action(line) {
            ours = line.contains(ACTION) && !(extras.any && line.contains("#Intent;"));
        }
        if !ours {
            continue;
        }
        let before = extras.any;
        line.split(FIELD_ENDS).for_each(|field| extras.put(field.trim()));
        if !before && !extras.any && refused.is_none() {
            refused = refusal(line);
        }
    }
    let mut capture = Capture::default();
    extras.note_readings(refused.unwrap_or(Reason::Absent), &mut capture);
    extras.note_facts(&mut capture);
    capture
}

/// Whether a line begins or goes on with an intent by its name.
fn names_action(line: &str) -> bool {
    ["action=", "act=", "Sticky action "].iter().any(|word| line.contains(word))
}

/// The serial number of the pack, which no capture keeps: the caller must not either. What another intent tells is none.
pub(crate) fn serial(text: &str) -> Option<&str> {
    let ours = text.lines().take_while(|line| !names_action(line) || line.contains(ACTION));
    let fields = ours.flat_map(|line| line.split(FIELD_ENDS)).map(str::trim);
    fields
        .filter_map(split)
        .find_map(|(key, value)| (contains_serial(key) && !value.is_empty()).then_some(value))
}

/// `i.level=85`, `level=85` or `level: 85`.
fn split(field: &str) -> Option<(&str, &str)> {
    let (key, value) = field.split_once('=').or_else(|| field.split_once(": "))?;
    let key = match key.as_bytes() {
        [b'S' | b'B' | b'b' | b'c' | b'd' | b'f' | b'i' | b'l' | b's', b'.', ..] => &key[2..],
        _ => key,
    };
    Some((key, value))
}

impl<'a> Extras<'a> {
    fn put(&mut self, field: &'a str) {
        let Some((key, value)) = split(field) else { return };
        if contains_serial(key) {
            self.serial |= !value.is_empty();
            return;
        }
        let slot = if let Some(at) = READINGS.iter().position(|(known, ..)| *known == key) {
            &mut self.readings[at]
        } else if let Some(at) = NUMBERS.iter().position(|(known, _)| *known == key) {
            &mut self.numbers[at]
        } else if let Some(at) = FLAGS.iter().position(|(known, _)| *known == key) {
            &mut self.flags[at]
        } else if let Some(at) = WORDS.iter().position(|(known, _)| *known == key) {
            &mut self.words[at]
        } else {
            return;
        };
        slot.get_or_insert(value);
        self.any = true;
    }

    fn number(&self, position: usize) -> Option<i64> {
        // Samsung prints some numbers a second time in brackets.
        let text = self.numbers[position]?;
        number(text.split_once('(').map_or(text, |(number, _)| number)).ok()
    }

    fn note_readings(&self, missing: Reason, capture: &mut Capture) {
        let absent = self.flags[0] == Some("false");
        let rated = self.readings[RATED].and_then(|text| milliampere_hours(number(text), 1).ok());
        let scale = self.numbers[SCALE].map(number);
        let level = charge::level(self.readings[0].map_or(Err(missing), number), scale);
        for (position, (key, channel, rule, unit)) in READINGS.iter().enumerate() {
            let text = self.readings[position];
            if text.is_none() && position >= EXPECTED {
                continue;
            }
            let raw = text.map_or(Err(missing), number);
            let value = match rule {
                Rule::Level => level,
                Rule::MilliVolt => charge::millivolts(raw),
                Rule::Tenths => charge::tenths(raw),
                Rule::Counter => charge::counter(raw, level.ok(), rated).0,
                Rule::Current => charge::vendor_current(raw).0,
                Rule::Micro => charge::tally(raw).map(|micro| micro / 1000.0),
                Rule::MilliAmpereHour => milliampere_hours(raw, 0),
                Rule::Rated if raw == Ok(65_535) => Err(Reason::Sentinel),
                Rule::Rated => milliampere_hours(raw, 1),
                Rule::Percent => charge::level(raw, None),
                Rule::Tally => charge::tally(raw),
            };
            let value = if absent { Err(Reason::Absent) } else { value };
            capture.read(channel, key, *unit, text.unwrap_or_default(), value);
        }
    }

    fn note_facts(&self, capture: &mut Capture) {
        for (position, (_, fact)) in NUMBERS.iter().enumerate() {
            if let Some(number) = self.number(position) {
                capture.fact(fact, Fact::Number(number));
            }
        }
        for ((_, fact), text) in FLAGS.iter().zip(self.flags) {
            if let Some(text @ ("true" | "false")) = text {
                capture.fact(fact, Fact::Flag(text == "true"));
            }
        }
        for ((_, fact), text) in WORDS.iter().zip(self.words) {
            if let Some(text) = text {
                capture.fact(fact, Fact::Word(decoded(text)));
            }
        }
        let family = match self.number(TYPE) {
            Some(201) => Some("PP+"),
            Some(202 | 206) => Some("PP"),
            _ => None,
        };
        if let Some(family) = family {
            capture.fact("battery_family", Fact::Word(family.to_owned()));
        }
        if self.serial {
            capture.fact("serialnumber", Fact::Word("redacted".to_owned()));
        }
        let plugs = [self.number(PLUGGED), self.number(POGO)];
        let plugged = if plugs.iter().flatten().any(|plug| *plug != 0) {
            Some(true)
        } else {
            // A cradle's contacts alone say nothing about the other sockets.
            plugs[0].map(|_| false)
        };
        let current = self.readings[4].and_then(|text| charge::vendor_current(number(text)).0.ok());
        let void = self.flags[SWAPPING] == Some("true");
        State { status: self.number(STATUS), plugged, void, current }.note(capture);
    }
}

fn contains_serial(key: &str) -> bool {
    key.as_bytes().windows(6).any(|part| part.eq_ignore_ascii_case(b"serial"))
}

/// mAh as µAh, at least `least` mAh.
fn milliampere_hours(raw: Reading<i64>, least: i64) -> Reading<f64> {
    match raw? {
        raw if raw < least => Err(Reason::Sentinel),
        raw => charge::magnitude(raw, 1e3, 1e12),
    }
}

/// A text of an intent URI, in which `%20` is a blank.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
