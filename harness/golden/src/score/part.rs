//! What scorers find: points, an outcome and a reason that quotes nothing.

pub use edgesoak_record::answer::{Cell, Outcome, Part};
use serde::{Deserialize, Serialize};

/// The verdict on one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// In 0..=1; `None` where the outcome is unknown.
    pub points: Option<f64>,
    /// Whether the item counts as answered right.
    pub outcome: Outcome,
    /// Answered or abstained, right or wrong.
    pub cell: Cell,
    /// The root of the tree of scorers.
    pub part: Part,
}

impl Score {
    /// Whether the item counts as answered right.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Pass
    }
}

/// What a rule says about an answer, before it has a name.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) points: Option<f64>,
    pub(crate) outcome: Outcome,
    pub(crate) ruins: bool,
    pub(crate) reason: String,
    pub(crate) parts: Vec<Part>,
}

impl Finding {
    /// All or nothing.
    pub(crate) fn holds(holds: bool, reason: impl Into<String>) -> Self {
        Self::graded(f64::from(u8::from(holds)), holds, reason)
    }

    /// A part of one.
    pub(crate) fn graded(points: f64, holds: bool, reason: impl Into<String>) -> Self {
        Self {
            points: Some(points.clamp(0.0, 1.0)),
            outcome: Outcome::of(holds),
            ruins: false,
            reason: reason.into(),
            parts: Vec::new(),
        }
    }

    /// What would tell was not measured.
    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self {
            points: None,
            outcome: Outcome::Unknown,
            ruins: false,
            reason: reason.into(),
            parts: Vec::new(),
        }
    }

    /// A failure that nothing around it mends.
    pub(crate) fn ruin(reason: impl Into<String>) -> Self {
        Self { ruins: true, ..Self::holds(false, reason) }
    }
}
