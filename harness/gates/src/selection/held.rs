//! One figure held against one bar.

use edgesoak_record::gate::{Direction, Gate};
use edgesoak_record::plan::Bar;
use edgesoak_record::verdict::{GateResult, Outcome};

use crate::figures::with_unit;

/// What a gate said of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Which gate.
    pub gate: Gate,
    /// What it said.
    pub outcome: Outcome,
    /// A stable word for the cause of a `Fail` or `NotProven`.
    pub cause: String,
    /// In words, without a full stop.
    pub why: String,
    /// What excuses it: accepted by name, or waived.
    pub accepted: Option<String>,
}

impl Held {
    /// What a session's gate said, with its intervals.
    #[must_use]
    pub fn of(result: &GateResult) -> Self {
        Self {
            gate: result.gate,
            outcome: result.outcome,
            cause: result.cause.clone().unwrap_or_else(|| result.gate.word().to_owned()),
            why: result.sentence.trim_end_matches('.').to_owned(),
            accepted: result.accepted.clone(),
        }
    }

    /// A figure that is a summary already, without an interval, against a bar. Without a figure, or against a promise
    /// that is not a number, nothing is proven.
    #[must_use]
    pub fn point(bar: &Bar, measured: Option<f64>) -> Self {
        let measured = measured.filter(|value| value.is_finite());
        let (side, keeps) = match (bar.gate.direction(), measured) {
            (Direction::AtLeast, Some(value)) => ("at least", Some(value >= bar.limit)),
            (Direction::AtMost, Some(value)) => ("at most", Some(value <= bar.limit)),
            (Direction::Holds, _) | (_, None) => return Self::promise(bar.gate, None),
        };
        let figure = |value: f64| with_unit(value, bar.gate.unit());
        let found = measured.map(figure).unwrap_or_default();
        let why = format!("{} is {found}, {side} {} wanted", bar.gate, figure(bar.limit));
        Self { why, ..Self::promise(bar.gate, keeps) }
    }

    /// A promise that is kept or broken; `None` where nobody looked.
    #[must_use]
    pub fn promise(gate: Gate, keeps: Option<bool>) -> Self {
        let (outcome, said) = match keeps {
            Some(true) => (Outcome::Pass, "kept"),
            Some(false) => (Outcome::Fail, "broken"),
            None => (Outcome::NotProven, "not proven"),
        };
        Self {
            gate,
            outcome,
            cause: gate.word().to_owned(),
            why: format!("{gate} is {said}"),
            accepted: None,
        }
    }

    /// Whether it keeps the candidate back.
    pub(super) fn misses(&self) -> bool {
        matches!(self.outcome, Outcome::Fail | Outcome::NotProven) && self.accepted.is_none()
    }
}
