//! Channels as lines, and the words for channels without values.

use std::collections::BTreeMap;

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, Reason, SessionRecord};

use super::series::{GAP, Trace};
use super::sheet::Subject;
use crate::words::number::{count, plural};
use crate::words::text::{bounded, name};

/// The channels of one quantity.
pub(crate) fn of(session: &SessionRecord, quantity: Quantity) -> Vec<&Channel> {
    session.channels.iter().filter(|channel| channel.quantity == quantity).collect()
}

/// The values of a channel on the axis, times a factor.
pub(crate) fn points(channel: &Channel, subject: &Subject<'_>, factor: f64) -> Trace {
    let timeline = subject.timeline;
    let points = channel
        .samples
        .iter()
        .filter_map(|sample| Some((timeline.at(sample.t), sample.value.ok()? * factor)))
        .filter(|(t, value)| timeline.shows(*t) && value.is_finite());
    Trace { points: points.collect(), gap: longest_gap(channel, subject) }
}

/// A command that is run every 10 s leaves no hole by being late by half of that: gates hold it to the same.
fn longest_gap(channel: &Channel, subject: &Subject<'_>) -> f64 {
    let periods = subject.session.journal.as_ref().map(|journal| journal.group_period.as_slice());
    let period = periods.and_then(|periods| periods.get(usize::from(channel.group)));
    period.map_or(GAP, |period| GAP.max(1.5 * period.as_secs_f64()))
}

/// The rate at which a cumulative counter rises, as a mean over at least a second.
pub(crate) fn slope(counter: &Trace) -> Trace {
    let mut slope = Trace { points: Vec::new(), gap: counter.gap };
    let Some((mut t, mut value)) = counter.first().copied() else { return slope };
    for &(next_t, next) in &counter.points {
        // A counter that falls was reset or has wrapped: no rate is known across it.
        if next < value || next_t - t > counter.gap {
            (t, value) = (next_t, next);
        } else if next_t - t >= 0.95 {
            slope.points.push((f64::midpoint(t, next_t), (next - value) / (next_t - t)));
            (t, value) = (next_t, next);
        }
    }
    slope
}

/// The short name of a channel: without the class in front.
pub(crate) fn short_name(channel: &Channel) -> String {
    let tail = channel.name.split_once('/').map_or(channel.name.as_str(), |(_, tail)| tail);
    bounded(tail, 18)
}

/// Why channels of a quantity have nothing to draw: "no sensor; /sys/class/thermal: absent".
pub(crate) fn why_missing(what: &str, channels: &[&Channel]) -> String {
    if channels.is_empty() {
        return format!("No {what}: the agent did not try to read one.");
    }
    let missing: Vec<String> = channels
        .iter()
        .filter_map(|channel| Some(format!("{} {}", name(&channel.source), tried(channel.missing?))))
        .collect();
    let mut sentence = match missing.len() {
        0 => String::new(),
        1..=3 => format!("No {what}: {}.", missing.join("; ")),
        more => format!("No {what}: {}; and {} more.", missing[..2].join("; "), more - 2),
    };
    let silent: Vec<&&Channel> = channels.iter().filter(|channel| channel.missing.is_none()).collect();
    if !silent.is_empty() {
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(&silence(what, &silent));
    }
    sentence
}

fn silence(what: &str, channels: &[&&Channel]) -> String {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for sample in channels.iter().flat_map(|channel| &channel.samples) {
        if let Err(reason) = sample.value {
            *reasons.entry(reason.word()).or_default() += 1;
        }
    }
    let said: Vec<String> =
        reasons.iter().map(|(word, times)| format!("{word} × {}", count(*times))).collect();
    let said = if said.is_empty() { "no reading on this axis".to_owned() } else { said.join(", ") };
    format!("{} of {what}, no value: {said}.", plural(channels.len(), "channel"))
}

fn tried(reason: Reason) -> &'static str {
    match reason {
        Reason::Absent => "is absent",
        Reason::Denied => "may not be read",
        Reason::CommandMissing => "needs a command that the device lacks",
        Reason::Sentinel => "says that it has no value",
        Reason::Stale => "is stale",
        Reason::Parse => "cannot be understood",
        Reason::NotATemperature => "is not a temperature",
        Reason::Failed => "failed to answer",
        Reason::Offline => "is switched off",
        Reason::Implausible => "is implausible",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_become_rates_and_resets_are_left_out() {
        let counter = (0..=40)
            .map(|tick| {
                let t = f64::from(tick) / 10.0;
                (t, if tick < 20 { t * 2.0 } else { (t - 2.0) * 2.0 })
            })
            .collect();
        let slope = slope(&Trace::every(counter));
        assert!(slope.len() >= 2);
        assert!(slope.iter().all(|(_, rate)| (rate - 2.0).abs() < 1e-9), "{slope:?}");
    }
}
