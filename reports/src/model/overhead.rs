//! What measuring cost: the agent's own journal frames.

use edgesoak_record::SessionRecord;
use edgesoak_record::session::Overhead;

use super::Fact;
use crate::words::number::{bytes, count, fixed, plural};
use crate::words::time::short;

pub(super) fn facts(record: &SessionRecord) -> Vec<Fact> {
    let Some(last) = record.overheads.last() else {
        return vec![Fact::new("Agent's own cost", "not reported", "no overhead frame in the journal")];
    };
    let worst = |of: fn(&Overhead) -> u64| record.overheads.iter().map(of).max().unwrap_or(0);
    let mut facts = vec![
        Fact::new("Agent memory", bytes(worst(|overhead| overhead.rss_bytes)), "largest resident set"),
        Fact::new("Missed ticks", count(record.missed_ticks), ""),
        Fact::new(
            "Jitter",
            short(longest(record, |overhead| overhead.worst_jitter)),
            "a tick's worst lateness",
        ),
        Fact::new("Sync", short(longest(record, |overhead| overhead.worst_sync)), "longest fdatasync"),
    ];
    if let Some(share) = cpu_share(record, last) {
        let remark = format!("of a core, over {}", plural(record.overheads.len(), "report"));
        facts.insert(0, Fact::new("Agent CPU", format!("{}\u{a0}%", fixed(share * 100.0, 2)), remark));
    }
    facts
}

fn longest(
    record: &SessionRecord,
    of: fn(&Overhead) -> edgesoak_record::units::Nanos,
) -> edgesoak_record::units::Nanos {
    record.overheads.iter().map(of).max().unwrap_or_default()
}

/// Processor time by time between the first and the last report; from the journal's beginning with one report.
fn cpu_share(record: &SessionRecord, last: &Overhead) -> Option<f64> {
    let (begin, before) = match record.overheads.first() {
        Some(first) if first.t < last.t => (first.t, first.cpu),
        _ => (record.journal.as_ref()?.mono, edgesoak_record::units::Nanos(0)),
    };
    let wall = last.t.since(begin).as_secs_f64();
    (wall > 0.0).then(|| last.cpu.since(before).as_secs_f64() / wall)
}
