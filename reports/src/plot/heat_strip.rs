//! Temperatures: the hottest sensors by name, with the cap and the trip points of their governors.

use edgesoak_record::session::Channel;
use edgesoak_record::thermal_limits::{self, ThermalLimits};
use edgesoak_record::{Gate, Quantity};

use super::axis::Axis;
use super::channel_series::{self, points, short_name};
use super::ink::Ink;
use super::series::{Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Level, Line, Strip};
use crate::words::number::{fixed, plural, round};
use crate::words::text::bounded;

/// Sensors drawn by name; more would be a tangle.
const MOST: usize = 4;
/// Trip points drawn.
const MOST_TRIPS: usize = 2;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let channels = channel_series::of(subject.session, Quantity::Temperature);
    let mut sensors: Vec<(&Channel, Trace, f64)> = channels
        .iter()
        .filter_map(|channel| {
            let points = points(channel, subject, 1.0);
            let (_, high) = extent([&points[..]])?;
            Some((*channel, points, high))
        })
        .collect();
    sensors.sort_by(|a, b| b.2.total_cmp(&a.2));
    lead(subject, &mut sensors);
    let body = if sensors.is_empty() {
        Body::Missing(channel_series::why_missing("temperature", &channels))
    } else {
        Body::Drawn(drawn(subject, &sensors))
    };
    Strip::new("Temperature", "°C", 96.0, body)
}

/// Puts what is drawn in front: what a cap is held against however cool it is, then the hottest, a sensor of each name.
fn lead(subject: &Subject<'_>, sensors: &mut [(&Channel, Trace, f64)]) {
    let mut names: Vec<String> = Vec::new();
    let barred = capped(subject);
    sensors.sort_by_cached_key(|(channel, ..)| {
        let name = channel.name.split('#').next().unwrap_or_default().to_owned();
        let again = names.contains(&name);
        names.push(name);
        (barred != Some(channel.name.as_str()), again)
    });
    let shown = sensors.len().min(MOST);
    sensors[..shown].sort_by(|a, b| b.2.total_cmp(&a.2));
}

/// The channel that the cap of the battery was held against.
fn capped<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let evidence = &subject.gate(Gate::BatteryTemperature).filter(|gate| gate.limit.is_some())?.evidence;
    Some(evidence.first()?.channel.as_str())
}

fn drawn(subject: &Subject<'_>, sensors: &[(&Channel, Trace, f64)]) -> Drawn {
    let shown = &sensors[..sensors.len().min(MOST)];
    let lines: Vec<Line> = shown
        .iter()
        .zip(0_u8..)
        .map(|((channel, points, _), place)| {
            let line = Line::new(Ink::Heat(place), short_name(channel), points, subject.timeline);
            let last = line.last().map_or(String::new(), |value| format!("{} ", fixed(value, 1)));
            line.labelled(format!("{last}{}", short_name(channel)))
        })
        .collect();
    // A cap without what it is held against would seem to be crossed by everything else.
    let known = capped(subject).is_some_and(|name| shown.iter().any(|sensor| sensor.0.name == name));
    let caps = [(Gate::BatteryTemperature, "battery cap"), (Gate::Temperature, "cap")];
    let caps = caps.into_iter().filter(|(gate, _)| known || *gate != Gate::BatteryTemperature);
    let mut levels: Vec<Level> =
        caps.filter_map(|(gate, word)| level(Ink::Bar, subject.limit(gate)?, word)).collect();
    if levels.is_empty() {
        let stop = subject.session.planned.device.stop_at.temperature;
        levels.extend(stop.and_then(|stop| level(Ink::Bar, stop.0, "stops at")));
    }
    let (low, high) = extent(shown.iter().map(|sensor| &sensor.1[..])).unwrap_or((0.0, 1.0));
    let reach = high + (high - low).max(12.0);
    let trips = trips(subject, shown);
    levels.extend(trips.iter().filter(|trip| trip.value <= reach).take(MOST_TRIPS).cloned());
    // What lies far above the readings stays a word: it would press the curve flat.
    levels.retain(|level| level.value <= reach);
    let top = levels.iter().map(|level| level.value).fold(high, f64::max);
    let more = sensors.len().saturating_sub(MOST);
    let aside: Vec<String> = (more > 0)
        .then(|| format!("{} more: see the channels below", plural(more, "sensor")))
        .into_iter()
        .chain(trips.is_empty().then(|| "no trip point is known".to_owned()))
        .chain(far(&trips, reach))
        .collect();
    Drawn {
        levels,
        aside: (!aside.is_empty()).then(|| aside.join("; ")),
        ..Drawn::of(Axis::over(low - 0.5, top + 0.5, 3.0), lines)
    }
}

/// Trip points of the zones that are drawn, the lowest first.
fn trips(subject: &Subject<'_>, shown: &[(&Channel, Trace, f64)]) -> Vec<Level> {
    let mut notes = subject.session.notes.iter().filter(|note| note.code == thermal_limits::NOTE);
    let Some(limits) = notes.find_map(|note| ThermalLimits::from_note(&note.text)) else { return Vec::new() };
    let drawn = |source: &str| shown.iter().any(|sensor| sensor.0.source == source);
    let mut trips: Vec<Level> = limits
        .zones
        .iter()
        .filter(|zone| drawn(&zone.source))
        .flat_map(|zone| &zone.trips)
        .filter_map(|trip| level(Ink::Trip, trip.celsius, &format!("{} trip", bounded(&trip.kind, 10))))
        .collect();
    trips.sort_by(|a, b| a.value.total_cmp(&b.value));
    trips.dedup_by(|a, b| (a.value - b.value).abs() < 0.05);
    trips
}

/// The lowest trip point, where none is near enough to be drawn.
fn far(trips: &[Level], reach: f64) -> Option<String> {
    let first = trips.first().filter(|trip| trip.value > reach)?;
    Some(format!("lowest trip point: {}", first.label))
}

fn level(ink: Ink, limit: f64, word: &str) -> Option<Level> {
    limit.is_finite().then(|| Level { ink, value: limit, label: format!("{word} {}", round(limit)) })
}
