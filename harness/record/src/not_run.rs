//! What a plan leaves out so that it fits into a time, and what stays unproven for it.

use serde::{Deserialize, Serialize};

use crate::gate::Gate;

/// A plan that was cut so that it fits into a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// The time, seconds.
    pub budget_s: f64,
    /// What all of it was expected to take, seconds.
    pub whole_s: f64,
    /// What was left out, in the order in which it was.
    pub not_run: Vec<NotRun>,
}

/// Something that was wanted and is not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRun {
    /// What it is.
    pub what: LeftOut,
    /// A stable word for the reason: `budget`.
    pub cause: String,
    /// Devices that miss it, by id.
    pub devices: Vec<String>,
    /// Families of which nothing is run any more.
    pub families: Vec<String>,
    /// Gates of the tier that rest on less because of it, or on nothing.
    pub gates: Vec<Gate>,
    /// What stays unproven, in one sentence.
    pub sentence: String,
}

/// What can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Repetitions of sessions beyond the fewest that decide.
    Repetitions,
    /// Rest and burst after the soak.
    RecoveryProbe,
    /// A device.
    Device,
}

impl LeftOut {
    /// The word used in JSON and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LeftOut::Repetitions => "repetitions",
            LeftOut::RecoveryProbe => "recovery_probe",
            LeftOut::Device => "device",
        }
    }
}
