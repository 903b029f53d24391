//! One step.

use edgesoak_record::session::{CloseState, SessionClose};
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::phase::Phase;
use super::state::{Quarantine, State};
use super::{resume, wording};

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// It is the session's turn.
    Begin,
    /// A host took the run up again. What the agent says of the session, where the state says that it may have
    /// been started.
    Resumed(Option<AgentView>),
    /// The device is there.
    Connected,
    /// A change to the device is about to be made.
    Changing(Change),
    /// Everything is on the device, with the right digests.
    Provisioned,
    /// The device was looked at.
    PreflightPassed,
    /// The device was looked at, and its battery is below the window in which sessions may start.
    ChargeLow,
    /// The device was looked at, and its battery is above that window.
    ChargeHigh,
    /// Its battery is where sessions may start.
    ChargeReached,
    /// The start conditions hold, or need not hold.
    Settled,
    /// The agent runs.
    Started,
    /// The agent says where it is.
    Agent(AgentPhase),
    /// The agent is done, dead or out of reach; how the session will be closed for that.
    AgentEnded(SessionClose),
    /// The agent was told to stop.
    Stopped,
    /// What was being done failed; how the session will be closed if nothing else was decided.
    Failed(SessionClose),
    /// The host cannot keep what the device sends; how the session will be closed for that.
    CopyFailed(SessionClose),
    /// A person or a signal ends the run.
    StopRequested,
    /// The rest of the journal was copied, as far as it can be had.
    Collected(Collected),
    /// The change with this name was undone.
    Restored(String),
    /// All was undone that can be.
    RestoreEnded,
    /// The device was looked at for the last time; why it should not be used, if it should not.
    Swept(Option<Quarantine>),
}

/// What the host has of a journal in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collected {
    /// All of it; how the session is closed for what it says, where it was not the host that ended it.
    Whole(Option<SessionClose>),
    /// The device may have more.
    Partly,
    /// A part of it, and the device has none any more.
    Vanished,
    /// There never was one.
    NeverBegun,
}

/// Phases of a session that its agent announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentPhase {
    /// Loading and warming.
    Warming,
    /// Scored decode.
    Soaking,
    /// Items are answered right behind the soak.
    AnsweringHot,
    /// Rest and burst.
    Recovering,
    /// Items are answered behind everything else.
    Answering,
}

/// What the agent says of a session that another host process had started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentView {
    /// It never started, and nothing of it was copied.
    Absent,
    /// There is a journal, whether or not the agent lives.
    Present,
    /// There was a journal, for the host has a part of it, and it is gone.
    Vanished,
}

/// What is to be done. Effects are carried out in order; each gives one input back, `Close` apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Look for the device.
    Connect,
    /// Put everything on it.
    Provision,
    /// Look at it.
    Preflight,
    /// Fill the battery.
    Charge,
    /// Let the battery empty.
    Discharge,
    /// Wait for the start conditions.
    Settle,
    /// Start the agent.
    Start,
    /// Copy the journal as it grows, until the agent is done, dead or out of reach.
    Follow,
    /// Tell the agent to stop.
    Stop,
    /// Copy what is missing of the journal and check the copy.
    Collect,
    /// Undo the changes of the state.
    Restore,
    /// Look at the device for the last time.
    Sweep,
    /// Close the session.
    Close(SessionClose),
}

/// What comes after `state` when `input` happens. An input that makes no sense in a state changes nothing.
#[must_use]
pub fn step(state: &State, input: Input) -> (State, Vec<Effect>) {
    let mut next = state.clone();
    let effects = next.take(input);
    (next, effects)
}

impl State {
    fn take(&mut self, input: Input) -> Vec<Effect> {
        use Phase as P;
        match (self.phase, input) {
            (phase, _) if phase.is_end() => Vec::new(),
            (_, Input::Resumed(view)) => resume::resume(self, view),
            (_, Input::StopRequested) => self.stop(),
            (_, Input::Changing(change)) => self.changing(change),
            (_, Input::CopyFailed(close)) => self.copy_failed(close),
            (_, Input::Failed(close)) => self.failed(close),
            (P::Queued, Input::Begin) => self.go(P::Connecting, Effect::Connect),
            (P::Connecting, Input::Connected) => self.go(P::Provisioning, Effect::Provision),
            (P::Provisioning, Input::Provisioned) => self.go(P::Preflight, Effect::Preflight),
            (P::Preflight, Input::PreflightPassed) | (P::Charging | P::Discharging, Input::ChargeReached) => {
                self.go(P::Settling, Effect::Settle)
            }
            (P::Preflight, Input::ChargeLow) => self.go(P::Charging, Effect::Charge),
            (P::Preflight, Input::ChargeHigh) => self.go(P::Discharging, Effect::Discharge),
            (P::Settling, Input::Settled) => self.go(P::Warming, Effect::Start),
            (P::Warming, Input::Started) => vec![Effect::Follow],
            (phase, Input::Agent(agent)) if phase.agent_may_run() => self.agent(agent),
            (phase, Input::AgentEnded(close)) if phase.agent_may_run() => self.agent_ended(close),
            (P::Collecting, Input::Collected(collected)) => self.collected(collected),
            (P::Restoring, Input::Restored(what)) => {
                self.changes.retain(|change| change.what != what);
                Vec::new()
            }
            (P::Restoring, Input::RestoreEnded) => self.restore_ended(),
            (P::Sweeping, Input::Swept(quarantine)) => {
                self.quarantine = self.quarantine.take().or(quarantine);
                self.close()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn go(&mut self, phase: Phase, effect: Effect) -> Vec<Effect> {
        self.phase = phase;
        vec![effect]
    }

    fn close(&mut self) -> Vec<Effect> {
        self.phase = if self.quarantine.is_some() { Phase::Quarantined } else { Phase::Done };
        let close = self.ending.clone().unwrap_or_else(wording::completed);
        vec![Effect::Close(close)]
    }

    /// The session ends before the agent was started, with `close` unless that was decided already.
    fn retreat(&mut self, close: SessionClose) -> Vec<Effect> {
        self.ending.get_or_insert(close);
        // A device that was never reached was never changed, and cannot be swept either.
        if self.phase <= Phase::Connecting && self.changes.is_empty() {
            return self.close();
        }
        self.go(Phase::Restoring, Effect::Restore)
    }

    fn stop(&mut self) -> Vec<Effect> {
        if self.phase < Phase::Warming {
            return self.retreat(wording::stopped_by_user(false));
        }
        if self.phase.agent_may_run() && !self.stopping {
            self.stopping = true;
            return vec![Effect::Stop, Effect::Follow];
        }
        Vec::new()
    }

    fn changing(&mut self, change: Change) -> Vec<Effect> {
        if self.phase < Phase::Collecting && self.changes.iter().all(|known| known.what != change.what) {
            self.changes.push(change);
        }
        Vec::new()
    }

    fn copy_failed(&mut self, close: SessionClose) -> Vec<Effect> {
        if self.phase < Phase::Warming {
            return self.retreat(SessionClose { state: CloseState::NotRun, ..close });
        }
        if self.phase.agent_may_run() {
            self.stopping = true;
            self.ending.get_or_insert(close);
            self.phase = Phase::Collecting;
            return vec![Effect::Stop, Effect::Collect];
        }
        self.failed(close)
    }

    fn failed(&mut self, close: SessionClose) -> Vec<Effect> {
        match self.phase {
            phase if phase.agent_may_run() => {
                self.ending.get_or_insert(close);
                self.go(Phase::Collecting, Effect::Collect)
            }
            Phase::Collecting => {
                self.keep_journal = true;
                self.ending.get_or_insert(close);
                self.go(Phase::Restoring, Effect::Restore)
            }
            Phase::Restoring => {
                self.doubt(close);
                self.go(Phase::Sweeping, Effect::Sweep)
            }
            Phase::Sweeping => {
                self.doubt(close);
                self.close()
            }
            _ => self.retreat(close),
        }
    }

    fn collected(&mut self, collected: Collected) -> Vec<Effect> {
        self.keep_journal = collected == Collected::Partly;
        match collected {
            Collected::Whole(Some(word)) => {
                // What was out of reach for a while is there after all, and the device knows better how it ended.
                self.ending.take_if(|ending| resume::out_of_reach(ending));
                if word != wording::completed() {
                    self.ending.get_or_insert(word);
                }
            }
            Collected::NeverBegun => {
                let ending = self.ending.get_or_insert_with(wording::unproven);
                if resume::out_of_reach(ending) {
                    ending.state = CloseState::NotRun;
                }
            }
            // Only a whole journal shows that a session ran to its end.
            Collected::Whole(None) | Collected::Partly | Collected::Vanished => {
                self.ending.get_or_insert_with(wording::unproven);
            }
        }
        self.go(Phase::Restoring, Effect::Restore)
    }

    fn restore_ended(&mut self) -> Vec<Effect> {
        let left = self.undoable().next().map(|left| (left.what.clone(), left.undo.is_beside()));
        if let Some((left, is_beside)) = left {
            let why = format!("{left} could not be undone");
            let whose = if is_beside { "lab" } else { "device" };
            self.quarantine.get_or_insert(Quarantine { whose: whose.to_owned(), why });
        }
        self.go(Phase::Sweeping, Effect::Sweep)
    }

    /// The device could not be brought back to what it was: the session's outcome stands, the device does not.
    fn doubt(&mut self, close: SessionClose) {
        self.quarantine.get_or_insert(Quarantine { whose: close.whose, why: close.detail });
    }

    fn agent(&mut self, agent: AgentPhase) -> Vec<Effect> {
        let phase = match agent {
            AgentPhase::Warming => Phase::Warming,
            AgentPhase::Soaking => Phase::Soaking,
            AgentPhase::AnsweringHot => Phase::AnsweringHot,
            AgentPhase::Recovering => Phase::Recovering,
            AgentPhase::Answering => Phase::Answering,
        };
        self.phase = self.phase.max(phase);
        Vec::new()
    }

    fn agent_ended(&mut self, close: SessionClose) -> Vec<Effect> {
        if close != wording::completed() {
            self.ending.get_or_insert(close);
        }
        self.go(Phase::Collecting, Effect::Collect)
    }
}
