//! Ticks of a session, and what taking them costs.

use edgesoak_protocol::ChannelSpec;
use edgesoak_protocol::journal::{FinishReason, Frame};
use edgesoak_protocol::units::Nanos;

use super::session::{Ended, Session};
use super::ticks::GroupTicks;
use crate::telemetry::FAST;

/// Time between two reports of what the agent costs.
pub(super) const OVERHEAD_EVERY: Nanos = Nanos::from_secs(10);
/// The agent needs one nanosecond of a core for so many that pass.
const AGENT_NEEDS_ONE_OF: u64 = 300;
/// Its resident set.
const AGENT_BYTES: u64 = 3 << 20;
/// Its worst lateness, and the longest wait for its disk.
const AGENT_JITTER: Nanos = Nanos(120_000);
const AGENT_SYNC: Nanos = Nanos::from_millis(2);
/// Begin of a soak after which memory should not grow any more.
const MEMORY_AFTER: Nanos = Nanos::from_secs(120);
/// Bytes of a mebibyte.
const MIB: f64 = 1_048_576.0;

/// The runtime's anonymous memory as it is shown: early in the soak, and late.
#[derive(Debug, Default)]
pub(super) struct MemoryWatch {
    /// Its place in the ticks of files.
    place: Option<usize>,
    early: Option<(f64, f64)>,
    late: Option<(f64, f64)>,
}

impl MemoryWatch {
    pub(super) fn new(specs: &[ChannelSpec]) -> Self {
        let mut fast = specs.iter().filter(|spec| spec.group == FAST && spec.missing.is_none());
        Self { place: fast.position(|spec| spec.name == "runtime/rss_anon"), ..Self::default() }
    }

    /// Looks at a tick at a time of the soak.
    fn see(&mut self, at: Nanos, group: &GroupTicks) {
        let place = self.place.filter(|_| group.id == FAST && at >= MEMORY_AFTER);
        let bytes = place.and_then(|place| group.specs[place].value(group.values[place].0).ok());
        if let Some(bytes) = bytes {
            let seen = (at.as_secs_f64(), bytes);
            self.early.get_or_insert(seen);
            self.late = Some(seen);
        }
    }

    /// MiB per minute between the two.
    pub(super) fn slope(&self) -> Option<f64> {
        let ((from, before), (to, after)) = (self.early?, self.late?);
        (to > from).then(|| (after - before) / MIB / ((to - from) / 60.0))
    }
}

impl Session<'_, '_> {
    /// Takes the ticks that are due.
    pub(super) fn tick(&mut self) -> Result<(), Ended> {
        let at = self.engine.body().now();
        let awake = at.since(self.listener.clocks.slept);
        let mut reached = None;
        for index in 0..self.groups.len() {
            if self.groups[index].due <= awake {
                self.groups[index].take();
                let found = self.sample(index, at);
                reached = reached.or(found);
            }
        }
        if self.overhead_due <= awake {
            self.overhead_due.0 += OVERHEAD_EVERY.0;
            self.say_overhead();
        }
        reached.map_or(Ok(()), |(reason, detail)| Err(Ended::Limit(reason, detail)))
    }

    /// One tick of one group, and the limit that it reaches.
    fn sample(&mut self, index: usize, at: Nanos) -> Option<(FinishReason, String)> {
        let now = self.listener.now(at).filter(|_| !self.listener.faults.is_empty());
        let group = &mut self.groups[index];
        if now.is_some_and(|now| self.listener.faults.misses_tick(now)) {
            group.missed += 1;
            self.missed_ticks += 1;
            return None;
        }
        if group.missed > 0 {
            let missed_ticks = std::mem::take(&mut group.missed);
            self.listener.append(at, Frame::Gap { group: group.id, missed_ticks });
        }
        let mut values = std::mem::take(&mut group.values);
        self.telemetry.sample(self.engine.body().state(), group.id, &mut values);
        self.kernel.sample(group.id, &mut values);
        if let Some(now) = now {
            for (spec, value) in group.specs.iter().zip(&mut values) {
                *value = self.listener.faults.shown(now, spec, *value);
            }
        }
        let reached = group.limits.reached(&group.specs, &values);
        let frame = Frame::Tick { group: group.id, values };
        self.listener.append_tick(at, &frame);
        if let Frame::Tick { values, .. } = frame {
            self.groups[index].values = values;
        }
        if let Some(now) = now {
            self.memory.see(now.at, &self.groups[index]);
        }
        reached
    }

    /// What the agent costs, journaled now.
    pub(super) fn say_overhead(&mut self) {
        let at = self.engine.body().now();
        let frame = Frame::Overhead {
            cpu_ns: at.0 / AGENT_NEEDS_ONE_OF,
            rss_bytes: AGENT_BYTES,
            missed_ticks: self.missed_ticks,
            worst_jitter_ns: AGENT_JITTER.0,
            worst_sync_ns: AGENT_SYNC.0,
        };
        self.listener.append(at, frame);
    }
}
