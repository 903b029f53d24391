//! How a session goes on after its host died.

use edgesoak_record::session::{CloseState, SessionClose};

use super::change::Change;
use super::phase::Phase;
use super::state::State;
use super::step::{AgentView, Effect};
use super::wording;

/// Causes of a close that only mean "the host could not get at it": the device may still have the journal.
const OUT_OF_REACH: [&str; 3] = ["link-lost", "host-disk-full", "host-disk-failed"];

pub(super) fn out_of_reach(close: &SessionClose) -> bool {
    OUT_OF_REACH.contains(&close.cause.as_str())
}

impl State {
    /// A session that was closed with `close`, taken up again if there may be more of it to have: its device still
    /// keeps a journal, or it never began because the host had no room or the device was out of reach. If only its
    /// device is left in another state than it was found in, only that is done. `None` if nothing is left to do.
    #[must_use]
    pub fn reopened(&self, close: &SessionClose) -> Option<Self> {
        if out_of_reach(close) { self.continued(close) } else { self.unrestored(close) }
    }

    fn continued(&self, close: &SessionClose) -> Option<Self> {
        let phase = match close.state {
            CloseState::NotRun => Phase::Queued,
            // An agent that was out of reach may still run: it is followed on, not stopped by collecting.
            _ if self.phase == Phase::Collecting => Phase::Warming,
            // The states that followed found no room any more.
            _ if self.phase <= Phase::Collecting => self.phase,
            _ if self.keep_journal => Phase::Warming,
            _ => return self.unrestored(close),
        };
        let attempt = self.attempt.saturating_add(1);
        Some(Self { phase, attempt, changes: self.changes.clone(), ..Self::queued() })
    }

    /// What was not brought home at the time: the rest of a journal, changes that a lost link left behind.
    fn unrestored(&self, close: &SessionClose) -> Option<Self> {
        let has_journal = self.keep_journal && self.changes.iter().any(Change::keeps_journal);
        let phase = if self.phase.is_end() && has_journal {
            Phase::Collecting
        } else if self.phase == Phase::Quarantined && self.undoable().next().is_some() {
            Phase::Restoring
        } else {
            return None;
        };
        Some(Self {
            phase,
            attempt: self.attempt.saturating_add(1),
            changes: self.changes.clone(),
            keep_journal: self.keep_journal,
            ending: Some(close.clone()).filter(|close| *close != wording::completed()),
            ..Self::queued()
        })
    }

    /// Changes that need not stay for the journal's sake.
    pub(super) fn undoable(&self) -> impl Iterator<Item = &Change> {
        let stays = |change: &Change| self.keep_journal && change.keeps_journal();
        self.changes.iter().filter(move |change| !stays(change))
    }

    /// Whether the agent must be asked about the session before it can go on.
    #[must_use]
    pub fn asks_agent(&self) -> bool {
        self.phase.agent_may_run()
    }
}

/// The first effects of a session that another host process left in this state.
pub(super) fn resume(state: &mut State, view: Option<AgentView>) -> Vec<Effect> {
    match state.phase {
        Phase::Collecting => vec![Effect::Collect],
        Phase::Restoring => vec![Effect::Restore],
        Phase::Sweeping => vec![Effect::Sweep],
        Phase::Done | Phase::Quarantined => Vec::new(),
        Phase::Queued => state.go(Phase::Connecting, Effect::Connect),
        Phase::Connecting
        | Phase::Provisioning
        | Phase::Preflight
        | Phase::Charging
        | Phase::Discharging
        | Phase::Settling => again(state),
        Phase::Warming | Phase::Soaking | Phase::AnsweringHot | Phase::Recovering | Phase::Answering => {
            match view {
                // Whoever wanted it stopped gets it stopped, not run anew.
                Some(AgentView::Absent) | None if state.stopping => {
                    state.ending.get_or_insert(wording::stopped_by_user(false));
                    state.go(Phase::Collecting, Effect::Collect)
                }
                Some(AgentView::Absent) => again(state),
                Some(AgentView::Present) if state.stopping => vec![Effect::Stop, Effect::Follow],
                Some(AgentView::Present) | None => vec![Effect::Follow],
                Some(AgentView::Vanished) => {
                    let text = "the device has no journal of this session any more; what was copied is kept";
                    state.ending.get_or_insert(wording::interrupted("journal-lost", "device", text));
                    state.go(Phase::Collecting, Effect::Collect)
                }
            }
        }
    }
}

/// Nothing was measured: the session begins again. What was changed on the device stays to be undone.
fn again(state: &mut State) -> Vec<Effect> {
    state.attempt = state.attempt.saturating_add(1);
    state.go(Phase::Connecting, Effect::Connect)
}
