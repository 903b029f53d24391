//! Temperatures: the hottest sensors by name, with the cap.

use edgesoak_record::session::Channel;
use edgesoak_record::{Gate, Quantity};

use super::axis::Axis;
use super::channel_series::{self, points, short_name};
use super::ink::Ink;
use super::series::{Point, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Level, Line, Strip};
use crate::words::number::{fixed, plural, round};

/// Sensors drawn by name; more would be a tangle.
const MOST: usize = 4;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let channels = channel_series::of(subject.session, Quantity::Temperature);
    let mut sensors: Vec<(&Channel, Vec<Point>, f64)> = channels
        .iter()
        .filter_map(|channel| {
            let points = points(channel, subject.timeline, 1.0);
            let (_, high) = extent([&points[..]])?;
            Some((*channel, points, high))
        })
        .collect();
    sensors.sort_by(|a, b| b.2.total_cmp(&a.2));
    let body = if sensors.is_empty() {
        Body::Missing(channel_series::why_missing("temperature", &channels))
    } else {
        Body::Drawn(drawn(subject, &sensors))
    };
    Strip { title: "Temperature", unit: "°C", height: 96.0, body }
}

fn drawn(subject: &Subject<'_>, sensors: &[(&Channel, Vec<Point>, f64)]) -> Drawn {
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
    let caps = [(Gate::BatteryTemperature, "battery cap"), (Gate::Temperature, "cap")];
    let mut levels: Vec<Level> =
        caps.into_iter().filter_map(|(gate, word)| level(subject.limit(gate)?, word)).collect();
    if levels.is_empty() {
        levels.extend(
            subject.session.planned.device.stop_at.temperature.and_then(|stop| level(stop.0, "stops at")),
        );
    }
    let (low, high) = extent(shown.iter().map(|sensor| &sensor.1[..])).unwrap_or((0.0, 1.0));
    // A cap far above the readings stays a word: it would press the curve flat.
    levels.retain(|level| level.value <= high + (high - low).max(12.0));
    let top = levels.iter().map(|level| level.value).fold(high, f64::max);
    let aside = sensors.len().checked_sub(MOST).filter(|more| *more > 0);
    Drawn {
        axis: Axis::over(low - 0.5, top + 0.5, 3.0),
        lines,
        levels,
        stretches: Vec::new(),
        bands: Vec::new(),
        aside: aside.map(|more| format!("{} more, cooler: see the channels below", plural(more, "sensor"))),
    }
}

fn level(limit: f64, word: &str) -> Option<Level> {
    limit.is_finite().then(|| Level {
        ink: Ink::Bar,
        value: limit,
        label: format!("{word} {}", round(limit)),
    })
}
