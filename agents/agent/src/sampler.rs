//! The thread that reads the sensors on time, enforces the limits, and says what measuring costs.

use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading};
use edgesoak_sensors::{Bank, FAST, SLOW, clocks, own};

use crate::commands::Spent;
use crate::journal::Journal;
use crate::limits::Guard;
use crate::schedule::Schedule;
use crate::watchdog::Pulse;
use crate::worker::{Stop, Worker};

const OVERHEAD_EVERY_NS: u64 = 10_000_000_000;
/// The two channels that add up to the runtime's resident set.
const RESIDENT: [&str; 2] = ["runtime/rss_anon", "runtime/rss_file"];

/// What the sampler shares with the main thread.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    /// Process id of the runtime; 0 while there is none.
    pid: AtomicU32,
    /// Its last resident set, bytes; 0 while unread.
    rss_bytes: AtomicU64,
}

impl Watched {
    /// The runtime channels follow this process from the next tick on.
    pub(crate) fn follow(&self, pid: Option<u32>) {
        self.pid.store(pid.unwrap_or(0), Ordering::Relaxed);
    }

    /// The runtime's last resident set, bytes.
    pub(crate) fn last_rss_bytes(&self) -> Option<u64> {
        Some(self.rss_bytes.load(Ordering::Relaxed)).filter(|bytes| *bytes > 0)
    }
}

/// Everything that one group's ticks need.
struct GroupState {
    id: u8,
    channels: Vec<ChannelSpec>,
    schedule: Schedule,
}

/// What the sampler works with.
pub(crate) struct Sampling {
    pub(crate) bank: Bank,
    pub(crate) groups: Vec<Group>,
    pub(crate) guard: Guard,
    pub(crate) journal: Journal,
    pub(crate) watched: Arc<Watched>,
    pub(crate) pulse: Arc<Pulse>,
    /// What the commands cost, told together with what the agent costs.
    pub(crate) spent: Arc<Spent>,
}

impl Sampling {
    /// Starts sampling at once. The last frame of an ending sampler is an `Overhead`.
    pub(crate) fn start(self) -> io::Result<Worker> {
        Worker::start("sampler", move |stop| Work::new(self).run(stop))
    }
}

struct Work {
    sampling: Sampling,
    groups: Vec<GroupState>,
    values: Vec<RawReading>,
    following: Option<u32>,
    missed_ticks: u32,
    worst_jitter_ns: u64,
    overhead: Schedule,
}

impl Work {
    fn new(sampling: Sampling) -> Self {
        let now = clocks::mono_ns();
        let group = |group: &Group| GroupState {
            id: group.id,
            channels: present(sampling.bank.specs(), group.id),
            schedule: Schedule::new(now, group.period_ns),
        };
        Self {
            groups: sampling
                .groups
                .iter()
                .filter(|group| matches!(group.id, FAST | SLOW))
                .map(group)
                .filter(|group| !group.channels.is_empty())
                .collect(),
            values: Vec::new(),
            following: None,
            missed_ticks: 0,
            worst_jitter_ns: 0,
            overhead: Schedule::new(now + OVERHEAD_EVERY_NS, OVERHEAD_EVERY_NS),
            sampling,
        }
    }

    fn run(mut self, stop: &Stop) {
        loop {
            self.follow_runtime();
            for index in 0..self.groups.len() {
                self.tick(index);
            }
            if self.overhead.take(clocks::mono_ns()).is_some() {
                self.say_overhead();
            }
            let deadlines = self.groups.iter().map(|group| &group.schedule).chain([&self.overhead]);
            if stop.sleep_until(deadlines.map(Schedule::next_ns).min().unwrap_or(0)) {
                break;
            }
        }
        self.say_overhead();
    }

    fn follow_runtime(&mut self) {
        let pid = Some(self.sampling.watched.pid.load(Ordering::Relaxed)).filter(|pid| *pid > 0);
        if pid != self.following {
            self.sampling.bank.watch_runtime(pid);
            self.following = pid;
        }
    }

    /// Takes the group's tick if it is due.
    fn tick(&mut self, index: usize) {
        let now = clocks::mono_ns();
        let group = &mut self.groups[index];
        let Some(due) = group.schedule.take(now) else { return };
        self.worst_jitter_ns = self.worst_jitter_ns.max(due.late_ns);
        let journal = &self.sampling.journal;
        if due.missed > 0 {
            self.missed_ticks = self.missed_ticks.saturating_add(due.missed);
            journal.append_at(now, &Frame::Gap { group: group.id, missed_ticks: due.missed });
        }
        self.sampling.pulse.begins(now);
        self.sampling.bank.read(group.id, &mut self.values);
        self.sampling.pulse.ends();
        // Taken into the frame and back, so that ticks allocate nothing.
        let frame = Frame::Tick { group: group.id, values: mem::take(&mut self.values) };
        journal.append_at(now, &frame);
        if let Frame::Tick { values, .. } = frame {
            self.values = values;
        }
        self.sampling.guard.see(now, &group.channels, &self.values);
        if let Some(rss) = resident(&group.channels, &self.values) {
            self.sampling.watched.rss_bytes.store(rss, Ordering::Relaxed);
        }
    }

    fn say_overhead(&mut self) {
        // Without its numbers there is nothing to say.
        if let Some(usage) = own::usage() {
            self.sampling.journal.append(&Frame::Overhead {
                cpu_ns: usage.cpu_ns.saturating_add(self.sampling.spent.cpu_ns()),
                rss_bytes: usage.rss_bytes,
                missed_ticks: self.missed_ticks.saturating_add(self.sampling.spent.missed_ticks()),
                worst_jitter_ns: mem::take(&mut self.worst_jitter_ns),
                worst_sync_ns: self.sampling.journal.take_worst_sync_ns(),
            });
        }
    }
}

/// The channels of a group that have a place in its ticks.
pub(crate) fn present(specs: &[ChannelSpec], group: u8) -> Vec<ChannelSpec> {
    specs.iter().filter(|spec| spec.missing.is_none() && spec.group == group).cloned().collect()
}

/// The runtime's resident set, if both of its parts were read.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bytes of memory, checked to be in range"
)]
fn resident(channels: &[ChannelSpec], values: &[RawReading]) -> Option<u64> {
    let mut sum = 0.0;
    for name in RESIDENT {
        let of_runtime = |spec: &ChannelSpec| spec.quantity == Quantity::RuntimeMemory && spec.name == name;
        let index = channels.iter().position(of_runtime)?;
        sum += channels[index].value(values.get(index)?.0).ok()?;
    }
    (0.0..1e15).contains(&sum).then_some(sum as u64)
}
