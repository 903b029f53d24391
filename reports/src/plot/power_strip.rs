//! Electric power, read as such or from an energy counter.

use edgesoak_record::Quantity;

use super::axis::Axis;
use super::channel_series::{self, points, short_name, slope};
use super::ink::Ink;
use super::series::{Point, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Line, Strip};
use crate::words::number::number;

const MOST: usize = 3;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let power = channel_series::of(subject.session, Quantity::Power);
    let energy = channel_series::of(subject.session, Quantity::Energy);
    let mut sources: Vec<(String, Vec<Point>)> = power
        .iter()
        .map(|channel| (short_name(channel), points(channel, subject.timeline, 1.0)))
        .chain(
            energy
                .iter()
                .map(|channel| (short_name(channel), slope(&points(channel, subject.timeline, 1.0)))),
        )
        .filter(|(_, points)| !points.is_empty())
        .collect();
    sources.truncate(MOST);
    let body = if sources.is_empty() {
        let tried: Vec<_> = power.into_iter().chain(energy).collect();
        Body::Missing(channel_series::why_missing("power meter", &tried))
    } else {
        Body::Drawn(drawn(subject, &sources))
    };
    Strip { title: "Power", unit: "W", height: 72.0, body }
}

fn drawn(subject: &Subject<'_>, sources: &[(String, Vec<Point>)]) -> Drawn {
    let lines = sources
        .iter()
        .zip(0_u8..)
        .map(|((name, points), place)| {
            let line = Line::new(Ink::Power(place), name.clone(), points, subject.timeline);
            let last = line.last().map_or(String::new(), |value| format!("{} ", number(value)));
            line.labelled(format!("{last}{name}"))
        })
        .collect();
    // Current into a battery is positive, so discharging power may be below zero.
    let (low, high) = extent(sources.iter().map(|source| &source.1[..])).unwrap_or((0.0, 1.0));
    let axis = if low < 0.0 { Axis::over(low, high.max(0.0), 3.0) } else { Axis::from_zero(high, 3.0) };
    Drawn { axis, lines, levels: Vec::new(), stretches: Vec::new(), bands: Vec::new(), aside: None }
}
