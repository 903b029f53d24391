//! A session as far as it is compared with others: its rate, and what must be the same on both sides.

use serde::{Deserialize, Serialize};

use crate::answer::ItemOutcome;
use crate::golden::Split;
use crate::slowdown::{Cause, Grade};

/// A session of a run, with what it says for a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionTrial {
    /// Run id.
    pub run: String,
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
    /// SHA-256 of the artifact.
    pub artifact_sha256: String,
    /// Simulated device.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// What it says.
    pub trial: Trial,
}

/// One run on one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// When it began, seconds on the lab's clock; says how runs were interleaved.
    pub began_s: f64,
    /// What must be the same on both sides.
    pub setup: Setup,
    /// The air around the device, °C, if it was measured.
    pub ambient: Option<f64>,
    /// What its telemetry can tell of heat; `None` where it can tell nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Measured by another program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "imported")]
    pub is_imported: bool,
    /// What it showed.
    pub shown: Shown,
    /// How fast it was when it was cold.
    #[serde(default)]
    pub burst: Burst,
    /// What slowed it down while it ran, if something did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slowed: Option<SlowedBy>,
    /// What it answered to golden items, where it was asked any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<TrialAnswers>,
}

/// The items that a session's bars are for, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialAnswers {
    /// The part of the set that they are of.
    pub split: Split,
    /// Those that were answered, behind the rest.
    pub items: Vec<ItemOutcome>,
    /// Ids of those that were asked and not answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<String>,
}

/// The rate of a cold device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Burst {
    /// In the unit of the sustained rate; above 0.
    Rate(f64),
    /// It is not known.
    Missing {
        /// A stable word for the reason.
        cause: String,
    },
}

impl Default for Burst {
    /// As in records from before it was kept.
    fn default() -> Self {
        Self::Missing { cause: "not_kept".to_owned() }
    }
}

/// A cause of a slowdown within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowedBy {
    /// Why.
    pub cause: Cause,
    /// How well that is shown.
    pub grade: Option<Grade>,
}

/// What must be the same on both sides for their rates to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// Identity of the unit.
    pub unit: String,
    /// Build of its operating system, if it is known.
    pub os_build: Option<String>,
    /// Route id.
    pub route: String,
    /// Digest of the workload: prompts, lengths, duration. Of an imported session, what a person says that it was, else the
    /// digest of its file: nobody knows what was asked there.
    pub workload: String,
    /// What fed the device: `mains` or `battery`; `None` where a version stored it that did not look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<String>,
    /// Digest of the prompt template.
    pub template: String,
}

/// What a run showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A sustained rate.
    Rate {
        /// In any unit that is the same everywhere; above 0.
        rate: f64,
        /// Whether the device had settled.
        settled: bool,
    },
    /// No evidence, whatever its rate was.
    Invalid {
        /// A stable word.
        cause: String,
    },
    /// The product itself broke its promise of integrity, such as a fall-back to another processor.
    Broken {
        /// A stable word.
        cause: String,
        /// One sentence without the device's name and without a full stop.
        sentence: String,
    },
}

impl Trial {
    /// The rate of the cold device, if it is known.
    #[must_use]
    pub fn burst_rate(&self) -> Option<f64> {
        match self.burst {
            Burst::Rate(rate) if rate.is_finite() && rate > 0.0 => Some(rate),
            _ => None,
        }
    }

    /// Natural logarithm of the rate, if there is one.
    #[must_use]
    pub fn ln_rate(&self) -> Option<f64> {
        match self.shown {
            Shown::Rate { rate, .. } if rate.is_finite() && rate > 0.0 => Some(rate.ln()),
            _ => None,
        }
    }
}
