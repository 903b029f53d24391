//! The host's own journal: one JSON object per line, appended and synced before anything depends on it.
//!
//! Together with the device journals it is everything that is known about a run; the database is made from both.

use edgesoak_protocol::reading::Reason;
use edgesoak_protocol::units::Nanos;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::gate::Gate;
use crate::golden::{Asked, GoldenAnswer};
use crate::import::Import;
use crate::lab::MeterScope;
use crate::leaks::{Planted, Searched, SecretAnswered};
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
    /// What an external meter said in about a second.
    MeterRead {
        /// Name of the meter in the lab's file.
        meter: String,
        /// What its figure includes.
        scope: MeterScope,
        /// Claimed largest error of its gain, parts per million.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gain_error_ppm: Option<u32>,
        /// When its stream was opened, on the host's monotonic clock: its own clock may begin anew with each.
        opened: Nanos,
        /// In the order in which they came.
        readings: Vec<MeterReading>,
    },
    /// How the meter's own clock runs against the host's, as far as it is known by now; the last one of a stream
    /// counts.
    MeterClock {
        /// Name of the meter.
        meter: String,
        /// As in `MeterRead`.
        opened: Nanos,
        /// The fit.
        clock: MeterClock,
    },
    /// What the probe said of the room.
    AmbientRead {
        /// Name of the probe in the lab's file.
        probe: String,
        /// Host's monotonic clock.
        host_mono: Nanos,
        /// Temperature, thousandths of a degree Celsius; `None` if there is a reason.
        millicelsius: Option<i64>,
        /// Why there is no temperature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// The session was measured by another program; its journal was made from that program's file.
    Imported {
        /// Which file, and what it says of the whole session.
        import: Box<Import>,
    },
    /// Items of a golden set are about to be asked; answers before it, of a session that begins anew, do not count.
    Asked {
        /// Which.
        asked: Box<Asked>,
    },
    /// An answer was scored.
    Answered {
        /// The result.
        answer: Box<GoldenAnswer>,
    },
    /// Secrets were given to the device; what was told of them before it, of a session that begins anew, does not
    /// count.
    Planted {
        /// Where, and by which key.
        planted: Planted,
    },
    /// A prompt with a secret came to its end.
    SecretAnswered {
        /// How.
        answered: SecretAnswered,
    },
    /// The secrets of the session were looked for.
    Searched {
        /// Where, and what was found.
        searched: Box<Searched>,
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

/// One reading of a meter. Whole numbers come back from a journal as they went in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterReading {
    /// When it arrived, on the host's monotonic clock.
    #[serde(rename = "t")]
    pub arrived: Nanos,
    /// When it was taken, on the meter's own clock, nanoseconds; `None` if it did not say.
    #[serde(rename = "own", default, skip_serializing_if = "Option::is_none")]
    pub own_ns: Option<i64>,
    /// Power, microwatts; `None` if there is a reason.
    #[serde(rename = "uw", default, skip_serializing_if = "Option::is_none")]
    pub microwatts: Option<i64>,
    /// Why there is no power.
    #[serde(rename = "why", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// How a meter's own clock runs against the host's monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeterClock {
    /// Own time that the fit begins at, nanoseconds.
    pub own_ns: i64,
    /// Host time then.
    pub host_ns: i64,
    /// Nanoseconds that the host's clock gains on it per second.
    pub drift_ppb: i64,
    /// Spread of the shortest delays around the fit, nanoseconds. The shortest delay itself cannot be seen.
    pub residual_ns: u64,
}

impl MeterClock {
    /// Host time of a time of the meter; `None` where it is no time of the host.
    #[must_use]
    pub fn host(&self, own_ns: i64) -> Option<Nanos> {
        let since = i128::from(own_ns) - i128::from(self.own_ns);
        let drifted = since * i128::from(self.drift_ppb) / 1_000_000_000;
        u64::try_from(i128::from(self.host_ns) + since + drifted).ok().map(Nanos)
    }
}

/// What earlier runs tell: how far runs differ, and how often exceptions were made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// Spread between runs of the same unit and runtime, where enough runs exist.
    pub between_run_sigma: Vec<BetweenRunSigma>,
    /// Waivers with a most number of uses that earlier runs used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiver_uses: Vec<WaiverUses>,
}

/// How many earlier runs a waiver excused something in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverUses {
    /// Gate that was waived.
    pub gate: Gate,
    /// Ticket of the waiver.
    pub ticket: String,
    /// Runs; one with several devices counts once.
    pub runs: u32,
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
    /// Days on which these were opened, 18 hours or more apart; 0 where nobody counted them.
    #[serde(default)]
    pub days: u32,
}
