//! When the sampler of an agent looks, and at what.

use edgesoak_agent::{Due, Schedule};
use edgesoak_protocol::job::{Job, StopAt};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading};

use crate::telemetry::{BATTERY, FAST, SLOW, THERMAL};

/// One group of channels with its deadlines on the monotonic clock.
#[derive(Debug)]
pub(super) struct GroupTicks {
    pub(super) id: u8,
    pub(super) specs: Vec<ChannelSpec>,
    pub(super) values: Vec<RawReading>,
    /// Whether a limit of the job looks at any of its channels.
    pub(super) is_limited: bool,
    period_ns: u64,
    schedule: Schedule,
    /// Not before then is anything looked at.
    next_look_ns: u64,
}

impl GroupTicks {
    pub(super) fn new(group: &Group, specs: &[ChannelSpec], start_ns: u64, stop_at: &StopAt) -> Self {
        let is_present = |spec: &&ChannelSpec| spec.group == group.id && spec.missing.is_none();
        let specs: Vec<ChannelSpec> = specs.iter().filter(is_present).cloned().collect();
        let is_limited = specs.iter().any(|spec| match spec.quantity {
            Quantity::Temperature => stop_at.temperature_celsius.is_some(),
            Quantity::ChargeLevel => stop_at.battery_percent.is_some(),
            _ => false,
        });
        Self {
            id: group.id,
            values: Vec::with_capacity(specs.len()),
            specs,
            is_limited,
            period_ns: group.period_ns.max(1),
            schedule: Schedule::new(start_ns, group.period_ns),
            next_look_ns: start_ns,
        }
    }

    /// When the next tick may be due.
    pub(super) fn next_ns(&self) -> u64 {
        self.next_look_ns
    }

    /// Lets a tick pass that is not taken; the next one that is will count it.
    pub(super) fn miss(&mut self) {
        self.next_look_ns += self.period_ns;
    }

    /// The tick that is due, if one is.
    pub(super) fn take(&mut self, now_ns: u64) -> Option<Due> {
        let due = self.schedule.take(now_ns);
        self.next_look_ns = self.schedule.next_ns();
        due
    }
}

/// The groups that a job asks for: two of files, and one for each program that is asked.
pub(super) fn groups(job: &Job) -> Vec<Group> {
    let sampling = &job.sampling;
    let periods = [
        (FAST, sampling.fast_period_ms),
        (SLOW, sampling.slow_period_ms),
        (THERMAL, sampling.command_period_ms),
        (BATTERY, sampling.command_period_ms),
    ];
    periods.map(|(id, period_ms)| Group { id, period_ns: period_ms.saturating_mul(1_000_000) }).to_vec()
}
