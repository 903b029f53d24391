//! Energy counters of x86 processors as lines `/sys/class/powercap/intel-rapl:0/energy_uj:123`, or as files with
//! `# /path` before each.
//!
//! A counter wraps at its zone's range, which is a fact of the zone. A subzone is part of its package and says so
//! in its name; packages and memory add up, a core and its package never do.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, refusal};
use super::{Capture, Fact, Measure};
use crate::label;
use crate::parse::integer::decimal;

/// More zones than any machine has.
const MAX_ZONES: usize = 128;

#[derive(Default)]
struct Zone<'a> {
    id: &'a str,
    name: Option<&'a str>,
    range: Option<i64>,
    energy: Option<&'a str>,
    refused: Option<Reason>,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut zones: Vec<Zone<'_>> = Vec::new();
    let mut missing = Reason::Absent;
    // The file whose content stands in the following line.
    let mut open: Option<(&str, &str)> = None;
    for line in lines(text) {
        let line = line.trim();
        if let Some(path) = line.strip_prefix('#') {
            if let Some((dir, file)) = path.trim().rsplit_once('/') {
                open = zone_of(dir).map(|zone| (zone, file));
            }
            continue;
        }
        let refused = refusal(line);
        let found = match line.rsplit_once('/') {
            Some((dir, rest)) => {
                zone_of(dir).zip(rest.split_once(':')).map(|(id, (file, value))| (id, file, value))
            }
            None => open
                .filter(|(_, file)| refused.is_some() || fits(file, line))
                .map(|(id, file)| (id, file, line)),
        };
        match found {
            Some((id, file, value)) => put(&mut zones, id, file, value.trim(), refused),
            None => missing = refused.unwrap_or(missing),
        }
    }
    let mut capture = Capture::default();
    if zones.is_empty() {
        capture.read("rapl/any", "any", Measure::MilliJoule, "", Err(missing));
    }
    for zone in &zones {
        note(zone, &zones, &mut capture);
    }
    capture
}

/// Whether a line can be what stands in this file: a plain word in `name`, a number in all others.
fn fits(file: &str, line: &str) -> bool {
    match file {
        "name" => !line.is_empty() && label::plain(line) == line,
        _ => decimal(line.as_bytes()).is_ok(),
    }
}

/// The zone that a directory is: `intel-rapl:0:0`. The same counters appear again under `intel-rapl-mmio:`.
fn zone_of(dir: &str) -> Option<&str> {
    let last = dir.rsplit_once('/').map_or(dir, |(_, last)| last);
    last.starts_with("intel-rapl:").then_some(last)
}

fn put<'a>(zones: &mut Vec<Zone<'a>>, id: &'a str, file: &str, value: &'a str, refused: Option<Reason>) {
    let position = zones.iter().position(|zone| zone.id == id).unwrap_or_else(|| {
        if zones.len() < MAX_ZONES {
            zones.push(Zone { id, ..Zone::default() });
        }
        zones.len() - 1
    });
    let zone = &mut zones[position];
    if zone.id != id {
        return;
    }
    match file {
        "energy_uj" if refused.is_some() => zone.refused = refused,
        "energy_uj" => zone.energy = zone.energy.or(Some(value)),
        "name" if refused.is_none() && !value.is_empty() => zone.name = zone.name.or(Some(value)),
        "max_energy_range_uj" => zone.range = zone.range.or(decimal(value.as_bytes()).ok()),
        _ => {}
    }
}

fn note(zone: &Zone<'_>, zones: &[Zone<'_>], capture: &mut Capture) {
    let name = zone.name.unwrap_or(zone.id);
    let mut channel = "rapl/".to_owned();
    let parent = zone.id.rsplit_once(':').map(|(parent, _)| parent).filter(|parent| parent.contains(':'));
    if let Some(parent) = parent {
        let name = zones.iter().find(|zone| zone.id == parent).and_then(|zone| zone.name);
        channel.push_str(&label::plain(name.unwrap_or(parent)));
        channel.push('/');
    }
    channel.push_str(&label::plain(name));
    let raw = zone.energy.unwrap_or_default();
    capture.read(&channel, name, Measure::MilliJoule, raw, energy(zone));
    if let Some(range) = zone.range {
        capture.fact(&["wraps_at_uj/", &channel["rapl/".len()..]].concat(), Fact::Number(range));
    }
}

fn energy(zone: &Zone<'_>) -> Reading<f64> {
    let Some(text) = zone.energy else { return Err(zone.refused.unwrap_or(Reason::Absent)) };
    match decimal(text.as_bytes())? {
        // A counter of a zone that counts nothing.
        0 => Err(Reason::Sentinel),
        raw if raw < 0 || zone.range.is_some_and(|range| raw > range) => Err(Reason::Implausible),
        raw => Ok(raw as f64 / 1000.0),
    }
}
