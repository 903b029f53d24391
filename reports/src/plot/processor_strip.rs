//! Processor time: of the runtime, and of everything.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use super::axis::Axis;
use super::channel_series::{self, points, slope};
use super::ink::Ink;
use super::series::{Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Line, Strip};
use crate::words::number::number;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let channels = channel_series::of(subject.session, Quantity::CpuTime);
    let (own, system): (Vec<&Channel>, Vec<&Channel>) =
        channels.iter().partition(|channel| channel.name.starts_with("runtime/"));
    let runtime = sum(&own, subject);
    let idle =
        |channel: &&Channel| ["idle", "iowait", "steal"].iter().any(|word| channel.name.contains(word));
    let all = sum(&system.into_iter().filter(|channel| !idle(channel)).collect::<Vec<_>>(), subject);
    let body = if runtime.points.is_empty() && all.points.is_empty() {
        Body::Missing(channel_series::why_missing("processor time", &channels))
    } else {
        Body::Drawn(drawn(subject, &runtime, &all))
    };
    Strip::new("Processor", "cores busy", 64.0, body)
}

fn drawn(subject: &Subject<'_>, runtime: &Trace, all: &Trace) -> Drawn {
    let mut lines = Vec::new();
    for (points, ink, name) in
        [(all, Ink::Processor(1), "everything"), (runtime, Ink::Processor(0), "runtime")]
    {
        if points.points.is_empty() {
            continue;
        }
        let line = Line::new(ink, name.to_owned(), points, subject.timeline);
        let last = line.last().map_or(String::new(), |value| format!("{} ", number(value)));
        lines.push(line.labelled(format!("{last}{name}")));
    }
    let (_, high) = extent([&runtime[..], &all[..]]).unwrap_or((0.0, 1.0));
    let axis = Axis::from_zero(high, 2.0);
    Drawn::of(axis, lines)
}

/// The sum of the slopes of cumulative counters that are read in the same tick.
fn sum(channels: &[&Channel], subject: &Subject<'_>) -> Trace {
    let mut total = Trace::default();
    for (place, channel) in channels.iter().enumerate() {
        let rate = slope(&points(channel, subject, 1.0));
        if place == 0 {
            total = rate;
            continue;
        }
        if rate.len() != total.len() {
            // Counters with different gaps cannot be added point by point; a wrong sum is worse than none.
            return Trace::default();
        }
        for (sum, part) in total.points.iter_mut().zip(rate.points) {
            sum.1 += part.1;
        }
    }
    total
}
