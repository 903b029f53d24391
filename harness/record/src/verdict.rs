//! Outcomes of gates, sessions and runs.

use serde::{Deserialize, Serialize};

use crate::examined::Examined;
use crate::gate::Gate;
use crate::not_run::NotRun;
use crate::prediction::Prediction;
use crate::slowdown::Slowdown;
use crate::soak_shape::SoakShape;
use crate::units::Nanos;

/// What a gate says. `NotProven` is never green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The promise is kept, with confidence.
    Pass,
    /// The promise is broken, with confidence.
    Fail,
    /// Neither: the sentence says what is missing.
    NotProven,
    /// A figure without a bar.
    Info,
}

impl Outcome {
    /// The word used in JSON, SQLite and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::NotProven => "not_proven",
            Outcome::Info => "info",
        }
    }
}

/// One gate of one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// Which.
    pub gate: Gate,
    /// What it says.
    pub outcome: Outcome,
    /// Measured value in `unit`; `None` when there is none.
    pub measured: Option<f64>,
    /// Lower one-sided 95 % bound.
    pub lo: Option<f64>,
    /// Upper one-sided 95 % bound.
    pub hi: Option<f64>,
    /// The bar.
    pub limit: Option<f64>,
    /// Unit of the four numbers.
    pub unit: String,
    /// Observations behind the figure.
    pub n: u64,
    /// What a person should know, in one sentence.
    pub sentence: String,
    /// A stable word for the cause of a `Fail` or `NotProven`, such as `too_short`, `no_sensor`, `not_run`.
    pub cause: Option<String>,
    /// The gate is in the tier's blocking list.
    pub blocking: bool,
    /// A `NotProven` that the tier accepts by name, or a waived gate with the waiver's ticket.
    pub accepted: Option<String>,
    /// Ticket of the waiver that excused it, by which its uses are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}

/// The part of a channel that an outcome rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Channel name, or `tokens`, `prompts`.
    pub channel: String,
    /// Seconds since the submit of the first scored prompt.
    pub from_s: f64,
    /// Seconds since the submit of the first scored prompt.
    pub to_s: f64,
}

/// The verdict on a run or a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every blocking gate passed.
    Pass,
    /// A blocking gate failed.
    Fail,
    /// Nothing failed, but something that blocks was not shown.
    NotProven,
    /// The lab failed: no device, link lost, store unreadable. Worth a retry.
    Infrastructure,
    /// Nothing was evaluated.
    Nothing,
}

impl Verdict {
    /// The word used in JSON, SQLite and on the last line of stderr.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::NotProven => "not_proven",
            Verdict::Infrastructure => "infrastructure",
            Verdict::Nothing => "nothing",
        }
    }

    /// The exit code of the process; see the table in the docs. 2 is for usage and configuration errors.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Pass => 0,
            Verdict::Fail => 1,
            Verdict::NotProven => 3,
            Verdict::Infrastructure => 4,
            Verdict::Nothing => 5,
        }
    }
}

/// Something that speaks against a session as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// A stable word, such as `charger_attached`.
    pub cause: String,
    /// One sentence.
    pub sentence: String,
}

/// All gates of one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionVerdict {
    /// Session within the run.
    pub session: String,
    /// Device id.
    pub device: String,
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Candidate id.
    pub candidate: String,
    /// Simulated device.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Measured by another program; absent from a serialised verdict where it was not.
    #[serde(default, skip_serializing_if = "is_false", rename = "imported")]
    pub is_imported: bool,
    /// Verdict on this session alone.
    pub verdict: Verdict,
    /// The cause in one sentence.
    pub sentence: String,
    /// Every gate, blocking or not, and every figure.
    pub gates: Vec<GateResult>,
    /// What speaks against it as evidence, heaviest first; absent from a serialised verdict where nothing does, and it counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    /// What its rate looked like; absent from a serialised verdict where nobody can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak_shape: Option<SoakShape>,
    /// What became slower within the soak, and why; absent from a serialised verdict where nothing did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slowdowns: Vec<Slowdown>,
    /// What its answers to golden items show; absent from a serialised verdict where none were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examined: Option<Box<Examined>>,
    /// Where the soak would have come to rest; absent from a serialised verdict where nothing slowed down or was learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction: Option<Prediction>,
}

impl SessionVerdict {
    /// What stands behind the device wherever it is named: ` (virtual)`, ` (imported)`, both or nothing.
    #[must_use]
    pub fn mark(&self) -> &'static str {
        mark(self.is_virtual, self.is_imported)
    }
}

/// What stands behind a device of this kind wherever it is named.
#[must_use]
pub fn mark(is_virtual: bool, is_imported: bool) -> &'static str {
    match (is_virtual, is_imported) {
        (false, false) => "",
        (true, false) => " (virtual)",
        (false, true) => " (imported)",
        (true, true) => " (virtual, imported)",
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// A stored verdict in the place of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reused {
    /// When its run was opened, since the Unix epoch.
    pub opened: Nanos,
    /// How long ago that was.
    pub age: Nanos,
    /// One sentence.
    pub sentence: String,
}

/// The verdict on a run; `edgesoak judge` prints it as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunVerdict {
    /// Run id.
    pub run: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Exit code that goes with it.
    pub exit: u8,
    /// A stable word for the cause, without blanks: `floor_tps`, `too_short`, `device_lost`.
    pub reason: String,
    /// The cause in one sentence of plain English.
    pub sentence: String,
    /// What was accepted or waived, one sentence each; shown on the first screen.
    pub accepted: Vec<String>,
    /// Nothing was run for it: it is that of an earlier run of the same plan. Never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused: Option<Reused>,
    /// What was taken out of it for whoever it is forwarded to, in one sentence; `None` where nothing was. Never stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// What was wanted and left out for want of time; absent from a serialised verdict where nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<NotRun>,
    /// What to do next, one sentence or command each.
    pub next_actions: Vec<String>,
    /// One per planned session.
    pub sessions: Vec<SessionVerdict>,
}
