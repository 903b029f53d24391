//! A table with one row per minute: what was counted, how warm it was, what the battery held. Comments before the table
//! describe the run.

use edgesoak_protocol::reading::{Reading, Reason};
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{Quantity, Unit, rule};
use edgesoak_record::import::RateWindows;

use crate::complaint::Complaint;
use crate::csv_line::fields;
use crate::format::Format;
use crate::limits::{RATE, ROWS, SESSION_S};
use crate::lines::Lines;
use crate::number::{is_none, nanos, parse, within};
use crate::recording::{Counted, Moment, Rates, Recording, Series};
use crate::said::fact;
use crate::states;

/// Length of a row, seconds.
const MINUTE_S: f64 = 60.0;

/// Columns that become channels: name in the file, channel, quantity, unit, factor.
const CHANNELS: [(&str, &str, Quantity, Unit, f64); 4] = [
    ("thermal", "thermal-status", Quantity::ThermalStatus, Unit::One, 1.0),
    ("battery_pct", "battery/level", Quantity::ChargeLevel, Unit::Percent, 1.0),
    ("battery_temp_c", "battery/temperature", Quantity::Temperature, Unit::Celsius, 1.0),
    ("charge_uah", "battery/charge_counter", Quantity::ChargeCounter, Unit::AmpereHour, 1e-6),
];

/// Whether a table has these columns.
pub(crate) fn fits(header: &[String]) -> bool {
    let has = |name: &str| header.iter().any(|column| column == name);
    has("minute") && (has("frames") || has("fps"))
}

/// Reads the table; its header was read already, with the comments before it.
pub(crate) fn recording(
    comments: &[(u64, String)],
    header: &[String],
    lines: &mut Lines<'_>,
) -> Result<Recording, Complaint> {
    let mut found = Recording::new(Format::Minutes, lines.number());
    let column = |name: &str| header.iter().position(|column| column == name);
    let mut table =
        Table { columns: header.len(), ends: Vec::new(), rates: Vec::new(), channels: Vec::new() };
    table.channels = CHANNELS.iter().map(|_| Vec::new()).collect();
    while let Some((line, text)) = lines.next_line()? {
        if text.trim_start().starts_with('#') {
            continue;
        }
        table.row(line, &fields(line, &text)?, &column)?;
    }
    if table.ends.is_empty() {
        let words = "the table has no row";
        return Err(Complaint::new(lines.number(), words, "export a run that lasted for a minute or more"));
    }
    for ((_, name, quantity, unit, _), readings) in CHANNELS.into_iter().zip(table.channels) {
        if !readings.is_empty() {
            let (name, source) = (name.to_owned(), "one row per minute".to_owned());
            found.series.push(Series { name, quantity, unit, source, readings });
        }
    }
    found.rates = Some(Rates {
        counted: Counted::Items,
        windows: RateWindows { length: Some(Nanos(nanos(MINUTE_S).unsigned_abs())), is_timed: true },
        source: if column("frames").is_some() { "frames" } else { "fps" }.to_owned(),
        readings: table.rates,
    });
    said_before(comments, &table.ends, &mut found);
    Ok(found)
}

/// What was read so far.
struct Table {
    columns: usize,
    ends: Vec<Moment>,
    rates: Vec<(Moment, Reading<f64>)>,
    channels: Vec<Vec<(Moment, Reading<f64>)>>,
}

impl Table {
    fn row(
        &mut self,
        line: u64,
        row: &[String],
        column: &impl Fn(&str) -> Option<usize>,
    ) -> Result<(), Complaint> {
        if row.len() != self.columns || self.ends.len() >= ROWS {
            let words = format!("the row has {} fields, and the header {}", row.len(), self.columns);
            return Err(Complaint::new(
                line,
                words,
                "write a field for every column, empty where nothing was read",
            ));
        }
        let text = |name: &str| column(name).map(|place| row[place].as_str());
        let number = |name: &str, low: f64, high: f64| match text(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) if is_none(text) => Ok(Some(Err(Reason::Absent))),
            Some(text) => {
                within(line, name, parse(line, name, text)?, low, high).map(|number| Some(Ok(number)))
            }
        };
        let Some(Ok(minute)) = number("minute", 0.0, SESSION_S / MINUTE_S)? else {
            return Err(Complaint::new(line, "the row has no minute", "number the rows in `minute`"));
        };
        let end = nanos(minute * MINUTE_S);
        if self.ends.last().is_some_and(|before| *before >= end) {
            let words = format!("minute {minute} does not follow the one before");
            return Err(Complaint::new(line, words, "put the rows in order of time, one run per file"));
        }
        self.ends.push(end);
        // The count is exact where the rate is rounded.
        let counted = match number("frames", 0.0, RATE * MINUTE_S)? {
            Some(frames) => Some(frames.map(|frames| frames / MINUTE_S)),
            None => number("fps", 0.0, RATE)?,
        };
        self.rates.push((end, counted.unwrap_or(Err(Reason::Absent))));
        for ((name, _, quantity, _, scale), readings) in CHANNELS.into_iter().zip(&mut self.channels) {
            let reading = match quantity {
                Quantity::ThermalStatus => {
                    let word = text(name).filter(|word| !word.is_empty());
                    word.map(|word| states::thermal(word).ok_or(Reason::Parse))
                }
                Quantity::Temperature => {
                    number(name, -1e6, 1e6)?.map(|reading| reading.and_then(rule::celsius))
                }
                _ => number(name, -1e12, 1e12)?,
            };
            readings.extend(reading.map(|reading| (end, reading.map(|number| number * scale))));
        }
        Ok(())
    }
}

/// What comments say of the whole run: states that held at its begin or all the time, and facts for people.
fn said_before(comments: &[(u64, String)], ends: &[Moment], found: &mut Recording) {
    for (_, comment) in comments {
        let Some((key, value)) = comment.split_once([',', ':']) else { continue };
        let (key, value) = (key.trim(), value.trim());
        match key {
            "charging" => {
                let status = states::flag(value).map(|charging| if charging > 0.5 { 2.0 } else { 3.0 });
                let reading = status.ok_or(Reason::Parse);
                let readings =
                    std::iter::once(0).chain(ends.iter().copied()).map(|at| (at, reading)).collect();
                let (name, source) = ("battery/status".to_owned(), "comment `charging`".to_owned());
                let (quantity, unit) = (Quantity::ChargeStatus, Unit::One);
                found.series.push(Series { name, quantity, unit, source, readings });
            }
            "thermal_start" => {
                let reading = states::thermal(value).ok_or(Reason::Parse);
                let status =
                    found.series.iter_mut().find(|series| series.quantity == Quantity::ThermalStatus);
                match status {
                    Some(status) if status.readings.first().is_some_and(|(at, _)| *at > 0) => {
                        status.readings.insert(0, (0, reading));
                    }
                    _ => {}
                }
            }
            "provider" => found.names.runtime = crate::said::text(value),
            "model" => found.names.model = crate::said::text(value),
            _ => {}
        }
        fact(&mut found.facts, key, value);
    }
}
