//! Processor clocks: what runs, and the cap that policy sets.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, is_clock_of};

use super::axis::Axis;
use super::channel_series::{self, points, short_name};
use super::cooling;
use super::ink::Ink;
use super::series::{Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Line, Strip};
use crate::words::number::{fixed, plural};

const MOST: usize = 3;
const GIGA: f64 = 1e-9;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let running = channel_series::of(subject.session, Quantity::ClockCurrent);
    let caps = channel_series::of(subject.session, Quantity::ClockCap);
    let clocks = decoding(&running, subject);
    let body = if clocks.is_empty() {
        Body::Missing(channel_series::why_missing("clock", &running))
    } else {
        Body::Drawn(drawn(subject, &clocks, &lines_of(&caps, subject)))
    };
    Strip::new("Clock", "GHz", 80.0, body).with(cooling::ribbon(subject))
}

type Named<'a> = (&'a Channel, Trace);

/// The fastest clock of what decodes, gigahertz, by its name.
pub(super) fn fastest(subject: &Subject<'_>) -> Option<(String, Trace)> {
    let running = channel_series::of(subject.session, Quantity::ClockCurrent);
    let (channel, trace) = decoding(&running, subject).into_iter().next()?;
    Some((bounded_domain(channel), trace))
}

/// Clocks of what decodes, the fastest first.
fn decoding<'a>(running: &[&'a Channel], subject: &Subject<'_>) -> Vec<Named<'a>> {
    let mut clocks = lines_of(running, subject);
    // Memory may be clocked faster than any processor; where the decoder's own clock is known, it alone counts.
    let placement = &subject.session.planned.candidate.placement;
    let decodes = |clock: &Named<'_>| is_clock_of(placement, &clock.0.name, clock.0.quantity);
    if clocks.iter().any(decodes) {
        clocks.retain(decodes);
    }
    // The fastest cluster decodes; it is the one to watch.
    clocks.sort_by(|a, b| top(&b.1).total_cmp(&top(&a.1)));
    clocks
}

fn lines_of<'a>(channels: &[&'a Channel], subject: &Subject<'_>) -> Vec<Named<'a>> {
    channels
        .iter()
        .map(|channel| (*channel, points(channel, subject, GIGA)))
        .filter(|(_, trace)| !trace.points.is_empty())
        .collect()
}

fn drawn(subject: &Subject<'_>, clocks: &[Named<'_>], caps: &[Named<'_>]) -> Drawn {
    let shown = &clocks[..clocks.len().min(MOST)];
    let mut lines: Vec<Line> = Vec::new();
    let caps = || caps.iter().filter(|cap| shown.iter().any(|clock| domain(cap.0) == domain(clock.0)));
    for ((channel, points), place) in shown.iter().zip(0_u8..) {
        let line = Line::new(Ink::Clock(place), short_name(channel), points, subject.timeline);
        let last = line.last().map_or(String::new(), |value| format!("{} ", fixed(value, 2)));
        lines.push(line.labelled(format!("{last}{}", bounded_domain(channel))));
    }
    // Behind the clocks: a hole in the first line is shaded, and that must be one of a clock.
    for (channel, points) in caps() {
        let line = Line::new(Ink::Cap, short_name(channel), points, subject.timeline);
        let last = line.last().map_or(String::new(), |value| format!("{} ", fixed(value, 2)));
        let whose = if shown.len() > 1 { format!(" {}", bounded_domain(channel)) } else { String::new() };
        lines.push(line.labelled(format!("{last}cap{whose}")));
    }
    let (_, high) = extent(shown.iter().chain(caps()).map(|line| &line.1[..])).unwrap_or((0.0, 1.0));
    let more = clocks.len().saturating_sub(MOST);
    let mut aside: Vec<String> = Vec::new();
    aside.extend(
        (more > 0).then(|| format!("{} more, slower: see the channels below", plural(more, "clock"))),
    );
    aside.extend(caps().next().is_none().then(|| "no cap could be read".to_owned()));
    Drawn {
        aside: (!aside.is_empty()).then(|| aside.join("; ")),
        ..Drawn::of(Axis::from_zero(high, 3.0), lines)
    }
}

fn top(trace: &Trace) -> f64 {
    extent([&trace[..]]).map_or(0.0, |(_, high)| high)
}

/// `cpufreq/policy0/cur` and `cpufreq/policy0/max` belong together.
fn domain(channel: &Channel) -> &str {
    channel.name.rsplit_once('/').map_or(channel.name.as_str(), |(domain, _)| domain)
}

fn bounded_domain(channel: &Channel) -> String {
    let domain = domain(channel);
    crate::words::text::bounded(domain.rsplit_once('/').map_or(domain, |(_, tail)| tail), 14)
}
