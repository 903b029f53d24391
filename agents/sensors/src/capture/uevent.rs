//! `uevent` of power supplies, one or several after another, with or without `POWER_SUPPLY_` before the keys.
//!
//! A supply begins with its `NAME` and is read when it is whole, since units depend on its other lines.

use edgesoak_protocol::{Reading, Reason};

use super::charge::{self, State, number};
use super::lines::{lines, refusal};
use super::{Capture, Fact, Measure};
use crate::label;
use crate::parse::supply;

/// What a number stands for, in the unit of the ABI.
#[derive(Clone, Copy)]
enum Rule {
    MicroVolt,
    /// A current that flows: its unit is found with the status.
    Flow,
    /// A limit of a current.
    Limit,
    /// A charge that grows and falls with the level.
    Counter,
    Full,
    MicroWatt,
    MicroWattHour,
    Tenths,
    Percent,
    Tally,
}

/// Key, last part of the channel, rule. The first four are expected of every battery.
const KEYS: [(&str, &str, Rule); 24] = [
    ("CAPACITY", "level", Rule::Percent),
    ("VOLTAGE_NOW", "voltage", Rule::MicroVolt),
    ("CURRENT_NOW", "current", Rule::Flow),
    ("TEMP", "temperature", Rule::Tenths),
    ("POWER_NOW", "power", Rule::MicroWatt),
    ("CHARGE_COUNTER", "charge_counter", Rule::Counter),
    ("CHARGE_NOW", "charge_now", Rule::Counter),
    ("CHARGE_FULL", "charge_full", Rule::Full),
    ("CHARGE_FULL_DESIGN", "charge_full_design", Rule::Full),
    ("ENERGY_NOW", "energy_now", Rule::MicroWattHour),
    ("ENERGY_FULL", "energy_full", Rule::MicroWattHour),
    ("ENERGY_FULL_DESIGN", "energy_full_design", Rule::MicroWattHour),
    ("VOLTAGE_AVG", "voltage_avg", Rule::MicroVolt),
    ("VOLTAGE_OCV", "voltage_ocv", Rule::MicroVolt),
    ("VOLTAGE_MAX", "voltage_max", Rule::MicroVolt),
    ("VOLTAGE_MIN_DESIGN", "voltage_min_design", Rule::MicroVolt),
    ("VOLTAGE_QNOVO", "voltage_qnovo", Rule::MicroVolt),
    ("CURRENT_AVG", "current_avg", Rule::Flow),
    ("CURRENT_MAX", "current_max", Rule::Limit),
    ("CURRENT_QNOVO", "current_qnovo", Rule::Limit),
    ("CONSTANT_CHARGE_CURRENT_MAX", "charge_current_max", Rule::Limit),
    ("TEMP_AMBIENT", "temperature_ambient", Rule::Tenths),
    ("CHARGER_TEMP", "charger_temperature", Rule::Tenths),
    ("CYCLE_COUNT", "cycle_count", Rule::Tally),
];
const EXPECTED: usize = 4;
const VOLTAGE: usize = 1;
const CURRENT: usize = 2;

/// Keys that become facts, and what they say.
const WORDS: [(&str, &str); 6] = [
    ("STATUS", "status"),
    ("HEALTH", "health"),
    ("TECHNOLOGY", "technology"),
    ("CHARGE_TYPE", "charge_type"),
    ("CAPACITY_LEVEL", "capacity_level"),
    ("TYPE", "type"),
];
const FLAGS: [(&str, &str); 4] = [
    ("PRESENT", "present"),
    ("INPUT_SUSPEND", "input_suspend"),
    ("CHARGE_DISABLE", "charge_disabled"),
    ("INPUT_CURRENT_LIMITED", "input_current_limited"),
];

#[derive(Default)]
struct Supply<'a> {
    name: Option<&'a str>,
    values: [Option<&'a str>; KEYS.len()],
    refused: [Option<Reason>; KEYS.len()],
    words: [Option<&'a str>; WORDS.len()],
    flags: [Option<&'a str>; FLAGS.len()],
    online: Option<&'a str>,
    any: bool,
}

/// What all supplies together say.
#[derive(Default)]
struct Whole {
    state: State,
    batteries: usize,
    suspended: bool,
    /// A fuel gauge that answers; it is nearer to the cell than a supply called `battery`.
    gauge: Option<String>,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut whole = Whole::default();
    let mut supply = Supply::default();
    let mut refused = None;
    for line in lines(text) {
        let line = line.trim();
        // `grep . */uevent` puts the file before its first line.
        let line = if line.starts_with('/') {
            line.split_once("uevent:").map_or("", |(_, line)| line)
        } else {
            line
        };
        let Some((key, value)) = line.split_once('=') else {
            if let Some(reason) = refusal(line).filter(|reason| !supply.refuse(line, *reason)) {
                refused = Some(reason);
            }
            continue;
        };
        let key = key.strip_prefix("POWER_SUPPLY_").unwrap_or(key);
        if key == "NAME" {
            whole.take(&supply, &mut capture);
            supply = Supply { name: Some(value), any: true, ..Supply::default() };
        } else {
            supply.put(key, value);
        }
    }
    whole.take(&supply, &mut capture);
    if whole.batteries == 0 {
        let reason = refused.unwrap_or(Reason::Absent);
        for (key, leaf, rule) in &KEYS[..EXPECTED] {
            let channel = ["battery/", leaf].concat();
            capture.read(&channel, key, rule.unit(), "", Err(reason));
        }
    }
    if let Some(gauge) = whole.gauge.filter(|_| whole.batteries > 1) {
        capture.fact("preferred_supply", Fact::Word(gauge));
    }
    // With its input suspended a device looks as if nothing were attached.
    if whole.suspended && whole.state.plugged == Some(false) {
        whole.state.plugged = None;
    }
    whole.state.note(&mut capture);
    capture
}

impl<'a> Supply<'a> {
    fn put(&mut self, key: &str, value: &'a str) {
        let slot = if let Some(position) = KEYS.iter().position(|(known, ..)| *known == key) {
            &mut self.values[position]
        } else if let Some(position) = WORDS.iter().position(|(known, _)| *known == key) {
            &mut self.words[position]
        } else if let Some(position) = FLAGS.iter().position(|(known, _)| *known == key) {
            &mut self.flags[position]
        } else if key == "ONLINE" {
            &mut self.online
        } else {
            return;
        };
        slot.get_or_insert(value);
        self.any = true;
    }

    /// Takes a refusal that names a single file of a supply; `false` for any other.
    fn refuse(&mut self, line: &str, reason: Reason) -> bool {
        let path = line.rsplit_once(": ").map_or(line, |(path, _)| path);
        let Some((_, file)) = path.rsplit_once('/') else { return false };
        let known = KEYS.iter().position(|(known, ..)| known.eq_ignore_ascii_case(file));
        known.is_some_and(|position| {
            self.refused[position] = Some(reason);
            self.any = true;
            true
        })
    }

    fn kind(&self) -> Option<&'a str> {
        self.words[WORDS.len() - 1]
    }

    /// A supply that says nothing of its type is a battery where it tells of one.
    fn is_battery(&self) -> bool {
        match self.kind() {
            Some(kind) => matches!(kind, "Battery" | "BMS"),
            None => {
                self.words[0].is_some()
                    || self.values[..EXPECTED].iter().any(Option::is_some)
                    || self.refused.iter().any(Option::is_some)
            }
        }
    }

    fn status(&self) -> Option<i64> {
        let mut out = [Err(Reason::Absent)];
        supply::status(self.words[0]?.as_bytes(), &mut out);
        out[0].ok()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        let position = FLAGS.iter().position(|(_, fact)| *fact == name)?;
        self.flags[position].and_then(|text| number(text).ok()).map(|number| number != 0)
    }
}

impl Whole {
    fn take(&mut self, supply: &Supply<'_>, capture: &mut Capture) {
        if !supply.any {
            return;
        }
        let name = label::plain(supply.name.unwrap_or("battery")).to_ascii_lowercase();
        if let Some(online) = supply.online.and_then(|text| number(text).ok()) {
            let fact = ["online/", &name].concat();
            capture.fact(&fact, Fact::Number(online));
            // A battery's own `online` is a vendor's code of the cable, in which even "no cable" has a number.
            if !supply.is_battery() {
                let plugged = self.state.plugged.unwrap_or(false) || online > 0;
                self.state.plugged = Some(plugged);
            }
        }
        if supply.is_battery() {
            self.take_battery(supply, &name, capture);
        }
    }

    fn take_battery(&mut self, supply: &Supply<'_>, name: &str, capture: &mut Capture) {
        self.batteries += 1;
        let first = self.batteries == 1;
        let prefix = if name == "battery" { "battery/".to_owned() } else { ["battery/", name, "/"].concat() };
        let status = supply.status().or(self.state.status);
        for (position, (key, leaf, rule)) in KEYS.iter().enumerate() {
            let text = supply.values[position];
            let refused = supply.refused[position];
            if text.is_none() && refused.is_none() && position >= EXPECTED {
                continue;
            }
            let raw = text.map_or(Err(refused.unwrap_or(Reason::Absent)), number);
            let (value, unit) = rule.apply(raw, supply, status);
            let value = if supply.flag("present") == Some(false) { Err(Reason::Absent) } else { value };
            let channel = [&prefix, *leaf].concat();
            capture.read(&channel, key, rule.unit(), text.unwrap_or_default(), value);
            if position == CURRENT && value.is_ok() && (first || self.state.current.is_none()) {
                self.state.current = value.ok();
                if let Some(unit) = unit {
                    capture.fact("current_unit", Fact::Word(unit.to_owned()));
                }
            }
        }
        let gauge = supply.kind() == Some("BMS")
            || ["bms", "fg", "fuel", "gauge"].iter().any(|part| name.contains(part));
        if gauge && supply.values[VOLTAGE].is_some() && supply.values[CURRENT].is_some() {
            self.gauge.get_or_insert_with(|| name.to_owned());
        }
        self.state.status = self.state.status.or(supply.status());
        self.suspended |= supply.flag("input_suspend") == Some(true);
        let prefix = if first { "" } else { &prefix["battery/".len()..] };
        for ((_, fact), word) in WORDS.iter().zip(supply.words) {
            if let Some(word) = word {
                capture.fact(&[prefix, *fact].concat(), Fact::Word(word.to_owned()));
            }
        }
        for (_, fact) in FLAGS {
            if let Some(flag) = supply.flag(fact) {
                capture.fact(&[prefix, fact].concat(), Fact::Flag(flag));
            }
        }
    }
}

impl Rule {
    fn unit(self) -> Measure {
        match self {
            Rule::MicroVolt => Measure::MilliVolt,
            Rule::Flow | Rule::Limit => Measure::MilliAmpere,
            Rule::Counter | Rule::Full => Measure::MicroAmpereHour,
            Rule::MicroWatt => Measure::MilliWatt,
            Rule::MicroWattHour => Measure::MilliJoule,
            Rule::Tenths => Measure::Celsius,
            Rule::Percent => Measure::Percent,
            Rule::Tally => Measure::Count,
        }
    }

    fn apply(
        self,
        raw: Reading<i64>,
        supply: &Supply<'_>,
        status: Option<i64>,
    ) -> (Reading<f64>, Option<&'static str>) {
        let value = match self {
            Rule::Flow => return charge::abi_current(raw, status),
            Rule::Counter => {
                let level = supply.values[0].map_or(Err(Reason::Absent), number);
                return charge::counter(raw, charge::level(level, None).ok(), None);
            }
            Rule::Limit => charge::limit(raw),
            Rule::MicroVolt => charge::microvolts(raw),
            Rule::Full => charge::full(raw),
            Rule::MicroWatt => raw.and_then(|raw| charge::magnitude(raw, 1e-3, 1e6)),
            Rule::MicroWattHour => charge::energy(raw),
            Rule::Tenths => charge::tenths(raw),
            Rule::Percent => charge::level(raw, None),
            Rule::Tally => charge::tally(raw),
        };
        (value, None)
    }
}
