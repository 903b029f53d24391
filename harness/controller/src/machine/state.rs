//! What is known about a session between two steps.

use edgesoak_record::session::SessionClose;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::phase::Phase;

/// A session between two steps; everything that a host needs to go on with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Where it is.
    pub phase: Phase,
    /// Counts beginnings from 1: a resumed session may begin again. Within one, phases only go forward.
    pub attempt: u32,
    /// Changes made to the device and not undone, oldest first.
    pub changes: Vec<Change>,
    /// The agent was told to stop.
    pub stopping: bool,
    /// The copy of the journal is not known to be whole, so the device keeps its journal.
    pub keep_journal: bool,
    /// How the session will be closed, once that is decided; `None` means completed so far.
    pub ending: Option<SessionClose>,
    /// Why the device should not be used before a person has looked at it.
    pub quarantine: Option<Quarantine>,
}

/// Why a device should not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// Whose fault it is: `device`, `lab`, `config`, `harness`.
    pub whose: String,
    /// A sentence.
    pub why: String,
}

impl State {
    /// A session that waits for its turn.
    #[must_use]
    pub fn queued() -> Self {
        Self {
            phase: Phase::Queued,
            attempt: 1,
            changes: Vec::new(),
            stopping: false,
            keep_journal: false,
            ending: None,
            quarantine: None,
        }
    }
}
