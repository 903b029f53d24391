//! Memory of the runtime: what can grow, and the mapped model.

use edgesoak_record::session::Channel;
use edgesoak_record::{Gate, Quantity};

use super::axis::Axis;
use super::channel_series::{self, points};
use super::ink::Ink;
use super::series::{Point, Trace, extent};
use super::sheet::Subject;
use super::strip::{Body, Drawn, Level, Line, Strip};
use crate::words::number::{number, round};

const MEBI: f64 = 1.0 / 1_048_576.0;

pub(crate) fn strip(subject: &Subject<'_>) -> Strip {
    let channels = channel_series::of(subject.session, Quantity::RuntimeMemory);
    let find = |word: &str| {
        let channel = channels.iter().find(|channel| squeezed(channel).contains(word));
        channel.map(|channel| points(channel, subject, MEBI)).unwrap_or_default()
    };
    let (anonymous, swap, file) = (find("rssanon"), find("swap"), find("rssfile"));
    let body = if anonymous.points.is_empty() && file.points.is_empty() {
        Body::Missing(channel_series::why_missing("memory of the runtime", &channels))
    } else {
        Body::Drawn(drawn(subject, &anonymous, &swap, &file))
    };
    Strip::new("Memory", "MiB", 72.0, body)
}

/// `runtime/rss_anon` and `RssAnon` are the same thing.
fn squeezed(channel: &Channel) -> String {
    channel.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn drawn(subject: &Subject<'_>, anonymous: &Trace, swap: &Trace, file: &Trace) -> Drawn {
    let mut lines = Vec::new();
    if !file.points.is_empty() {
        let line = Line::new(Ink::MemoryFile, "mapped files".to_owned(), file, subject.timeline);
        lines.push(with_last(line, "files"));
    }
    let grown = with_swap(anonymous, swap);
    if !grown.points.is_empty() {
        let name = if swap.is_empty() { "anonymous, swap unknown" } else { "anonymous + swap" };
        lines.push(with_last(
            Line::new(Ink::Memory, name.to_owned(), &grown, subject.timeline),
            "anon + swap",
        ));
    }
    let (_, high) = extent([&file[..], &grown[..]]).unwrap_or((0.0, 1.0));
    let mut levels = Vec::new();
    // A budget far above would press the curves flat; the gate's row names it.
    if let Some(limit) =
        subject.limit(Gate::MemoryPeak).filter(|limit| limit.is_finite() && *limit <= high * 2.0)
    {
        levels.push(Level { ink: Ink::Bar, value: limit, label: format!("budget {}", round(limit)) });
    }
    let top = levels.iter().map(|level| level.value).fold(high, f64::max);
    Drawn { levels, ..Drawn::of(Axis::from_zero(top, 3.0), lines) }
}

fn with_last(line: Line, word: &str) -> Line {
    let last = line.last().map_or(String::new(), |value| format!("{} ", number(value)));
    line.labelled(format!("{last}{word}"))
}

/// Swap at the time of each reading of anonymous memory: pages that were swapped out still belong to it.
fn with_swap(anonymous: &Trace, swap: &Trace) -> Trace {
    let points: Vec<Point> = anonymous
        .iter()
        .map(|&(t, value)| {
            let before = swap.partition_point(|point| point.0 <= t);
            (t, value + before.checked_sub(1).map_or(0.0, |place| swap[place].1))
        })
        .collect();
    Trace { points, gap: anonymous.gap }
}
