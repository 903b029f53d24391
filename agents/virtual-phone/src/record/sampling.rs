//! Ticks of a session, and what taking them costs.

use std::mem;

use edgesoak_agent::{End, broken};
use edgesoak_protocol::ChannelSpec;
use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::units::Nanos;

use super::session::{Ended, Session};
use super::ticks::GroupTicks;
use crate::telemetry::FAST;

/// Time between two reports of what the agent costs.
pub(super) const OVERHEAD_EVERY: Nanos = Nanos::from_secs(10);
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
        let mono = self.mono().0;
        let mut end = None;
        for index in 0..self.groups.len() {
            if self.groups[index].next_ns() <= mono {
                let found = self.sample(index, mono);
                end = end.or(found);
            }
        }
        if self.overhead.take(mono).is_some() {
            self.say_overhead();
        }
        end.map_or(Ok(()), |end| Err(Ended::Limit(end.reason, end.detail)))
    }

    /// One tick of one group, and the limit that it breaks.
    fn sample(&mut self, index: usize, mono: u64) -> Option<End> {
        let at = self.engine.body().now();
        let faults = !self.listener.faults.is_empty();
        let now = self.listener.now(at);
        let group = &mut self.groups[index];
        if faults && now.is_some_and(|now| self.listener.faults.misses_tick(now)) {
            group.miss();
            return None;
        }
        let due = group.take(mono)?;
        self.worst_jitter_ns = self.worst_jitter_ns.max(due.late_ns);
        if due.missed > 0 {
            self.missed_ticks = self.missed_ticks.saturating_add(due.missed);
            self.listener.append(at, Frame::Gap { group: group.id, missed_ticks: due.missed });
        }
        let mut values = mem::take(&mut group.values);
        self.telemetry.sample(self.engine.body().state(), group.id, &mut values);
        self.kernel.sample(group.id, &mut values);
        self.services.sample(&self.telemetry, self.engine.body().state(), group.id, &mut values);
        if faults {
            let now = now.unwrap_or_default();
            for (spec, value) in group.specs.iter().zip(&mut values) {
                *value = self.listener.faults.shown(now, spec, *value);
            }
        }
        // Taken into the frame and back, so that ticks allocate nothing.
        let frame = Frame::Tick { group: group.id, values };
        self.listener.append_tick(at, &frame);
        if let Frame::Tick { values, .. } = frame {
            group.values = values;
        }
        if self.work.job.settle.is_some() {
            self.temperatures.add(mono, &group.specs, &group.values);
        }
        if let Some(now) = now {
            self.memory.see(now.at, group);
        }
        let limits = Some(&self.work.job.stop_at).filter(|_| group.is_limited)?;
        broken(limits, &group.specs, &group.values)
    }

    /// What the agent costs, journaled now. A simulated device is looked at from outside, which costs it nothing.
    pub(super) fn say_overhead(&mut self) {
        let frame = Frame::Overhead {
            cpu_ns: 0,
            rss_bytes: 0,
            missed_ticks: self.missed_ticks,
            worst_jitter_ns: mem::take(&mut self.worst_jitter_ns),
            worst_sync_ns: 0,
        };
        self.append(frame);
    }
}
