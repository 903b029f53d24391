//! Which commands a device has, and which of them are sampled: the order in which temperatures are believed.

use std::time::Duration;

use edgesoak_protocol::probe::ProbedCommand;
use edgesoak_protocol::{ChannelSpec, Quantity, Reason, Unit};

use super::list::{self, Command};
use super::service_cpu::Server;
use super::source::{self, CommandSource};
use super::wanted::{self, Found};
use crate::capture::Capture;
use crate::table::{Channel, Table};

/// What the battery's service says once: our name, and the parser's. The sign is a proposal of the status.
const BATTERY_FACTS: [(&str, &str); 6] = [
    ("battery_health", "health"),
    ("battery_technology", "technology"),
    ("battery_faked", "faked"),
    ("charge_counter_unit", "charge_counter_unit"),
    ("current_unit", "current_unit"),
    ("current_sign", "current_sign"),
];
/// Channels of one command; a hostile answer may name any number.
const MAX_CHANNELS: usize = 256;
/// A command that failed within this time did not hang.
const QUICK: Duration = Duration::from_secs(1);
/// The first group that belongs to a command; the ones before are files.
const FIRST_GROUP: u8 = 2;

/// Android's services, before the files: their names come first where both know a sensor.
pub(crate) fn services(table: &mut Table<'_>) {
    if !is_android(table) {
        return;
    }
    table.server = Server::find(table.root);
    let thermal = ask(table, &list::THERMALSERVICE);
    place(table, &list::THERMALSERVICE, &thermal);
    note_thermal(table, &thermal);
    let pixel = ask(table, &list::ITHERMAL);
    // The same HAL answers both: the second is sampled where the first said nothing, and where somebody emulates
    // what both say, which the first does not tell.
    let emulated = pixel.capture.facts().contains_key("faked");
    if emulated {
        table.fact("thermal_emulated", "true");
    }
    if emulated || !has_temperature(table) {
        place(table, &list::ITHERMAL, &pixel);
    }
    let (level, probed) = run(table, &list::SIOP_LEVEL);
    // Other vendors have no such property, and that says nothing of their devices.
    if level.missing.is_none() {
        table.probed_commands.push(probed);
        place(table, &list::SIOP_LEVEL, &level);
    }
}

/// The battery's service, behind the files: those are read more often.
pub(crate) fn battery(table: &mut Table<'_>) {
    if is_android(table) {
        let battery = ask(table, &list::BATTERY);
        place(table, &list::BATTERY, &battery);
        for (name, theirs) in BATTERY_FACTS {
            table.fact_of(name, theirs, &battery.capture);
        }
    }
}

/// What is asked only where the files said nothing.
pub(crate) fn fallbacks(table: &mut Table<'_>) {
    if is_android(table) {
        let older = ask(table, &list::HARDWARE_PROPERTIES);
        if !has_temperature(table) {
            place_fallback(table, &list::HARDWARE_PROPERTIES, &older);
        }
        rails(table);
    }
    if table.root.has_program("vcgencmd") {
        firmware(table);
    }
    let powered = table.has_value(&|spec| spec.quantity == Quantity::Power);
    if !powered && table.root.has_program("tegrastats") {
        let sample = ask_firmware(table, &list::TEGRASTATS);
        place(table, &list::TEGRASTATS, &sample);
    }
    let source = thermal_source(table);
    table.fact("thermal_source", source);
}

/// The service of power statistics, in its newer and its older form, where the files of the rails are refused.
fn rails(table: &mut Table<'_>) {
    let metered = |table: &Table<'_>| table.has_value(&|spec| spec.name.starts_with("rail/"));
    if metered(table) {
        return;
    }
    let rails = ask(table, &list::POWERSTATS);
    place_fallback(table, &list::POWERSTATS, &rails);
    if !metered(table) && table.root.has_program("lshal") {
        let rails = ask(table, &list::POWERSTATS_1);
        place_fallback(table, &list::POWERSTATS_1, &rails);
    }
}

/// The firmware of a Raspberry Pi.
fn firmware(table: &mut Table<'_>) {
    let temperature = ask_firmware(table, &list::MEASURE_TEMP);
    if !has_temperature(table) {
        place_fallback(table, &list::MEASURE_TEMP, &temperature);
    }
    for command in [&list::GET_THROTTLED, &list::PMIC_READ_ADC] {
        let answer = ask_firmware(table, command);
        place(table, command, &answer);
        for name in ["reboot_first", "power_excludes"] {
            table.fact_of(name, name, &answer.capture);
        }
    }
}

fn is_android(table: &Table<'_>) -> bool {
    table.root.has_program("dumpsys")
}

/// What one command said when the device was probed.
struct Asked {
    capture: Capture,
    /// Why it said nothing.
    missing: Option<Reason>,
}

/// Runs a dump once, and notes what that cost.
fn ask(table: &mut Table<'_>, command: &'static Command) -> Asked {
    let server_cpu = |table: &Table<'_>| table.server.as_ref().and_then(Server::cpu);
    let before = server_cpu(table);
    let mut asked = run(table, command);
    let spent = before.zip(server_cpu(table)).map(|(before, after)| after.saturating_sub(before));
    asked.1.service_cpu_us = spent.and_then(|spent| u64::try_from(spent.as_micros()).ok());
    table.probed_commands.push(asked.1);
    asked.0
}

/// As [`ask`], for a program that asks no service.
fn ask_firmware(table: &mut Table<'_>, command: &'static Command) -> Asked {
    let (asked, probed) = run(table, command);
    table.probed_commands.push(probed);
    asked
}

fn run(table: &Table<'_>, command: &'static Command) -> (Asked, ProbedCommand) {
    let mut answer = table.root.run(command.argv, &command.limits());
    // A service that dies once starts again; without this the whole run would lack its channels.
    if answer.text == Err(Reason::Failed) && answer.took < QUICK {
        answer = table.root.run(command.argv, &command.limits());
    }
    let took = answer.took;
    let asked = match answer.text {
        Ok(text) if answer.whole => {
            let capture = command.parse(&text);
            Asked { missing: source::refusal(&capture), capture }
        }
        Ok(_) => Asked { capture: Capture::default(), missing: Some(Reason::Parse) },
        Err(reason) => Asked { capture: Capture::default(), missing: Some(reason) },
    };
    let probed = ProbedCommand {
        command: command.line(),
        took_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        service_cpu_us: None,
        period_ms: u64::try_from(command.period.as_millis()).unwrap_or(u64::MAX),
        missing: asked.missing,
    };
    (asked, probed)
}

/// As [`place`]; where no reading has a value, each stands there with its reason and is not asked for again: a dump
/// every ten seconds that says nothing costs as much as one that does.
fn place_fallback(table: &mut Table<'_>, command: &'static Command, asked: &Asked) {
    let found = wanted::find(command, &asked.capture);
    if found.is_empty() || found.iter().any(|found| found.reading.is_ok()) {
        return place(table, command, asked);
    }
    for found in found.into_iter().take(MAX_CHANNELS) {
        let reason = found.reading.err().unwrap_or(Reason::Absent);
        table.add_missing(found.channel, &command.line(), reason);
    }
}

/// Adds the channels of an answer as a group of their own, or one row that says why there are none.
fn place(table: &mut Table<'_>, command: &'static Command, asked: &Asked) {
    let mut found = wanted::find(command, &asked.capture);
    found.truncate(MAX_CHANNELS);
    let source = command.line();
    let silent = !found.iter().any(|found| matches!(found.wanted, wanted::Wanted::Reading(_)));
    if let Some(reason) = asked.missing.filter(|_| silent) {
        let quantity = command.readings.first().map_or(Quantity::Temperature, |(_, quantity)| *quantity);
        let name = [command.kind.word(), "/any"].concat();
        table.add_missing(Channel::new(name, quantity, Unit::One, 1.0), &source, reason);
    }
    let Ok(group) = u8::try_from(table.commands.len() + usize::from(FIRST_GROUP)) else { return };
    let mut wanted = Vec::new();
    for Found { wanted: name, channel, reading, raw } in found {
        if table.add_answer(channel, group, &source, reading, raw) {
            wanted.push(name);
        }
    }
    if !wanted.is_empty() {
        let mut source = CommandSource::new(table.root.clone(), command, group, wanted);
        source.learn_unit(&asked.capture);
        table.commands.push(source);
        table.periods.push(command);
    }
}

fn note_thermal(table: &mut Table<'_>, asked: &Asked) {
    const LIMITS: usize = 8;
    let facts = [
        ("hal_ready", "hal_ready"),
        ("status_override", "status_override"),
        ("thermal_hal", "hal"),
        ("headroom_thresholds", "headroom_thresholds"),
    ];
    for (name, theirs) in facts {
        table.fact_of(name, theirs, &asked.capture);
    }
    let limits = asked.capture.facts().keys().filter(|name| name.starts_with("hot_thresholds/"));
    let limits: Vec<&String> = limits.take(LIMITS).collect();
    for name in limits {
        table.fact_of(name, name, &asked.capture);
    }
}

/// Whether anything but a battery gave a temperature.
fn has_temperature(table: &Table<'_>) -> bool {
    table.has_value(&is_heat)
}

/// A temperature that tells of more than the battery, as services that know only this call it too.
fn is_heat(spec: &ChannelSpec) -> bool {
    spec.quantity == Quantity::Temperature && !spec.name.contains("bat")
}

/// Where the temperatures of this device come from: the first in the order of belief.
fn thermal_source(table: &Table<'_>) -> &'static str {
    let from = |source: &str| table.has_value(&|spec| is_heat(spec) && spec.source.starts_with(source));
    let order = [
        ("dumpsys thermalservice", "thermalservice"),
        ("dumpsys android.hardware.thermal.", "ithermal"),
        ("/", "sysfs"),
        ("dumpsys hardware_properties", "hardware-properties"),
        ("vcgencmd", "vcgencmd"),
        ("tegrastats", "tegrastats"),
    ];
    if let Some((_, word)) = order.iter().find(|(source, _)| from(source)) {
        return word;
    }
    let any = table.has_value(&|spec| spec.quantity == Quantity::Temperature);
    if any { "battery-temperature-only" } else { "none" }
}
