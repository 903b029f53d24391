//! The host's own journal: one JSON object per line, appended and synced before anything depends on it.
//!
//! Together with the device journals it is everything that is known about a run; the database is made from both.

use edgesoak_protocol::units::Nanos;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::plan::Plan;
use crate::session::{ClockOffset, SessionClose};
use crate::verdict::RunVerdict;

/// One line of `host.journal`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostEntry {
    /// Wall time since the Unix epoch; for people.
    pub at: Nanos,
    /// Session it is about; `None` for the whole run.
    pub session: Option<String>,
    /// What happened.
    pub event: HostEvent,
}

/// What the host did or saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HostEvent {
    /// First line: everything that was decided before the run.
    RunOpened {
        /// Run id, safe as a file name.
        run: String,
        /// Version of EdgeSoak.
        version: String,
        /// What it runs.
        plan: Box<Plan>,
        /// History that intervals are pooled with, as it was.
        history: History,
    },
    /// The session's state machine moved. `state` is the controller's own serialised state.
    StateChanged {
        /// Phase in words, such as `provisioning`.
        phase: String,
        /// State to resume from.
        state: Value,
    },
    /// What the agent's `probe` said.
    Probed {
        /// The document.
        probe: Value,
    },
    /// A file was put on the device, or was there already.
    Provisioned {
        /// What it is.
        what: String,
        /// SHA-256, verified on the device.
        sha256: String,
        /// Size.
        bytes: u64,
        /// It was there already, with the right digest.
        reused: bool,
    },
    /// A change made to the device, with its undo.
    DeviceChanged {
        /// What was changed.
        what: String,
        /// How it is undone.
        undo: String,
    },
    /// A change was undone.
    DeviceRestored {
        /// What was undone.
        what: String,
    },
    /// The clocks were compared.
    ClockMeasured {
        /// The result.
        offset: ClockOffset,
    },
    /// The stream broke and was taken up again after this frame.
    Reattached {
        /// Last frame the host had.
        last_seq: Option<u64>,
    },
    /// The host process was started again for this run.
    Resumed {},
    /// Something the host saw that a person should know, by a stable word and a sentence: `start-gate-unchecked`,
    /// `start-gate-held`, `expected-missing`, `sweep-left`, `quarantined`.
    Noted {
        /// Stable word.
        code: String,
        /// Sentence.
        text: String,
    },
    /// The session is over.
    SessionClosed {
        /// How.
        close: SessionClose,
    },
    /// Stored data was judged.
    Judged {
        /// The result.
        verdict: Box<RunVerdict>,
    },
    /// Last line: nothing more happens in this run unless it is resumed.
    RunClosed {
        /// Set when a person or a signal ended it early.
        interrupted: Option<String>,
    },
}

/// What earlier runs tell about the spread between runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// Spread between runs of the same unit and runtime, where enough runs exist.
    pub between_run_sigma: Vec<BetweenRunSigma>,
}

/// Standard deviation of `ln(rate)` between runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BetweenRunSigma {
    /// Device id.
    pub device: String,
    /// Candidate id.
    pub candidate: String,
    /// Standard deviation of the natural logarithm of `sustained_tps`.
    pub sigma: f64,
    /// Runs it was taken from.
    pub runs: u32,
}
