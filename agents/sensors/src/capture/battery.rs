//! `dumpsys battery`: the service's own block, and what vendors print around it.
//!
//! Vendors put blocks in front of the service's and behind it, with lines that repeat its keys: a key counts in
//! its own block, at its first line, whole. What was set by hand (`UPDATES STOPPED`) is no measurement of now:
//! its readings are stale.

use edgesoak_protocol::{Reading, Reason};

use super::charge::{self, State, number};
use super::lines::{lines, refusal};
use super::{Capture, Fact, Measure};

/// Keys of the service's block.
const SERVICE: [&str; 22] = [
    "level",
    "scale",
    "voltage",
    "temperature",
    "Charge counter",
    "status",
    "health",
    "present",
    "technology",
    "AC powered",
    "USB powered",
    "Wireless powered",
    "Dock powered",
    "Max charging current",
    "Max charging voltage",
    "Charging state",
    "Charging policy",
    "Capacity level",
    // Samsung goes on with its own lines in the same block.
    "current now",
    "mSecPlugTypeSummary",
    "batteryMiscEvent",
    "batteryCurrentEvent",
];
/// Keys of the block of the OPLUS family (`OnePlus`, OPPO, realme).
const OPLUS: [&str; 5] = ["Battery current", "Charger voltage", "PhoneTemp", "PlugType", "UpdatesStopped"];
/// Samsung's keys that may stand anywhere.
const ANYWHERE: [&str; 3] = ["mSavedBatteryAsoc", "mSavedBatteryUsage", "USE_FAKE_BATTERY"];

/// Whether this key is read, in one block or another.
pub(crate) fn reads(key: &str) -> bool {
    SERVICE.contains(&key) || OPLUS.contains(&key) || ANYWHERE.contains(&key)
}

const LOG_ENTRY: &str = "ACTION_BATTERY_CHANGED: ";

#[derive(Clone, Copy, PartialEq)]
enum Block {
    Service,
    Vendor,
    Log,
}

/// The first value of each key.
struct Found<'a, const N: usize> {
    keys: &'static [&'static str; N],
    values: [Option<&'a str>; N],
}

impl<'a, const N: usize> Found<'a, N> {
    fn new(keys: &'static [&'static str; N]) -> Self {
        Self { keys, values: [None; N] }
    }

    fn put(&mut self, key: &str, value: &'a str) -> bool {
        let Some(position) = self.keys.iter().position(|wanted| *wanted == key) else { return false };
        self.values[position].get_or_insert(value);
        true
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let position = self.keys.iter().position(|wanted| *wanted == key)?;
        self.values[position]
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(|text| number(text).ok())
    }
}

struct Dump<'a> {
    service: Found<'a, 22>,
    oplus: Found<'a, 5>,
    anywhere: Found<'a, 3>,
    log: Option<&'a str>,
    entries: i64,
    stopped: bool,
    refused: Option<Reason>,
}

pub(super) fn parse(text: &str) -> Capture {
    let dump = scan(text);
    let mut capture = Capture::default();
    let state = State {
        status: dump.service.number("status"),
        plugged: plugged(&dump),
        void: faked(&dump),
        current: None,
    };
    // Why a reading of this dump has no value, whatever its text says.
    let void = if state.void {
        Some(Reason::Stale)
    } else if dump.service.get("present") == Some("false") {
        Some(Reason::Absent)
    } else {
        None
    };
    if dump.refused.is_none() {
        capture.fact("faked", Fact::Flag(state.void));
    }
    note_service(&dump, void, &mut capture);
    note_facts(&dump.service, &mut capture);
    let current = note_vendors(&dump, void, &mut capture);
    note_log(&dump, void, &mut capture);
    State { current, ..state }.note(&mut capture);
    capture
}

fn scan(text: &str) -> Dump<'_> {
    let mut dump = Dump {
        service: Found::new(&SERVICE),
        oplus: Found::new(&OPLUS),
        anywhere: Found::new(&ANYWHERE),
        log: None,
        entries: 0,
        stopped: false,
        refused: None,
    };
    let mut block = Block::Service;
    let mut known = false;
    for line in lines(text) {
        let line = line.trim();
        if let Some(next) = heading(line) {
            block = next;
            continue;
        }
        if line.starts_with("(UPDATES STOPPED") {
            dump.stopped |= block == Block::Service;
            continue;
        }
        if block == Block::Log && line.contains(LOG_ENTRY) {
            dump.log = Some(line);
            dump.entries += 1;
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim_end(), value.trim_start());
        known |= dump.anywhere.put(key, value)
            || match block {
                Block::Service => dump.service.put(key, value),
                Block::Vendor => dump.oplus.put(key, value),
                Block::Log => false,
            };
        if !known && dump.refused.is_none() {
            dump.refused = refusal(line);
        }
    }
    // Before an answer such words are somebody's log.
    dump.refused = dump.refused.filter(|_| !known);
    dump
}

fn heading(line: &str) -> Option<Block> {
    if let Some(rest) =
        line.strip_prefix("Current ").and_then(|rest| rest.strip_suffix("Battery Service state:"))
    {
        return Some(if rest.is_empty() { Block::Service } else { Block::Vendor });
    }
    (line.starts_with('[') && line.ends_with("LogBuffer]")).then_some(Block::Log)
}

/// Whether the state was set by hand, by any of the three ways that are known to say so.
fn faked(dump: &Dump<'_>) -> bool {
    dump.stopped
        || dump.oplus.get("UpdatesStopped") == Some("true")
        || dump.anywhere.get("USE_FAKE_BATTERY") == Some("true")
}

/// Whether anything is attached: one line that says so is enough, and "nothing" needs a line that says it.
fn plugged(dump: &Dump<'_>) -> Option<bool> {
    let lines = ["AC powered", "USB powered", "Wireless powered", "Dock powered"];
    let mut found = None;
    for value in lines.iter().filter_map(|key| dump.service.get(key)) {
        match value {
            "true" => return Some(true),
            "false" => found = Some(false),
            _ => {}
        }
    }
    let numbers = [dump.service.number("mSecPlugTypeSummary"), dump.oplus.number("PlugType")];
    if numbers.into_iter().flatten().any(|plug| plug > 0) { Some(true) } else { found }
}

/// The value, unless the whole dump has none.
fn unless(void: Option<Reason>, value: Reading<f64>) -> Reading<f64> {
    void.map_or(value, Err)
}

fn note_service(dump: &Dump<'_>, void: Option<Reason>, capture: &mut Capture) {
    let service = &dump.service;
    let missing = dump.refused.unwrap_or(Reason::Absent);
    let raw = |key: &str| service.get(key).map_or(Err(missing), number);
    let text = |key: &str| service.get(key).unwrap_or_default();
    let level = charge::level(raw("level"), service.get("scale").map(number));
    let (counter, unit) = charge::counter(raw("Charge counter"), level.ok(), None);
    let voltage = charge::millivolts(raw("voltage"));
    let temperature = match voltage {
        // A service that gets one unit wrong, as boards with made-up batteries do, is not believed in the other.
        Err(Reason::Implausible) if service.get("temperature").is_some() => Err(Reason::Implausible),
        Err(Reason::Sentinel) if raw("temperature") == Ok(0) => Err(Reason::Sentinel),
        _ => charge::tenths(raw("temperature")),
    };
    let readings = [
        ("battery/level", "level", Measure::Percent, level),
        ("battery/voltage", "voltage", Measure::MilliVolt, voltage),
        ("battery/temperature", "temperature", Measure::Celsius, temperature),
        ("battery/charge_counter", "Charge counter", Measure::MicroAmpereHour, counter),
    ];
    for (channel, key, unit, value) in readings {
        capture.read(channel, key, unit, text(key), unless(void, value));
    }
    if let Some(unit) = unit.filter(|_| void.is_none()) {
        capture.fact("charge_counter_unit", Fact::Word(unit.to_owned()));
    }
    let limits = [
        ("Max charging current", "battery/max_charging_current", Measure::MilliAmpere),
        ("Max charging voltage", "battery/max_charging_voltage", Measure::MilliVolt),
    ];
    for (key, channel, unit) in limits {
        if let Some(text) = service.get(key) {
            let value = charge::tally(number(text)).map(|micro| micro / 1000.0);
            capture.read(channel, key, unit, text, unless(void, value));
        }
    }
}

fn note_facts(service: &Found<'_, 22>, capture: &mut Capture) {
    let numbers = [
        ("status", "status"),
        ("health", "health"),
        ("Charging state", "charging_state"),
        ("Charging policy", "charging_policy"),
        ("Capacity level", "capacity_level"),
        ("mSecPlugTypeSummary", "plug_type"),
        ("batteryMiscEvent", "misc_event"),
        ("batteryCurrentEvent", "current_event"),
    ];
    for (key, name) in numbers {
        if let Some(number) = service.number(key) {
            capture.fact(name, Fact::Number(number));
        }
    }
    if let Some(technology) = service.get("technology") {
        capture.fact("technology", Fact::Word(technology.to_owned()));
    }
    if let Some(present) = service.get("present") {
        capture.fact("present", Fact::Flag(present == "true"));
    }
    let plugs = [
        ("AC powered", "ac"),
        ("USB powered", "usb"),
        ("Wireless powered", "wireless"),
        ("Dock powered", "dock"),
    ];
    if let Some((_, word)) = plugs.iter().find(|(key, _)| service.get(key) == Some("true")) {
        capture.fact("plugged_by", Fact::Word((*word).to_owned()));
    }
}

/// Readings of vendor blocks; gives the current, mA.
fn note_vendors(dump: &Dump<'_>, void: Option<Reason>, capture: &mut Capture) -> Option<f64> {
    let samsung = dump.service.get("current now").map(|text| ("current now", text));
    let oplus = dump.oplus.get("Battery current").map(|text| ("Battery current", text));
    let mut current = None;
    if let Some((key, text)) = samsung.or(oplus) {
        let (value, unit) = charge::vendor_current(number(text));
        let value = unless(void, value);
        capture.read("battery/current", key, Measure::MilliAmpere, text, value);
        if let Some(unit) = unit.filter(|_| value.is_ok()) {
            capture.fact("current_unit", Fact::Word(unit.to_owned()));
        }
        current = value.ok();
    }
    if let Some(text) = dump.oplus.get("Charger voltage") {
        // Without a charger it is zero and means it.
        let value = match number(text) {
            Ok(0) => Ok(0.0),
            raw => charge::millivolts(raw),
        };
        capture.read("charger/voltage", "Charger voltage", Measure::MilliVolt, text, unless(void, value));
    }
    if let Some(text) = dump.oplus.get("PhoneTemp") {
        // Models without this sensor print -10, -1023 and the like.
        let value = match number(text) {
            Ok(..=0) => Err(Reason::Sentinel),
            raw => charge::tenths(raw),
        };
        capture.read("temperature/phonetemp", "PhoneTemp", Measure::Celsius, text, unless(void, value));
    }
    if let Some(text) = dump.anywhere.get("mSavedBatteryAsoc") {
        let value = match text.trim_start_matches('[').trim_end_matches(']') {
            "unsupported" => Err(Reason::Absent),
            digits => charge::level(number(digits), None),
        };
        capture.read(
            "battery/health_percent",
            "mSavedBatteryAsoc",
            Measure::Percent,
            text,
            unless(void, value),
        );
    }
    if let Some(usage) = dump.anywhere.get("mSavedBatteryUsage") {
        let digits = usage.trim_start_matches('[').trim_end_matches(']');
        if let Ok(usage) = number(digits) {
            capture.fact("saved_battery_usage", Fact::Number(usage));
        }
    }
    current
}

/// The newest entry of Samsung's log of broadcasts: averages in mA at irregular times, tens of seconds apart.
fn note_log(dump: &Dump<'_>, void: Option<Reason>, capture: &mut Capture) {
    let Some((when, entry)) = dump.log.and_then(|line| line.split_once(LOG_ENTRY)) else { return };
    let of = |wanted: &str| {
        let mut fields = entry.split(", ").filter_map(|field| field.split_once(':'));
        fields.find(|(key, _)| *key == wanted).map(|(_, value)| value)
    };
    let average = of("current_avg").map(number);
    if let (Some(text), Some(raw)) = (of("current_avg"), average) {
        let value = unless(void, charge::vendor_current(raw).0);
        capture.read("battery/log/current_avg", "current_avg", Measure::MilliAmpere, text, value);
    }
    if let Some(text) = of("cc") {
        let level = charge::level(of("level").map_or(Err(Reason::Absent), number), of("scale").map(number));
        let value = unless(void, charge::counter(number(text), level.ok(), None).0);
        capture.read("battery/log/charge_counter", "cc", Measure::MicroAmpereHour, text, value);
    }
    capture.fact("log_entries", Fact::Number(dump.entries));
    let when = when.trim_end().trim_end_matches("Sending").trim_end();
    capture.fact("log_newest", Fact::Word(when.to_owned()));
    // A charger that gives less than the device draws: "charging" by name alone.
    if let (Some(Ok(status)), Some(Ok(average))) = (of("status").map(number), average) {
        capture.fact("draining_while_charging", Fact::Flag(status == charge::CHARGING && average < 0));
    }
}
