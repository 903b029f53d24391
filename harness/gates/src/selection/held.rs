//! One figure held against one bar.

use edgesoak_record::gate::{Direction, Gate};
use edgesoak_record::plan::Bar;
use edgesoak_record::verdict::{GateResult, Outcome};

/// What a gate said of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Which gate.
    pub gate: Gate,
    /// What it said.
    pub outcome: Outcome,
    /// The figure, in [`Gate::unit`].
    pub measured: Option<f64>,
    /// The bar, in the same unit.
    pub limit: Option<f64>,
}

impl Held {
    /// What a session's gate said, with its intervals.
    #[must_use]
    pub fn of(result: &GateResult) -> Self {
        Self { gate: result.gate, outcome: result.outcome, measured: result.measured, limit: result.limit }
    }

    /// A figure that is a summary already, without an interval, against a bar. Without a figure, or against a promise
    /// that is not a number, nothing is proven.
    #[must_use]
    pub fn point(bar: &Bar, measured: Option<f64>) -> Self {
        let measured = measured.filter(|value| value.is_finite());
        let keeps = match (bar.gate.direction(), measured) {
            (Direction::AtLeast, Some(value)) => Some(value >= bar.limit),
            (Direction::AtMost, Some(value)) => Some(value <= bar.limit),
            (Direction::Holds, _) | (_, None) => None,
        };
        Self { gate: bar.gate, outcome: told(keeps), measured, limit: Some(bar.limit) }
    }

    /// A promise that is kept or broken; `None` where nobody looked.
    #[must_use]
    pub fn promise(gate: Gate, keeps: Option<bool>) -> Self {
        Self { gate, outcome: told(keeps), measured: None, limit: None }
    }

    /// What keeps the candidate back, in words; `None` where it passed.
    pub(super) fn complaint(&self) -> Option<String> {
        let unit = self.gate.unit();
        let figure =
            |value: f64| if unit.is_empty() { format!("{value}") } else { format!("{value} {unit}") };
        let side = if self.gate.direction() == Direction::AtMost { "at most" } else { "at least" };
        let against =
            self.limit.map(|limit| format!(", {side} {} wanted", figure(limit))).unwrap_or_default();
        match (self.outcome, self.measured) {
            (Outcome::Pass | Outcome::Info, _) => None,
            (Outcome::Fail, Some(value)) => Some(format!("{} is {}{against}", self.gate, figure(value))),
            (Outcome::Fail, None) => Some(format!("{} is broken", self.gate)),
            (Outcome::NotProven, _) => Some(format!("{} is not proven", self.gate)),
        }
    }
}

fn told(keeps: Option<bool>) -> Outcome {
    match keeps {
        Some(true) => Outcome::Pass,
        Some(false) => Outcome::Fail,
        None => Outcome::NotProven,
    }
}
