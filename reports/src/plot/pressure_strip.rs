//! Pressure: the part of the time in which tasks waited for a resource.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, Unit};

use super::axis::Axis;
use super::channel_series::{self, points, slope};
use super::ink::Ink;
use super::series::{Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Line, Strip};
use crate::words::number::number;

/// Resources that slow a decode down, in the order of likelihood.
const RESOURCES: [&str; 3] = ["cpu", "memory", "io"];

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let channels = channel_series::of(subject.session, Quantity::Pressure);
    let found: Vec<(&str, Trace)> = RESOURCES
        .into_iter()
        .filter_map(|resource| {
            // `some` says that at least one task waited; `full` that nobody worked, which is a part of it.
            let channel = channels.iter().find(|c| c.name.contains(resource) && !c.name.ends_with("full"))?;
            Some((resource, percent(channel, subject)))
        })
        .filter(|(_, points)| !points.points.is_empty())
        .collect();
    let body = if found.is_empty() {
        Body::Missing(channel_series::why_missing("pressure", &channels))
    } else {
        Body::Drawn(drawn(subject, &found))
    };
    Strip::new("Waiting", "% of time", 56.0, body)
}

/// A cumulative time becomes a share; an average of the kernel is one already.
fn percent(channel: &Channel, subject: &Subject<'_>) -> Trace {
    match channel.unit {
        Unit::Second => slope(&points(channel, subject, 100.0)),
        _ => points(channel, subject, 1.0),
    }
}

fn drawn(subject: &Subject<'_>, found: &[(&str, Trace)]) -> Drawn {
    let lines = found
        .iter()
        .zip(0_u8..)
        .map(|((resource, points), place)| {
            let line = Line::new(Ink::Pressure(place), format!("for {resource}"), points, subject.timeline);
            let last = line.last().map_or(String::new(), |value| format!("{} ", number(value)));
            line.labelled(format!("{last}{resource}"))
        })
        .collect();
    let (_, high) = extent(found.iter().map(|line| &line.1[..])).unwrap_or((0.0, 1.0));
    // A quiet device shows a quiet strip, not its noise.
    let axis = Axis::from_zero(high.max(5.0), 2.0);
    Drawn::of(axis, lines)
}
