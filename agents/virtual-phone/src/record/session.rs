//! A session, and time passing in it: to the next tick, to the next move of a fault, to the end of a prompt.

use std::io::Write;

use edgesoak_agent::{Schedule, Temperatures};
use edgesoak_protocol::ChannelSpec;
use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase};
use edgesoak_protocol::units::{Nanos, Ratio};

use super::Recorded;
use super::frames::Frames;
use super::inputs::{Phone, Work};
use super::kernel::Kernel;
use super::listener::Listener;
use super::sampling::{MemoryWatch, OVERHEAD_EVERY};
use super::services::Services;
use super::ticks::{GroupTicks, groups};
use crate::body::Body;
use crate::body::state::Joules;
use crate::engine::Engine;
use crate::error::PhoneError;
use crate::fault::{Faults, Hands};
use crate::load::{Candidate, Load};
use crate::telemetry::Telemetry;
use crate::truth::Truth;

/// A time that never comes.
pub(super) const FOREVER: Nanos = Nanos(u64::MAX);

/// What the device does meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// The prompt in flight, to its end.
    Finishing,
    /// Nothing.
    Resting,
}

/// Why a session ends before its phases do.
#[derive(Debug)]
pub(super) enum Ended {
    /// A limit of the job was reached.
    Limit(FinishReason, String),
    /// The runtime broke its protocol or reported an error.
    Failed(String),
    /// The kernel killed the runtime.
    Killed,
    /// The device switched itself off.
    Off,
}

/// A session that is recorded.
pub(super) struct Session<'a, 'c> {
    pub(super) work: &'a Work<'a>,
    pub(super) engine: Engine<'c>,
    pub(super) listener: Listener<'a>,
    pub(super) telemetry: Telemetry,
    pub(super) kernel: Kernel,
    pub(super) services: Services,
    pub(super) groups: Vec<GroupTicks>,
    pub(super) temperatures: Temperatures,
    pub(super) overhead: Schedule,
    pub(super) missed_ticks: u32,
    pub(super) worst_jitter_ns: u64,
    pub(super) memory: MemoryWatch,
    /// Position in the prompt cycle.
    pub(super) next_item: usize,
    /// Answers so far.
    pub(super) answers: u32,
    /// What was drawn before the soak.
    pub(super) energy_before: Joules,
    pub(super) truth: Option<Truth>,
}

pub(super) fn run<'a>(
    phone: &'a Phone<'_>,
    work: &'a Work<'_>,
    candidate: &Candidate,
    (body, faults): (Body, Faults),
    out: &'a mut dyn Write,
) -> Result<Recorded, PhoneError> {
    let telemetry = Telemetry::new(phone.profile);
    let kernel = Kernel::new(phone.profile, candidate, work.job.runner.ctx);
    let mut specs: Vec<ChannelSpec> = telemetry.specs().cloned().collect();
    let services = Services::new(phone.profile, &mut specs);
    specs.extend(kernel.specs().chain(services.specs().cloned()));
    let header = header(phone, work, &specs);
    let (start_ns, stop_at) = (header.mono_ns, &work.job.stop_at);
    let mut session = Session {
        work,
        engine: Engine::new(body, candidate)?,
        listener: Listener::new(Frames::open(&header, out), faults, &phone.boot),
        telemetry,
        kernel,
        services,
        groups: header.groups.iter().map(|group| GroupTicks::new(group, &specs, start_ns, stop_at)).collect(),
        temperatures: Temperatures::of(&specs, start_ns),
        overhead: Schedule::new(start_ns.saturating_add(OVERHEAD_EVERY.0), OVERHEAD_EVERY.0),
        missed_ticks: 0,
        worst_jitter_ns: 0,
        memory: MemoryWatch::new(&specs),
        next_item: 0,
        answers: 0,
        energy_before: Joules(0.0),
        truth: None,
    };
    let ended = session.phases(candidate).err();
    session.finish(ended)
}

fn header(phone: &Phone<'_>, work: &Work<'_>, specs: &[ChannelSpec]) -> Header {
    Header {
        run: work.job.run.clone(),
        session: work.job.session.clone(),
        boot_id: phone.boot.id.clone(),
        mono_ns: phone.boot.mono.0,
        boottime_ns: phone.boot.boottime.0,
        wall_ns: phone.boot.wall.0,
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        is_virtual: true,
        groups: groups(work.job),
        channels: specs.to_vec(),
    }
}

impl Session<'_, '_> {
    /// The monotonic clock.
    pub(super) fn mono(&self) -> Nanos {
        self.listener.mono(self.engine.body().now())
    }

    /// The monotonic clock after some time.
    pub(super) fn after(&self, span: Nanos) -> Nanos {
        Nanos(self.mono().0.saturating_add(span.0))
    }

    pub(super) fn begin(&mut self, phase: Phase) {
        self.listener.begin(self.engine.body().now(), phase);
    }

    pub(super) fn append(&mut self, frame: Frame) {
        self.listener.append(self.engine.body().now(), frame);
    }

    /// Lets time pass until the monotonic clock says `until`, or the prompt in flight is answered.
    pub(super) fn pass(&mut self, until: Nanos, doing: Doing) -> Result<(), Ended> {
        loop {
            let now = self.engine.body().now();
            let left = until.since(self.mono());
            if left.0 == 0 || doing == Doing::Finishing && self.engine.is_waiting() {
                return Ok(());
            }
            let step = Nanos(now.0.saturating_add(left.0)).min(self.next_stop());
            match doing {
                Doing::Finishing => self.engine.finish_prompt(step, &mut self.listener),
                Doing::Resting => self.engine.body_mut().advance(step.since(now), &Load::Idle),
            }
            self.account(now);
            if self.engine.body().state().down().is_some() {
                return Err(Ended::Off);
            }
            if let Some(lie) = self.listener.take_lie() {
                return Err(Ended::Failed(format!("it claims {lie}")));
            }
            self.act()?;
            self.tick()?;
        }
    }

    /// The true time at which something may happen beside the work.
    fn next_stop(&self) -> Nanos {
        let due = self.groups.iter().map(GroupTicks::next_ns).chain([self.overhead.next_ns()]).min();
        let left = Nanos(due.unwrap_or(FOREVER.0)).since(self.mono());
        let due = Nanos(self.engine.body().now().0.saturating_add(left.0));
        if self.listener.faults.is_empty() { due } else { due.min(self.engine.body().next_change()) }
    }

    /// Counts what the kernel counts over the time since `before`.
    fn account(&mut self, before: Nanos) {
        let seconds = self.engine.body().now().since(before).as_secs_f64();
        let worked = self.listener.take_worked_s();
        if seconds > 0.0 {
            let ours = self.engine.body().our_share();
            self.kernel.pass(seconds, Ratio((worked / seconds).clamp(0.0, 1.0)), ours);
        }
    }

    /// Lets faults act.
    fn act(&mut self) -> Result<(), Ended> {
        let Some(now) = self.listener.now(self.engine.body().now()) else { return Ok(()) };
        if self.listener.faults.is_empty() {
            return Ok(());
        }
        let mut kill_runtime = false;
        self.listener.faults.act(
            now,
            &mut Hands {
                engine: &mut self.engine,
                clocks: &mut self.listener.clocks,
                kill_runtime: &mut kill_runtime,
            },
        );
        if kill_runtime { Err(Ended::Killed) } else { Ok(()) }
    }
}
