//! Items answered by busy seconds: each second light, five seconds bold, with the bar. What stands where others decode.

use edgesoak_record::Gate;
use edgesoak_record::session::Prompt;

use super::axis::Axis;
use super::ink::Ink;
use super::series::{Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Level, Line, Strip};
use super::timeline::Timeline;
use crate::words::number::round;

const UNIT: &str = "items/s";

/// Items that ended in a second of the axis, and the time from their submits to their last tokens.
type Second = (u32, f64);

pub(super) fn strip(subject: &Subject<'_>) -> Strip {
    let seconds = seconds(&subject.session.prompts, subject.timeline);
    let raw = Trace::every(rates(&seconds, 1));
    let body = match extent([&raw[..]]) {
        None => Body::Missing("No item was answered to its end.".to_owned()),
        Some((_, high)) => {
            let limit = subject.limit(Gate::ItemsPerSecond).filter(|limit| limit.is_finite());
            let level = |value| Level { ink: Ink::Bar, value, label: format!("bar {}", round(value)) };
            let mut light = Line::new(Ink::RateRaw, String::new(), &raw, subject.timeline);
            light.rows.clear();
            let bold =
                Line::new(Ink::Rate, UNIT.to_owned(), &Trace::every(rates(&seconds, 5)), subject.timeline);
            let axis = Axis::from_zero(limit.map_or(high, |limit| limit.max(high)), 4.0);
            Body::Drawn(Drawn {
                levels: limit.map(level).into_iter().collect(),
                aside: Some("by busy seconds".to_owned()),
                ..Drawn::of(axis, vec![light, bold])
            })
        }
    };
    Strip::new("Items", UNIT, 168.0, body)
}

fn seconds(prompts: &[Prompt], timeline: &Timeline) -> Vec<Second> {
    let mut seconds: Vec<Second> = Vec::new();
    for prompt in prompts.iter().filter(|prompt| matches!(prompt.phase.as_str(), "soaking" | "recovering")) {
        let Some(last) = prompt.token_times.last().filter(|_| prompt.finish.is_some()) else { continue };
        let Some(second) = timeline.since_zero(*last).and_then(|ns| usize::try_from(ns / 1_000_000_000).ok())
        else {
            continue;
        };
        if seconds.len() <= second {
            seconds.resize(second + 1, (0, 0.0));
        }
        seconds[second].0 += 1;
        seconds[second].1 += last.since(prompt.submit).as_secs_f64();
    }
    seconds
}

/// A point at the end of every window of so many seconds in which an item ended.
fn rates(seconds: &[Second], width: usize) -> Vec<(f64, f64)> {
    let window = |(first, window): (usize, &[Second])| {
        let (items, busy) =
            window.iter().fold((0, 0.0), |sum: Second, next| (sum.0 + next.0, sum.1 + next.1));
        (busy > 0.0).then(|| ((first + width) as f64, f64::from(items) / busy))
    };
    seconds.windows(width).enumerate().filter_map(window).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_by_busy_seconds_and_idle_ones_have_none() {
        let seconds = [(10, 0.5), (0, 0.0), (5, 0.5)];
        assert_eq!(rates(&seconds, 1), [(1.0, 20.0), (3.0, 10.0)]);
        assert_eq!(rates(&seconds, 3), [(3.0, 15.0)]);
        assert_eq!(rates(&seconds, 5), []);
        assert_eq!(rates(&[], 1), []);
    }
}
