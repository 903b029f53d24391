//! `vcgencmd` of the Raspberry Pi: `measure_temp`, `measure_volts`, `measure_clock`, `get_throttled`,
//! `pmic_read_adc`, with or without the command above its answer.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in, refusal};
use super::quantity::{self, decimal, whole};
use super::{Capture, Fact, Measure, celsius};

/// Most rails of the power chip; it has about a dozen.
const MAX_RAILS: usize = 64;
/// Bits of `get_throttled`: what holds now, and 16 bits above what has happened since boot.
const THROTTLED: [(&str, &str); 4] = [
    ("under_voltage", "under_voltage_since_boot"),
    ("frequency_capped", "frequency_capped_since_boot"),
    ("throttled", "throttled_since_boot"),
    ("soft_temperature_limit", "soft_temperature_limit_since_boot"),
];

/// Amperes and volts of one rail, as far as they were printed.
struct Rail<'a> {
    name: &'a str,
    ampere: Option<Reading<f64>>,
    volt: Option<Reading<f64>>,
}

struct Answers<'a> {
    capture: Capture,
    rails: Vec<Rail<'a>>,
    /// What the command above asked about: `core`, `pmic`.
    asked: &'a str,
    command: &'a str,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut answers = Answers { capture: Capture::default(), rails: Vec::new(), asked: "", command: "" };
    let mut missing = None;
    for line in lines(text) {
        let line = line.trim();
        if let Some((command, about)) = command(line) {
            answers.sum();
            (answers.command, answers.asked) = (command, about);
        } else if !answers.answer(line)
            && let Some(reason) = unanswered(line)
        {
            missing = Some(reason);
            answers.refused(reason, line);
        }
    }
    answers.sum();
    let mut capture = answers.capture;
    if capture.readings().is_empty() {
        capture.read(
            "vcgencmd/any",
            "vcgencmd",
            Measure::State,
            "",
            Err(missing.unwrap_or_else(|| nothing_in(text))),
        );
    }
    capture
}

/// A line that shows which command the lines below answer, with or without a prompt: the command and its block.
fn command(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_once("vcgencmd ")?.1.split_ascii_whitespace();
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    Some((words.next().filter(plain)?, words.next().filter(plain).unwrap_or("")))
}

/// Why the firmware gave no answer.
fn unanswered(line: &str) -> Option<Reason> {
    if line.contains("Command not registered") {
        return Some(Reason::Absent);
    }
    // What users outside of the group that may ask the firmware get to read.
    if line.contains("VCHI initialization failed") || line.contains("VCHIQ initialization failed") {
        return Some(Reason::Denied);
    }
    if line.contains("Can't open device file") { Some(Reason::Failed) } else { refusal(line) }
}

impl<'a> Answers<'a> {
    /// Reads `key=value`; `false` where the line is something else.
    fn answer(&mut self, line: &'a str) -> bool {
        let Some((left, raw)) = line.split_once('=') else { return false };
        // Loops over blocks print `core:\tvolt=0.86V`; the power chip prints `VDD_CORE_A current(7)=0.9A`.
        let (before, key) = left.rsplit_once([' ', '\t']).unwrap_or(("", left));
        let before = before.trim();
        let kind = key.split_once('(').filter(|(_, id)| id.ends_with(')')).map_or(key, |(kind, _)| kind);
        let command = match kind {
            "temp" => "measure_temp",
            "frequency" => "measure_clock",
            _ => "measure_volts",
        };
        let asked = if self.command == command && !self.asked.is_empty() { self.asked } else { key };
        let about = before.strip_suffix(':').unwrap_or(asked);
        match kind {
            "temp" => {
                let value = raw.strip_suffix("'C").map_or(Err(Reason::Parse), quantity::celsius);
                self.read("temperature/", about, key, Measure::Celsius, raw, value);
            }
            "throttled" => self.throttled(raw),
            "frequency" => {
                self.read("clock/", about, key, Measure::KiloHertz, raw, whole(raw).map(|hertz| hertz / 1e3));
            }
            "volt" if key.len() == kind.len() => {
                self.read("voltage/", about, key, Measure::MilliVolt, raw, thousandths(raw, 'V'));
            }
            "volt" if !before.is_empty() => self.rail(before, "_V", raw),
            "current" if !before.is_empty() => self.rail(before, "_A", raw),
            _ => return false,
        }
        true
    }

    fn read(&mut self, kind: &str, about: &str, name: &str, unit: Measure, raw: &str, value: Reading<f64>) {
        self.capture.read(&celsius::channel(kind, about), name, unit, raw, value);
    }

    fn throttled(&mut self, raw: &str) {
        let bits = raw.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.capture.read(
            "state/throttled",
            "throttled",
            Measure::State,
            raw,
            bits.map(f64::from).ok_or(Reason::Parse),
        );
        let Some(bits) = bits else { return };
        for (bit, (now, since_boot)) in THROTTLED.into_iter().enumerate() {
            self.capture.fact(now, Fact::Flag((bits >> bit) & 1 == 1));
            self.capture.fact(since_boot, Fact::Flag((bits >> (bit + 16)) & 1 == 1));
        }
        // The upper bits stay until the next boot: with any of them set, a new event would leave no trace.
        self.capture.fact("reboot_first", Fact::Flag((bits >> 16) & 0xf != 0));
    }

    /// One row of the power chip, such as `VDD_CORE_A`.
    fn rail(&mut self, name: &'a str, suffix: &str, raw: &'a str) {
        let rail = name.strip_suffix(suffix).unwrap_or(name);
        let (kind, unit, letter) = match suffix {
            "_A" => ("current/", Measure::MilliAmpere, 'A'),
            _ => ("voltage/", Measure::MilliVolt, 'V'),
        };
        let value = thousandths(raw, letter);
        let slot = |rail: &Rail<'_>| if letter == 'A' { rail.ampere } else { rail.volt };
        if self.rails.iter().any(|known| known.name == rail && slot(known).is_some()) {
            // The row was there already: a second sample begins.
            self.sum();
        }
        self.read(kind, rail, name, unit, raw, value);
        let position = self.rails.iter().position(|known| known.name == rail).unwrap_or(self.rails.len());
        if position == self.rails.len() {
            if position == MAX_RAILS {
                return;
            }
            self.rails.push(Rail { name: rail, ampere: None, volt: None });
        }
        let rail = &mut self.rails[position];
        *if letter == 'A' { &mut rail.ampere } else { &mut rail.volt } = Some(value);
    }

    /// Power over the rails that have both; rails with volts only, such as the input, take no part.
    fn sum(&mut self) {
        let rails = std::mem::take(&mut self.rails);
        if rails.is_empty() {
            return;
        }
        let (mut sum, mut paired, mut unpaired) = (Ok(0.0), 0, 0);
        for rail in &rails {
            let Some(ampere) = rail.ampere else {
                unpaired += 1;
                continue;
            };
            paired += 1;
            // Amperes without volts: a row is missing, and a sum without it would look like a smaller load.
            let power = rail.volt.unwrap_or(Err(Reason::Absent)).and_then(|volt| Ok(volt * ampere? / 1e3));
            sum = sum.and_then(|sum: f64| Ok(sum + power?));
        }
        let sum = if paired == 0 { Err(Reason::Absent) } else { sum };
        let count = paired.to_string();
        let raw = ["sum of V x A over ", &count, " rails"].concat();
        self.capture.read("power/pmic", "pmic_read_adc", Measure::MilliWatt, &raw, sum);
        self.capture.fact("rails_paired", Fact::Number(paired));
        self.capture.fact("rails_without_current", Fact::Number(unpaired));
        self.capture.fact("power_excludes", Fact::Word("loads at 5 V, USB".to_owned()));
    }

    /// The command above was not answered.
    fn refused(&mut self, reason: Reason, raw: &str) {
        let (kind, name, unit) = match self.command {
            "measure_temp" => ("temperature/", "temp", Measure::Celsius),
            "measure_clock" => ("clock/", "frequency", Measure::KiloHertz),
            "measure_volts" => ("voltage/", "volt", Measure::MilliVolt),
            "get_throttled" => ("state/", "throttled", Measure::State),
            "pmic_read_adc" => ("power/", "pmic_read_adc", Measure::MilliWatt),
            _ => return,
        };
        let about = match self.command {
            "pmic_read_adc" => "pmic",
            _ if self.asked.is_empty() => name,
            _ => self.asked,
        };
        self.read(kind, about, name, unit, raw, Err(reason));
        self.command = "";
    }
}

/// `0.94657990A` in thousandths.
fn thousandths(raw: &str, unit: char) -> Reading<f64> {
    let number = raw.strip_suffix(unit).and_then(decimal).ok_or(Reason::Parse)?;
    // A current may flow back; a converter that shows less than no volts is broken.
    if unit == 'V' && number < 0.0 {
        return Err(Reason::Implausible);
    }
    Ok((number * 1e9).round() / 1e6)
}
