//! When the sampler of an agent looks, and at what.

use edgesoak_protocol::job::{Job, StopAt};
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{ChannelSpec, Group, RawReading};

use super::limits::Limits;

/// One group of channels with its deadlines. Times are of the monotonic clock of a device that nothing disturbs.
#[derive(Debug)]
pub(super) struct GroupTicks {
    pub(super) id: u8,
    pub(super) specs: Vec<ChannelSpec>,
    pub(super) limits: Limits,
    pub(super) values: Vec<RawReading>,
    /// Ticks that were not taken since the last one that was.
    pub(super) missed: u32,
    period: Nanos,
    pub(super) due: Nanos,
}

impl GroupTicks {
    pub(super) fn new(group: &Group, specs: &[ChannelSpec], stop_at: &StopAt) -> Self {
        let specs: Vec<ChannelSpec> = specs.iter().filter(|spec| spec.group == group.id && spec.missing.is_none()).cloned().collect();
        Self {
            id: group.id,
            limits: Limits::new(stop_at, &specs),
            values: Vec::with_capacity(specs.len()),
            specs,
            missed: 0,
            period: Nanos(group.period_ns.max(1)),
            due: Nanos(0),
        }
    }

    /// Moves on to the next deadline.
    pub(super) fn take(&mut self) {
        self.due.0 += self.period.0;
    }
}

/// The groups that a job asks for.
pub(super) fn groups(job: &Job) -> Vec<Group> {
    let millis = |period: u64| period.saturating_mul(1_000_000);
    vec![
        Group { id: crate::telemetry::FAST, period_ns: millis(job.sampling.fast_period_ms) },
        Group { id: crate::telemetry::SLOW, period_ns: millis(job.sampling.command_period_ms) },
    ]
}
