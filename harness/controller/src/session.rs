//! One session on one device: carries out what [`machine`](crate::machine) says.

mod absence;
mod announce;
mod answers;
mod attempts;
mod beside;
mod charge;
mod charger;
mod charging;
mod collect;
mod connect;
mod ending;
mod follow;
mod gauge;
#[cfg(test)]
pub(crate) mod made_probe;
mod meter_watch;
mod pack;
mod preflight;
mod provision;
mod restore;
mod room;
mod settle;
mod start_conditions;
mod sweep;
mod taken_up;
mod tell;
mod tenancy;
mod thinned;
mod tracker;

use std::collections::VecDeque;
use std::sync::Arc;

use edgesoak_drivers::Driver;
use edgesoak_protocol::probe::Probe;
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::MemoryPrediction;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::PlannedSession;
use edgesoak_record::session::SessionClose;

use crate::agent::Agent;
use crate::context::Context;
use crate::event::Progress;
use crate::exam::Exam;
use crate::fleet::Seat;
use crate::journal_copy::JournalCopy;
use crate::machine::{self, Effect, Input, Phase, State, step};
use crate::quarantine::{Quarantined, Ward};
use crate::setback::Setback;
use crate::sharing::Berth;
use crate::world::BenchClock;
use answers::LastHeard;
use beside::Watches;

/// A session and what the host knows of its device.
pub(crate) struct Session {
    context: Context,
    planned: PlannedSession,
    /// What it is expected to take of the device's memory.
    memory: Option<MemoryPrediction>,
    driver: Arc<dyn Driver>,
    state: State,
    berth: Arc<Berth>,
    /// `RUN/SESSION`, as agents name it.
    name: String,
    probe: Option<Probe>,
    copy: Option<JournalCopy>,
    /// What stands beside the device, while it is watched.
    watches: Option<Watches>,
    /// What the agent waits for before it begins, in words.
    awaited: Option<String>,
    /// Items that are asked behind the soak.
    exam: Option<Exam>,
    /// When something was heard of their answers.
    last_heard: LastHeard,
    /// When the clocks were compared last.
    clocks_at: Nanos,
    phase_began: Nanos,
}

impl Session {
    pub(crate) fn new(mut context: Context, seat: Seat, driver: Arc<dyn Driver>, berth: Arc<Berth>) -> Self {
        let Seat { planned, state, answered, memory } = seat;
        let name = format!("{}/{}", context.run, planned.session);
        if driver.is_simulated() {
            let host = context.world.clock.clone();
            context.world.clock = Arc::new(BenchClock::of(host, driver.clone()));
        }
        let phase_began = context.world.clock.mono();
        let exam = context.exam(&planned, answered);
        Self {
            context,
            planned,
            memory,
            driver,
            state,
            berth,
            name,
            probe: None,
            copy: None,
            watches: None,
            awaited: None,
            exam,
            last_heard: LastHeard::default(),
            clocks_at: phase_began,
            phase_began,
        }
    }

    /// Takes the session to its end; how it was closed, and whether the device may be used again.
    pub(crate) async fn run(mut self, first: Input) -> (SessionClose, bool) {
        let mut pending = VecDeque::new();
        let mut input = first;
        loop {
            let effects = match self.apply(input).await {
                Ok(effects) => effects,
                Err(error) => self.retreat(&error).await,
            };
            if !effects.is_empty() {
                pending = effects.into();
            }
            match pending.pop_front() {
                Some(Effect::Close(close)) => return self.close(close).await,
                Some(effect) => input = self.perform(effect).await,
                None => return self.stranded().await,
            }
        }
    }

    /// Steps, once the new state is written down; if it cannot be, nothing has happened.
    async fn apply(&mut self, input: Input) -> std::io::Result<Vec<Effect>> {
        let (next, effects) = step(&self.state, input);
        if next == self.state {
            return Ok(effects);
        }
        let written = self.write_down(&next).await;
        // From collecting on, everything can be done twice: a host that finds an older state only repeats it. But how
        // a session ended whose journal has no end is asked of the device, while it has the journal.
        if next.phase < Phase::Collecting || self.gives_up_evidence(&next) {
            written?;
        }
        self.move_to(next);
        Ok(effects)
    }

    /// Steps after a state could not be written down.
    async fn retreat(&mut self, error: &std::io::Error) -> Vec<Effect> {
        let close = Setback::host_disk(error).interrupted("");
        let (next, effects) = step(&self.state, Input::CopyFailed(close));
        // If the room held back is not enough either, the end of the run reports it.
        let _ = self.write_down(&next).await;
        self.move_to(next);
        effects
    }

    fn move_to(&mut self, next: State) {
        let moved = next.phase != self.state.phase;
        self.state = next;
        if moved {
            self.phase_began = self.context.world.clock.mono();
            let awaited = self.awaited.as_deref().filter(|_| self.state.phase.agent_may_run());
            self.report(awaited.unwrap_or_default());
        }
    }

    async fn write_down(&self, next: &State) -> std::io::Result<()> {
        let phase = next.phase.word().to_owned();
        let state = serde_json::to_value(next)?;
        self.host(HostEvent::StateChanged { phase, state }).await
    }

    async fn perform(&mut self, effect: Effect) -> Input {
        let mut cancel = self.context.cancel.clone();
        // The others change what is on disk or on the device, and look for themselves where they may stop.
        let may_be_cut = matches!(
            effect,
            Effect::Connect | Effect::Preflight | Effect::Charge | Effect::Discharge | Effect::Settle
        );
        if !may_be_cut {
            return self.carry_out(effect).await;
        }
        tokio::select! {
            biased;
            () = cancelled(&mut cancel) => Input::StopRequested,
            input = self.carry_out(effect) => input,
        }
    }

    async fn carry_out(&mut self, effect: Effect) -> Input {
        self.stay_for(&effect).await;
        match effect {
            Effect::Connect | Effect::Provision | Effect::Preflight => self.attempt(&effect).await,
            Effect::Charge => self.charge().await,
            Effect::Discharge => self.discharge().await,
            Effect::Settle => self.settle().await,
            Effect::Start => self.start().await,
            Effect::Follow => self.follow().await,
            Effect::Stop => self.stop().await,
            Effect::Collect => self.collect().await,
            Effect::Restore => self.restore().await,
            Effect::Sweep => self.sweep().await,
            // The loop of `run` takes this one itself.
            Effect::Close(_) => Input::Swept(None),
        }
    }

    pub(crate) async fn close(self, close: SessionClose) -> (SessionClose, bool) {
        let usable = self.state.phase != Phase::Quarantined;
        if let Some(quarantine) = &self.state.quarantine {
            let text = format!("{}: {}", self.planned.device.id, quarantine.why);
            self.tell(&format!("a person is needed at {text}")).await;
            let _ = self.note("quarantined", text).await;
            self.keep_quarantine(&quarantine.whose, &quarantine.why).await;
        }
        // If this line is lost on a full disk, the state before it says the same.
        let _ = self.host(HostEvent::SessionClosed { close: close.clone() }).await;
        (close, usable)
    }

    /// Keeps the device from later runs.
    async fn keep_quarantine(&self, whose: &str, why: &str) {
        let (disk, state_dir) = (self.context.world.disk.as_ref(), &self.context.places.state_dir);
        let quarantined = Quarantined {
            device: self.planned.device.id.clone(),
            whose: whose.to_owned(),
            why: why.to_owned(),
            since: self.context.world.clock.wall(),
            run: self.context.run.to_string(),
            check: None,
        };
        if let Err(error) = Ward::new(disk, state_dir).put(&quarantined) {
            let text = format!("later runs do not know of it: {error}");
            let _ = self.note("quarantine-not-kept", text).await;
        }
    }

    /// A state from which nothing leads on: only a damaged file can say such a thing.
    async fn stranded(self) -> (SessionClose, bool) {
        let text = format!("nothing leads on from the phase {}", self.state.phase.word());
        let close = machine::interrupted("stranded", "harness", &text);
        self.close(close).await
    }

    fn agent(&self) -> Agent<'_> {
        Agent::on(self.driver.as_ref())
    }

    async fn host(&self, event: HostEvent) -> std::io::Result<()> {
        self.context.events.host(Some(&self.planned.session), event).await
    }

    async fn note(&self, code: &str, text: impl Into<String>) -> std::io::Result<()> {
        self.host(HostEvent::Noted { code: code.to_owned(), text: text.into() }).await
    }

    /// Tells the sinks where the session is; for phases that the agent does not speak in.
    fn report(&self, detail: &str) {
        self.report_left(detail, None);
    }

    fn report_left(&self, detail: &str, left: Option<Millis>) {
        let elapsed = self.context.world.clock.mono().since(self.phase_began);
        self.context.events.progress(Progress {
            session: self.planned.session.clone(),
            device: self.planned.device.id.clone(),
            phase: self.state.phase.word().to_owned(),
            elapsed: Millis(elapsed.0 / 1_000_000),
            left,
            pace: None,
            temperature: None,
            detail: detail.to_owned(),
        });
    }
}

impl Session {
    /// Waits for `work`, unless the run is to end meanwhile: then `None`, and the work is dropped.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut cancel = self.context.cancel.clone();
        if self.state.stopping {
            return Some(work.await);
        }
        tokio::select! {
            biased;
            () = cancelled(&mut cancel) => None,
            done = work => Some(done),
        }
    }
}

/// Waits until the run is to end; for ever if whoever could say so is gone.
pub(crate) async fn cancelled(cancel: &mut tokio::sync::watch::Receiver<bool>) {
    if cancel.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
