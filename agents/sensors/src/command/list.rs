//! The commands whose answers are read in a session, one constant each: words, parser, pace, what is kept of the
//! text, which readings become channels.

use std::time::Duration;

use edgesoak_protocol::Quantity;

use super::answer::Limits;
use super::filter::{self, Keep};
use crate::capture::{Capture, Kind};

/// A dump wakes services up: it is asked for no more often than the job's schedule of commands allows.
const DUMP: Duration = Duration::from_secs(10);
/// Firmware that answers by itself within a few milliseconds.
const CHEAP: Duration = Duration::from_secs(2);

/// A command.
#[derive(Debug)]
pub(crate) struct Command {
    pub argv: &'static [&'static str],
    pub kind: Kind,
    /// Least time between two of its reads.
    pub period: Duration,
    /// Which lines a journal keeps.
    pub keep: fn() -> Keep,
    /// Channels as the parser names them, with what they measure; `*` stands for anything but `/`.
    pub readings: &'static [(&'static str, Quantity)],
    /// Facts that may change during a run and so are channels.
    pub facts: &'static [FactChannel],
    /// Channels that get another name than the parser's, which knows only this one source.
    pub renamed: &'static [(&'static str, &'static str)],
    /// A channel whose unit each answer tells by its size alone.
    pub unit: Option<TwoUnits>,
    /// Stands before what it printed, where that alone does not say what it is.
    pub heading: &'static str,
    /// Whether the first line of its output is one whole answer.
    pub first_line: bool,
}

/// A channel that vendors print in one of two units, of which a large number proves the finer one.
#[derive(Debug)]
pub(crate) struct TwoUnits {
    pub channel: &'static str,
    /// The fact that tells the unit of the answer.
    pub fact: &'static str,
    /// The finer unit: a device that used it once uses it always, and a small number of it looks like the other.
    pub proven: &'static str,
}

/// A fact of the parser that is sampled.
#[derive(Debug)]
pub(crate) struct FactChannel {
    /// The parser's name.
    pub fact: &'static str,
    /// The channel's.
    pub name: &'static str,
    pub quantity: Quantity,
    /// What it is where the answer has readings and does not speak of it.
    pub unsaid: Option<i64>,
}

const fn fact(fact: &'static str, name: &'static str, quantity: Quantity) -> FactChannel {
    FactChannel { fact, name, quantity, unsaid: None }
}

const NOTHING: Command = Command {
    argv: &[],
    kind: Kind::Thermalservice,
    period: DUMP,
    keep: filter::everything,
    readings: &[],
    facts: &[],
    renamed: &[],
    unit: None,
    heading: "",
    first_line: false,
};

const TEMPERATURES: &[(&str, Quantity)] =
    &[("temperature/*", Quantity::Temperature), ("cooling/*", Quantity::CoolingState)];

pub(crate) const THERMALSERVICE: Command = Command {
    argv: &["dumpsys", "thermalservice"],
    kind: Kind::Thermalservice,
    keep: filter::thermalservice,
    readings: TEMPERATURES,
    facts: &[
        fact("thermal_status", "thermal/status", Quantity::ThermalStatus),
        fact("status_override", "thermal/override", Quantity::Override),
    ],
    ..NOTHING
};

pub(crate) const ITHERMAL: Command = Command {
    argv: &["dumpsys", "android.hardware.thermal.IThermal/default"],
    kind: Kind::Ithermal,
    keep: filter::ithermal,
    readings: TEMPERATURES,
    // Only what somebody emulates is told.
    facts: &[FactChannel { unsaid: Some(0), ..fact("faked", "thermal/override", Quantity::Override) }],
    ..NOTHING
};

pub(crate) const HARDWARE_PROPERTIES: Command = Command {
    argv: &["dumpsys", "hardware_properties"],
    kind: Kind::HardwareProperties,
    keep: filter::hardware_properties,
    readings: TEMPERATURES,
    ..NOTHING
};

pub(crate) const BATTERY: Command = Command {
    argv: &["dumpsys", "battery"],
    kind: Kind::Battery,
    keep: filter::battery,
    readings: &[
        ("battery/level", Quantity::ChargeLevel),
        ("battery/voltage", Quantity::Voltage),
        ("battery/current", Quantity::Current),
        ("battery/temperature", Quantity::Temperature),
        ("battery/charge_counter", Quantity::ChargeCounter),
        ("battery/health_percent", Quantity::BatteryHealth),
        ("temperature/*", Quantity::Temperature),
    ],
    facts: &[
        fact("status", "battery/status", Quantity::ChargeStatus),
        fact("plugged", "battery/plugged", Quantity::Plugged),
        fact("faked", "battery/override", Quantity::Override),
    ],
    unit: Some(TwoUnits { channel: "battery/current", fact: "current_unit", proven: "uA" }),
    ..NOTHING
};

/// Samsung's own level of throttling, which the thermal status does not show.
pub(crate) const SIOP_LEVEL: Command = Command {
    argv: &["getprop", "sys.siop.level"],
    kind: Kind::Getprop,
    readings: &[("throttling/siop-level", Quantity::CoolingState)],
    heading: "sys.siop.level=",
    ..NOTHING
};

pub(crate) const POWERSTATS: Command = Command {
    argv: &["dumpsys", "android.hardware.power.stats.IPowerStats/default"],
    kind: Kind::Powerstats,
    keep: filter::powerstats,
    readings: &[("rail/*", Quantity::Energy)],
    ..NOTHING
};

/// The same meters as services of older versions print them.
pub(crate) const POWERSTATS_1: Command = Command {
    argv: &["lshal", "debug", "android.hardware.power.stats@1.0::IPowerStats/default"],
    ..POWERSTATS
};

pub(crate) const MEASURE_TEMP: Command = Command {
    argv: &["vcgencmd", "measure_temp"],
    kind: Kind::Vcgencmd,
    period: CHEAP,
    readings: &[("temperature/*", Quantity::Temperature)],
    renamed: &[("temperature/temp", "temperature/soc")],
    ..NOTHING
};

pub(crate) const GET_THROTTLED: Command = Command {
    argv: &["vcgencmd", "get_throttled"],
    kind: Kind::Vcgencmd,
    period: CHEAP,
    readings: &[("state/throttled", Quantity::ThrottleFlags)],
    ..NOTHING
};

pub(crate) const PMIC_READ_ADC: Command = Command {
    argv: &["vcgencmd", "pmic_read_adc"],
    kind: Kind::Vcgencmd,
    period: CHEAP,
    readings: &[("power/pmic", Quantity::Power), ("voltage/ext5v", Quantity::Voltage)],
    ..NOTHING
};

pub(crate) const TEGRASTATS: Command = Command {
    argv: &["tegrastats", "--interval", "200"],
    kind: Kind::Tegrastats,
    period: Duration::from_secs(5),
    readings: &[("temperature/*", Quantity::Temperature), ("power/*", Quantity::Power)],
    first_line: true,
    ..NOTHING
};

impl Command {
    /// Its words, as a person would type them.
    pub fn line(&self) -> String {
        self.argv.join(" ")
    }

    /// What its answer says.
    pub fn parse(&self, text: &str) -> Capture {
        if self.heading.is_empty() { self.kind.parse(text) } else { self.kind.parse(&self.headed(text)) }
    }

    /// The answer as it is kept.
    pub fn kept(&self, text: &str) -> String {
        if self.heading.is_empty() { (self.keep)().of(text) } else { (self.keep)().of(&self.headed(text)) }
    }

    fn headed(&self, text: &str) -> String {
        [self.heading, text].concat()
    }

    pub fn limits(&self) -> Limits {
        Limits { first_line: self.first_line, ..Limits::default() }
    }

    /// Whether it wakes other services up, so that the job's schedule of commands bounds it.
    pub fn is_dump(&self) -> bool {
        self.period >= DUMP
    }

    /// What a reading of the parser measures, if it becomes a channel.
    pub fn quantity(&self, name: &str) -> Option<Quantity> {
        let rule = self.readings.iter().find(|(pattern, _)| matches(pattern, name));
        // The row that says why there is nothing is no sensor.
        rule.filter(|_| !name.ends_with("/any")).map(|(_, quantity)| *quantity)
    }

    pub fn name_of(&self, name: &str) -> String {
        let renamed = self.renamed.iter().find(|(theirs, _)| *theirs == name);
        renamed.map_or(name, |(_, ours)| ours).to_owned()
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && !rest.contains('/')),
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_part_of_a_name() {
        assert_eq!(POWERSTATS.quantity("rail/s2s"), Some(Quantity::Energy));
        assert_eq!(POWERSTATS.quantity("rail/s2s/delta"), None);
        assert_eq!(POWERSTATS.quantity("rail/any"), None);
        assert_eq!(POWERSTATS.quantity("rail/"), None);
        assert_eq!(BATTERY.quantity("battery/log/current_avg"), None);
        assert_eq!(BATTERY.quantity("battery/max_charging_current"), None);
        assert_eq!(MEASURE_TEMP.name_of("temperature/temp"), "temperature/soc");
    }
}
