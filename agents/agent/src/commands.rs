//! The thread that runs the programs whose output is read, so that no fast tick ever waits for one of them.
//!
//! Each command has its own schedule and its own group. What it printed is journaled as `Raw`, right before the `Tick`
//! that was read from it. Frame times never run backwards, so both bear the time when the command had ended; it began
//! as much earlier as `Raw` says that it took.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::{ChannelSpec, Group, RawReading};
use edgesoak_sensors::{CommandSource, clocks};

use crate::journal::Journal;
use crate::limits::Guard;
use crate::schedule::Schedule;
use crate::worker::{Stop, Worker};

/// What the commands cost so far.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    cpu_ns: AtomicU64,
    missed_ticks: AtomicU32,
}

impl Spent {
    /// Processor time of the programs, nanoseconds. What the system's services do for them is not in it: that was
    /// measured when the device was probed.
    pub(crate) fn cpu_ns(&self) -> u64 {
        self.cpu_ns.load(Ordering::Relaxed)
    }

    /// Reads that could not be made in time.
    pub(crate) fn missed_ticks(&self) -> u32 {
        self.missed_ticks.load(Ordering::Relaxed)
    }
}

/// What the thread works with.
pub(crate) struct Commands {
    pub(crate) sources: Vec<CommandSource>,
    /// Every channel of the device; those of the commands stand in it by their group.
    pub(crate) specs: Vec<ChannelSpec>,
    pub(crate) groups: Vec<Group>,
    pub(crate) guard: Guard,
    pub(crate) journal: Journal,
    pub(crate) spent: Arc<Spent>,
}

impl Commands {
    /// Starts the thread; every command is read at once. None where the device has no commands.
    pub(crate) fn start(mut self) -> io::Result<Option<Worker>> {
        let lines = self.lines();
        if lines.is_empty() {
            return Ok(None);
        }
        let Self { guard, journal, spent, .. } = self;
        let reader = Reader { lines, values: Vec::new(), guard, journal, spent };
        Worker::start("commands", move |stop| reader.run(stop)).map(Some)
    }

    fn lines(&mut self) -> Vec<Line> {
        let now = clocks::mono_ns();
        let line = |source: CommandSource| {
            let group = self.groups.iter().find(|group| group.id == source.group())?;
            let channels = crate::sampler::present(&self.specs, group.id);
            // Every command that works at all gives some channel; one that gives none would cost for nothing.
            let schedule = Schedule::new(now, group.period_ns);
            (!channels.is_empty()).then_some(Line { source, channels, schedule })
        };
        std::mem::take(&mut self.sources).into_iter().filter_map(line).collect()
    }
}

/// One command.
struct Line {
    source: CommandSource,
    channels: Vec<ChannelSpec>,
    schedule: Schedule,
}

struct Reader {
    lines: Vec<Line>,
    values: Vec<RawReading>,
    guard: Guard,
    journal: Journal,
    spent: Arc<Spent>,
}

impl Reader {
    fn run(mut self, stop: &Stop) {
        loop {
            for index in 0..self.lines.len() {
                // Asked between any two commands: each may take seconds.
                if stop.sleep_until(0) {
                    return;
                }
                self.read(index);
            }
            let next_ns = self.lines.iter().map(|line| line.schedule.next_ns()).min().unwrap_or(u64::MAX);
            if stop.sleep_until(next_ns) {
                return;
            }
        }
    }

    /// Reads the command if it is due.
    fn read(&mut self, index: usize) {
        let line = &mut self.lines[index];
        let Some(due) = line.schedule.take(clocks::mono_ns()) else { return };
        let group = line.source.group();
        if due.missed > 0 {
            self.spent.missed_ticks.fetch_add(due.missed, Ordering::Relaxed);
            self.journal.append(&Frame::Gap { group, missed_ticks: due.missed });
        }
        let (before_ns, began_ns) = (children_cpu_ns(), clocks::mono_ns());
        let output = line.source.read(&mut self.values);
        let ended_ns = clocks::mono_ns();
        // The runtime is our child too: when it ends, the whole of its time is counted at once.
        let cpu_ns = children_cpu_ns().saturating_sub(before_ns).min(ended_ns - began_ns);
        self.spent.cpu_ns.fetch_add(cpu_ns, Ordering::Relaxed);
        if let Some(output) = output.as_ref().filter(|output| !output.appeared.is_empty()) {
            let names = output.appeared.join(", ");
            self.journal.note(
                "readings-appeared",
                [&output.source, " gives what it did not give before: ", &names].concat(),
            );
        }
        let raw = output.map(|output| Frame::Raw {
            source: output.source,
            kind: output.kind.to_owned(),
            text: output.text,
            bytes: output.bytes,
            took_ns: output.took_ns,
        });
        let tick = Frame::Tick { group, values: std::mem::take(&mut self.values) };
        self.journal.append_together(ended_ns, raw.iter().chain([&tick]));
        if let Frame::Tick { values, .. } = tick {
            self.guard.see(ended_ns, &line.channels, &values);
            self.values = values;
        }
    }
}

/// Processor time of the children that have ended, nanoseconds, as finely as the kernel tells it.
fn children_cpu_ns() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    ended_children(&stat).unwrap_or(0).saturating_mul(1_000_000_000 / ticks)
}

/// User and system time of ended children: the 16th and 17th field, counted behind the name, which may hold anything.
fn ended_children(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    next()?.checked_add(next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_ended_children_stands_behind_the_name() {
        let stat = "41 (a) b) S 1 41 41 0 -1 4194560 900 700 0 0 11 12 13 14 20 0 4 0 5 6 7";
        assert_eq!(ended_children(stat), Some(27));
        assert_eq!(ended_children("41 (a) S 1 41"), None);
        assert_eq!(ended_children(""), None);
    }
}
