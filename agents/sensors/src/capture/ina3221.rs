//! The power monitor of Jetson boards: the files of `/sys/bus/i2c/drivers/ina3221*`, as `hwmon` (volts and
//! amperes) or as `iio` of older kernels (watts too).

use edgesoak_protocol::{Reading, Reason};

use super::files::{self, Said};
use super::lines::nothing_in;
use super::{Capture, Fact, Measure, celsius};
use crate::parse::integer::decimal;

/// Most rails of one output: far more monitors than any board has.
const MAX_RAILS: usize = 64;
/// What the converter can measure at its input, mV. Its shunt side bounds amperes only through the resistor.
const PLAUSIBLE_MILLIVOLT: std::ops::RangeInclusive<i64> = 0..=32_760;
/// Rails that carry what the whole board takes, where a board has one.
const BOARD_RAILS: [&str; 2] = ["VDD_IN", "POM_5V_IN"];

/// What a file of a rail holds.
#[derive(Clone, Copy, PartialEq)]
enum What {
    Label,
    Voltage,
    Current,
    Power,
    Enable,
}

struct Rail<'a> {
    dir: &'a str,
    number: u8,
    label: &'a str,
    voltage: Option<(Reading<i64>, &'a str)>,
    current: Option<(Reading<i64>, &'a str)>,
    power: Option<(Reading<i64>, &'a str)>,
    enabled: bool,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut rails: Vec<Rail<'_>> = Vec::new();
    files::each(text, |file| place(file).is_some(), &mut |said| {
        let Some((what, number)) = place(said.file()) else { return false };
        if said.before > 0 {
            return false;
        }
        let dir = said.dir();
        let known = rails.iter().position(|rail| rail.number == number && rail.dir == dir);
        let position = known.unwrap_or(rails.len());
        if known.is_none() {
            if rails.len() == MAX_RAILS {
                return true;
            }
            let (voltage, current, power) = (None, None, None);
            rails.push(Rail { dir, number, label: "", voltage, current, power, enabled: true });
        }
        rails[position].note(what, said)
    });
    let mut capture = Capture::default();
    for (position, rail) in rails.iter().enumerate() {
        // Inputs without a label have a number, which every chip counts from the start.
        let twin = |other: &&Rail<'_>| {
            other.label == rail.label && (!rail.label.is_empty() || other.number == rail.number)
        };
        let same = rails[..position].iter().filter(|other| other.is_wanted()).filter(twin);
        if rail.is_wanted() {
            rail.tell(&mut capture, same.count());
        }
    }
    if capture.readings().is_empty() {
        capture.read("ina3221/any", "ina3221", Measure::MilliWatt, "", Err(nothing_in(text)));
    }
    capture
}

/// What a file holds and the number of its rail. Inputs beyond the three rails are shunt voltages and their sum.
fn place(file: &str) -> Option<(What, u8)> {
    let (name, first) = if let Some(number) = file.strip_prefix("rail_name_") {
        return Some((What::Label, one_digit(number, 0)?));
    } else if let Some(name) = file.strip_prefix("in_") {
        (name, 0)
    } else {
        (file, 1)
    };
    let digit = name.find(|char: char| char.is_ascii_digit())?;
    let (prefix, rest) = name.split_at(digit);
    let (number, suffix) = rest.split_once('_')?;
    let what = match (first, prefix, suffix) {
        (1, "in", "label") => What::Label,
        (1, "in", "enable") => What::Enable,
        (1, "in", "input") | (0, "voltage", "input") => What::Voltage,
        (1, "curr", "input") | (0, "current", "input") => What::Current,
        (_, "power", "input") => What::Power,
        _ => return None,
    };
    // A `power1_input` of hwmon is in µW, and this chip has none.
    if what == What::Power && first == 1 {
        return None;
    }
    Some((what, one_digit(number, first)?))
}

fn one_digit(text: &str, first: u8) -> Option<u8> {
    text.parse().ok().filter(|number| text.len() == 1 && (first..first + 3).contains(number))
}

impl<'a> Rail<'a> {
    /// Whether the line was of use.
    fn note(&mut self, what: What, said: &Said<'a>) -> bool {
        let raw = said.raw;
        let number = said.line.and_then(|line| decimal(line.as_bytes()));
        let useful = number.is_ok() || said.line.is_err();
        match what {
            What::Label if said.line.is_ok_and(|label| !files::is_plain(label)) => return false,
            What::Label => {
                self.label = said.line.unwrap_or("");
                return true;
            }
            What::Enable => self.enabled = number != Ok(0),
            What::Voltage if useful => self.voltage = Some((number, raw)),
            What::Current if useful => self.current = Some((number, raw)),
            What::Power if useful => self.power = Some((number, raw)),
            _ => {}
        }
        useful
    }

    /// Unconnected inputs and sums are no rails; nor is a label without any input.
    fn is_wanted(&self) -> bool {
        let measured = self.voltage.is_some() || self.current.is_some() || self.power.is_some();
        measured && self.label != "NC" && !self.label.starts_with("sum of")
    }

    fn tell(&self, capture: &mut Capture, ordinal: usize) {
        let number = self.number.to_string();
        let name = if self.label.is_empty() { ["in", &number].concat() } else { self.label.to_owned() };
        let end = if ordinal == 0 { String::new() } else { ["#", &ordinal.to_string()].concat() };
        let (volt, volt_raw) = self.input(self.voltage);
        let volt = volt.and_then(|millivolt| {
            if PLAUSIBLE_MILLIVOLT.contains(&millivolt) {
                Ok(millivolt as f64)
            } else {
                Err(Reason::Implausible)
            }
        });
        let (ampere, ampere_raw) = self.input(self.current);
        let ampere = ampere.map(|milliampere| milliampere as f64);
        let mut read = |kind: &str, unit, raw: &str, value| {
            capture.read(&[&*celsius::channel(kind, &name), &end].concat(), &name, unit, raw, value);
        };
        read("voltage/", Measure::MilliVolt, volt_raw, volt);
        read("current/", Measure::MilliAmpere, ampere_raw, ampere);
        if self.power.is_some() {
            let (watt, raw) = self.input(self.power);
            read("power/", Measure::MilliWatt, raw, watt.map(|milliwatt| milliwatt as f64));
        } else {
            // No watts without both; a partial product would look like a small load.
            let power = volt.and_then(|volt| ampere.map(|ampere| volt * ampere / 1e3));
            let raw = [volt_raw, " x ", ampere_raw].concat();
            read("power/", Measure::MilliWatt, &raw, power);
        }
        if BOARD_RAILS.contains(&self.label) {
            capture.fact("board_rail", Fact::Word(name));
        }
    }

    fn input(&self, slot: Option<(Reading<i64>, &'a str)>) -> (Reading<i64>, &'a str) {
        match slot {
            Some((_, raw)) if !self.enabled => (Err(Reason::Offline), raw),
            Some(input) => input,
            None => (Err(Reason::Absent), ""),
        }
    }
}
