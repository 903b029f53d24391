//! Channels as counters. A counter keeps its number until the next one: where there was no reading, a slice says so.

use std::io::{self, Write};

use edgesoak_protocol::reading::Reason;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::Channel;

use super::packet::{Trace, Track};
use crate::export::target::Told;

/// Writes every channel that could be read, and names those that could not.
pub(crate) fn write<W: Write>(told: Told<'_>, process: Track, trace: &mut Trace<W>) -> io::Result<()> {
    for channel in &told.record.channels {
        match channel.missing {
            None => counter(channel, process, trace)?,
            Some(reason) => {
                trace.track(process, &format!("{}: not read ({reason})", channel.name))?;
            }
        }
    }
    Ok(())
}

fn counter<W: Write>(channel: &Channel, process: Track, trace: &mut Trace<W>) -> io::Result<()> {
    let unit = match channel.unit.symbol() {
        "1" => "",
        symbol => symbol,
    };
    let on = trace.counter_track(process, &channel.name, unit)?;
    let mut gaps = None;
    let mut open: Option<(Reason, Nanos)> = None;
    for sample in &channel.samples {
        let reason = match sample.value {
            Ok(value) if value.is_finite() => {
                trace.value(on, sample.t, value)?;
                None
            }
            Ok(_) => Some(Reason::Implausible),
            Err(reason) => Some(reason),
        };
        if open.map(|(reason, _)| reason) == reason {
            continue;
        }
        if let Some((reason, since)) = open.take() {
            gap(channel, process, &mut gaps, (reason, since, sample.t), trace)?;
        }
        open = reason.map(|reason| (reason, sample.t));
    }
    match (open, channel.samples.last_time()) {
        (Some((reason, since)), Some(last)) => gap(channel, process, &mut gaps, (reason, since, last), trace),
        _ => Ok(()),
    }
}

/// A time without readings, on a track beside the counter that there is only where it is needed.
fn gap<W: Write>(
    channel: &Channel,
    process: Track,
    gaps: &mut Option<Track>,
    (reason, since, until): (Reason, Nanos, Nanos),
    trace: &mut Trace<W>,
) -> io::Result<()> {
    let on = match *gaps {
        Some(on) => on,
        None => *gaps.insert(trace.track(process, &format!("{}: no reading", channel.name))?),
    };
    trace.slice(on, reason.word(), (since, until), &[])
}
