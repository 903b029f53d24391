//! Copying the journal as it grows, through as many streams as it takes.

use std::mem::take;
use std::time::Duration;

use edgesoak_drivers::Chunk;
use edgesoak_protocol::journal::{Answer, Entry, Frame, Phase as AgentFramePhase};
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::session::SessionClose;

use super::tracker::Tracker;
use super::{Session, ending};
use crate::agent::AGENT_IS_DEAD;
use crate::event::Progress;
use crate::journal_copy::{Accepted, Intake, JournalCopy, StreamFault};
use crate::machine::{AgentPhase, Input, interrupted};
use crate::setback::{Setback, last_words};

/// Pauses before each further try, as long as no frame comes; a phone that restarts needs most of them.
const BACK_OFF: [u64; 9] = [100, 250, 1000, 2000, 5000, 10_000, 20_000, 30_000, 30_000];
/// What loading, one last prompt and a slow device may add to the planned phases.
const GRACE: Millis = Millis(30 * 60 * 1000);

/// How one stream ended.
pub(super) enum StreamEnd {
    /// `Finished` was copied.
    Finished,
    /// The agent is dead and all it wrote was copied.
    Dead,
    /// The device says that it has no such journal.
    Gone(String),
    /// The stream broke; the next one goes on behind the last frame.
    Broken(String),
    /// There is no use in another stream.
    Hopeless(SessionClose),
    /// The host could not keep what came.
    NotKept(std::io::Error),
    /// The run is to end.
    StopRequested,
}

impl Session {
    /// Follows until the agent is done, dead or out of reach.
    pub(super) async fn follow(&mut self) -> Input {
        if !self.state.stopping {
            self.watch_beside();
            if let Err(setback) = self.release().await {
                // It may wait for that for long, and must not begin later.
                return Input::CopyFailed(setback.not_run("charger-failed"));
            }
        }
        let deadline = self.deadline();
        match self.copy_all(deadline).await {
            StreamEnd::Finished => {
                let stopping = self.state.stopping;
                let finished = self.copy.as_ref().and_then(JournalCopy::finished);
                Input::AgentEnded(match finished {
                    Some(frame) => ending::of_finish(frame, stopping),
                    None => ending::of_death(stopping, false),
                })
            }
            StreamEnd::Dead => Input::AgentEnded(match self.death().await {
                Ok(close) => close,
                // Collecting asks again: a device that restarted may have done so for heat.
                Err(setback) => setback.interrupted("link-lost"),
            }),
            StreamEnd::Gone(why) => Input::AgentEnded(interrupted("journal-lost", "device", &why)),
            StreamEnd::Broken(why) => Input::AgentEnded(interrupted("link-lost", "lab", &why)),
            // It may still run, and must not go on for nobody.
            StreamEnd::Hopeless(close) => Input::CopyFailed(close),
            StreamEnd::NotKept(error) => Input::CopyFailed(Setback::host_disk(&error).interrupted("")),
            StreamEnd::StopRequested => Input::StopRequested,
        }
    }

    /// Copies through one stream after the other until one ends for good.
    pub(super) async fn copy_all(&mut self, deadline: Nanos) -> StreamEnd {
        let mut tries = BACK_OFF.iter();
        let mut tracker = Tracker::of(&self.planned);
        let (mut is_first, mut absence) = (true, None);
        loop {
            let before = self.copied();
            let why = match self.copy_stream(deadline, &mut tracker, is_first).await {
                Ok(StreamEnd::Broken(why)) => why,
                Ok(end) => return end,
                Err(setback) => setback.detail,
            };
            is_first = false;
            if self.context.world.clock.mono() > deadline {
                // A device that breaks every stream after one more frame would never be done.
                return StreamEnd::Hopeless(overdue("breaks its streams beyond its planned end"));
            }
            if self.copied() != before {
                (tries, absence) = (BACK_OFF.iter(), None);
            }
            let pause = if let Some(pause) = self.bear_absence(&mut absence).await {
                pause
            } else {
                let Some(pause) = tries.next() else { return StreamEnd::Broken(why) };
                self.report(&format!("the link is lost ({why}); trying again"));
                Duration::from_millis(*pause)
            };
            let clock = &self.context.world.clock;
            if self.unless_stopped(clock.sleep(pause)).await.is_none() {
                return StreamEnd::StopRequested;
            }
            // The next stream reports what is still wrong.
            if self.reconnect().await.is_ok() && self.state.stopping {
                // It may not have heard yet that it is to end.
                let _ = self.agent().stop(&self.name).await;
            }
        }
    }

    pub(super) fn copied(&self) -> Option<u64> {
        self.copy.as_ref().and_then(JournalCopy::last_seq)
    }

    async fn copy_stream(
        &mut self,
        deadline: Nanos,
        tracker: &mut Tracker,
        is_first: bool,
    ) -> Result<StreamEnd, Setback> {
        // A host that was killed may have copied the end and not scored what came before it.
        let looks_again = is_first && self.lacks_answers();
        if is_first && let Err(error) = self.copy().map(drop).and_then(|()| self.learn_from_copy()) {
            return Ok(StreamEnd::NotKept(error));
        }
        let copy = match self.copy() {
            Ok(copy) if copy.finished().is_some() && !looks_again => return Ok(StreamEnd::Finished),
            Ok(copy) => copy,
            Err(error) => return Ok(StreamEnd::NotKept(error)),
        };
        let (mut intake, from) = (copy.intake(), copy.next_seq());
        tracker.learn(copy.header());
        let mut stream = self.agent().follow(&self.name, from).await?;
        self.listen_for_answers();
        if !is_first {
            // A lost line of the log is no reason to lose the journal.
            let _ = self.host(HostEvent::Reattached { last_seq: self.copied() }).await;
        }
        loop {
            let Some(chunk) = self.unless_stopped(stream.next()).await else {
                return Ok(StreamEnd::StopRequested);
            };
            let bytes = match chunk? {
                Chunk::Bytes(bytes) => bytes,
                Chunk::End(_) if self.has_end() => return Ok(StreamEnd::Finished),
                Chunk::End(ended) => return Ok(Self::stream_ended(ended.code, &ended.stderr)),
            };
            let mut accepted = intake.feed(&bytes);
            let (fault, answers) = (accepted.fault.take(), take(&mut accepted.answers));
            if let Some(end) = self.take_in(&intake, (accepted, answers), tracker).await {
                return Ok(end);
            }
            if self.has_end() && !looks_again {
                return Ok(StreamEnd::Finished);
            }
            match fault {
                Some(StreamFault::Damaged(error)) => return Ok(StreamEnd::Broken(error.to_string())),
                Some(StreamFault::Foreign) => {
                    let text = "the device streams another journal than before";
                    return Ok(StreamEnd::Hopeless(interrupted("device-restarted", "device", text)));
                }
                Some(StreamFault::TooLong) => {
                    return Ok(StreamEnd::Hopeless(overdue("journals without end")));
                }
                None => {}
            }
            self.compare_clocks_now_and_then().await;
            self.look_after_answers().await;
            if self.context.world.clock.mono() > deadline {
                return Ok(StreamEnd::Hopeless(overdue("runs far beyond its planned end")));
            }
        }
    }

    /// Keeps and scores what came; how the stream ends where there is no use in more of it.
    async fn take_in(
        &mut self,
        intake: &Intake,
        (accepted, answers): (Accepted, Vec<Answer>),
        tracker: &mut Tracker,
    ) -> Option<StreamEnd> {
        // What the journal says of an answer is on disk before what its text says.
        let kept = match self.keep(intake, accepted, tracker).await {
            Ok(()) => self.score(answers).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(true) => None,
            Ok(false) => Some(StreamEnd::Hopeless(overdue("gives more answers than were asked for"))),
            Err(error) => Some(StreamEnd::NotKept(error)),
        }
    }

    /// Puts what came on disk, then acts on it.
    async fn keep(
        &mut self,
        intake: &Intake,
        accepted: Accepted,
        tracker: &mut Tracker,
    ) -> std::io::Result<()> {
        let (events, session) = (self.context.events.clone(), self.planned.session.clone());
        if !accepted.bytes.is_empty() {
            let path = self.copy()?.path().to_owned();
            events.copied(&session, &path, accepted.bytes.clone(), accepted.entries.clone()).await?;
            self.copy()?.kept(intake, &accepted);
            tracker.learn(self.copy()?.header());
        }
        for entry in &accepted.entries {
            self.time_answer(entry);
            self.heed(entry).await?;
            if let Some(progress) = tracker.take(entry, self.state.phase) {
                // A request must stand there until somebody has heeded it.
                let detail = self.awaited.clone().unwrap_or_default();
                events.progress(Progress { detail, ..progress });
            }
        }
        Ok(())
    }

    /// The agent announces its phases in the journal.
    async fn heed(&mut self, entry: &Entry) -> std::io::Result<()> {
        let Frame::PhaseBegan { phase } = entry.frame else { return Ok(()) };
        self.awaited = None;
        let phase = match phase {
            AgentFramePhase::Loading | AgentFramePhase::Warming => AgentPhase::Warming,
            AgentFramePhase::Soaking => AgentPhase::Soaking,
            AgentFramePhase::Resting | AgentFramePhase::Recovering => AgentPhase::Recovering,
            AgentFramePhase::Answering => self.begin_answering(),
        };
        // Phases have no effects of their own.
        self.apply(Input::Agent(phase)).await.map(drop)
    }

    /// Whether the copy of the journal has its last frame.
    pub(super) fn has_end(&self) -> bool {
        self.copy.as_ref().is_some_and(|copy| copy.finished().is_some())
    }

    fn stream_ended(code: Option<i32>, stderr: &[u8]) -> StreamEnd {
        const NO_SUCH_SESSION: i32 = 6;
        match code {
            Some(AGENT_IS_DEAD) => StreamEnd::Dead,
            Some(NO_SUCH_SESSION) => StreamEnd::Gone(last_words(stderr)),
            Some(0) => StreamEnd::Broken("the stream ended before the journal did".to_owned()),
            _ => StreamEnd::Broken(last_words(stderr)),
        }
    }

    /// Why the agent is gone.
    async fn death(&self) -> Result<SessionClose, Setback> {
        let now = self.agent().status(&self.name).await?.boot_id;
        let ours = self.copy.as_ref().and_then(JournalCopy::header);
        let boot_changed = ours.is_some_and(|header| header.boot_id != now);
        Ok(ending::of_death(self.state.stopping, boot_changed))
    }

    /// When even the slowest session must be over, on the host's monotonic clock.
    pub(super) fn deadline(&self) -> Nanos {
        let (soak, recovery) = self.lengths();
        let answering = self.exam.as_ref().map_or(0, |exam| exam.length().0);
        let span = soak.0.saturating_add(recovery.0).saturating_add(answering).saturating_add(GRACE.0);
        let now = self.context.world.clock.mono().0;
        Nanos(now.saturating_add(span.saturating_mul(1_000_000)).saturating_add(self.absence_limit().0))
    }

    /// The longest soak, and what comes after it.
    pub(super) fn lengths(&self) -> (Millis, Millis) {
        let workload = &self.planned.workload;
        let soak = workload.settle.map_or(workload.duration, |settle| settle.max_soak.max(workload.duration));
        let recovery = workload.recovery_probe.map_or(0, |probe| probe.rest.0.saturating_add(probe.burst.0));
        (soak, Millis(recovery))
    }
}

fn overdue(how: &str) -> SessionClose {
    interrupted("overdue", "device", &format!("the agent {how} and was told to stop"))
}
