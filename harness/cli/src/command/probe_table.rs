//! The probe of a device as tables for people.

use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use edgesoak_controller::{Convention, Doubt, Found, Probe, ProbedChannel, Quality, Sign};
use edgesoak_matrix::DeviceEntry;

/// Columns of a table without a terminal to ask.
const WIDTH: u16 = 150;

/// Everything that the device said, in tables.
pub fn render(entry: &DeviceEntry, probe: &Probe) -> String {
    let mark = if entry.is_virtual || probe.is_virtual { " (virtual)" } else { "" };
    let mut text = format!(
        "{}{mark}: {}, {} cores, {}\n{}\n\n",
        entry.id, probe.cpu, probe.cores, probe.os, probe.kernel
    );
    for (name, value) in probe.facts.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, "  {name}: {value}");
    }
    // Channels of the runtime have nothing to follow until one runs.
    let channels = || probe.channels.iter().filter(|channel| !channel.name.starts_with("runtime/"));
    let readable: Vec<_> = channels().filter(|channel| channel.missing.is_none()).collect();
    let missing: Vec<_> = channels().filter(|channel| channel.missing.is_some()).collect();
    let _ = writeln!(text, "\n{} channels readable:\n{}", readable.len(), of_readable(&readable));
    if !missing.is_empty() {
        let _ = writeln!(text, "{} channels not readable:\n{}", missing.len(), of_missing(&missing));
    }
    if !probe.commands.is_empty() {
        let _ = writeln!(text, "commands:\n{}", of_commands(probe));
    }
    text
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(header.iter().copied());
    table
}

/// The table's lines without the blanks that fill its width.
fn trimmed(table: &Table) -> String {
    table.lines().fold(String::new(), |text, line| text + "  " + line.trim_end() + "\n")
}

fn of_readable(channels: &[&ProbedChannel]) -> String {
    let mut table = table(&["channel", "value", "unit", "step", "refresh", "sign", "doubts", "source"]);
    for channel in channels {
        let quality = &channel.quality;
        table.add_row([
            channel.name.clone(),
            channel.value.map_or_else(String::new, figure),
            channel.unit.symbol().to_owned(),
            quality.resolution.map_or_else(String::new, figure),
            quality.refresh_s.map_or_else(String::new, |seconds| format!("{seconds:.1} s")),
            quality.sign.map_or("", sign).to_owned(),
            doubts(quality),
            channel.source.clone(),
        ]);
    }
    for column in [1, 3, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    trimmed(&table)
}

fn of_missing(channels: &[&ProbedChannel]) -> String {
    let mut table = table(&["channel", "reason", "raw", "source"]);
    for channel in channels {
        let reason = channel.missing.map_or("", |reason| reason.word());
        table.add_row([channel.name.as_str(), reason, channel.raw.as_str(), channel.source.as_str()]);
    }
    trimmed(&table)
}

fn of_commands(probe: &Probe) -> String {
    let mut table = table(&["command", "took", "services' CPU", "every", "reason"]);
    let millis = |micros: u64| format!("{:.1} ms", micros as f64 / 1e3);
    for command in &probe.commands {
        table.add_row([
            command.command.clone(),
            millis(command.took_us),
            command.service_cpu_us.map_or_else(|| "unknown".to_owned(), millis),
            format!("{} s", command.period_ms as f64 / 1e3),
            command.missing.map_or_else(String::new, |reason| reason.word().to_owned()),
        ]);
    }
    trimmed(&table)
}

/// At most six places behind the point, and none that say nothing.
fn figure(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn sign(sign: Sign) -> &'static str {
    match (sign.convention, sign.found) {
        (Convention::IntoBattery, Found::ChargeCounter) => "+ charges (counter)",
        (Convention::IntoBattery, Found::Status) => "+ charges (status)",
        (Convention::OutOfBattery, Found::ChargeCounter) => "+ discharges (counter)",
        (Convention::OutOfBattery, Found::Status) => "+ discharges (status)",
        (Convention::Unsigned, _) => "magnitude only",
    }
}

fn doubts(quality: &Quality) -> String {
    let words = quality.doubts.iter().map(|doubt| match doubt {
        Doubt::Constant => "never changes",
        Doubt::PercentTimesConstant => "is the level in per cent times a number",
        Doubt::Implausible => "implausible",
        Doubt::SignChanges => "its sign contradicts itself",
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_lose_what_says_nothing() {
        let figures =
            [(28.0, "28"), (4.04, "4.04"), (-0.0, "0"), (7e-6, "0.000007"), (2.4e10, "24000000000")];
        for (value, text) in figures {
            assert_eq!(figure(value), text);
        }
    }
}
