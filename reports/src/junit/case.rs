//! A gate, a session or a run as a test case.

use edgesoak_record::release::Coverage;
use edgesoak_record::verdict::{Evidence, GateResult};
use edgesoak_record::{Gate, NotRun, Outcome, Verdict};

use crate::words::gate::sign;
use crate::words::number::{Amount, count};
use crate::words::text::{name, sentence};
use crate::words::time::clock;

/// Most parts of channels that a case points at.
const MOST_EVIDENCE: usize = 8;

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Passed,
    Failure,
    /// With its type.
    Error(&'static str),
    Skipped,
}

impl Ending {
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Ending::Passed,
            Verdict::Fail => Ending::Failure,
            Verdict::NotProven => Ending::Error("not_proven"),
            Verdict::Infrastructure => Ending::Error("infra"),
            Verdict::Nothing => Ending::Error("nothing"),
        }
    }

    pub fn is_red(self) -> bool {
        matches!(self, Ending::Failure | Ending::Error(_))
    }
}

/// One case.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub name: String,
    pub ending: Ending,
    /// One line.
    pub message: String,
    pub detail: String,
}

impl Case {
    /// What a whole session or run came to.
    pub fn of_verdict(label: &str, verdict: Verdict, words: &str) -> Self {
        Self {
            name: label.to_owned(),
            ending: Ending::of(verdict),
            message: sentence(words),
            detail: String::new(),
        }
    }

    /// Something that was wanted and is not run: it is never passed.
    pub fn not_run(missing: &NotRun) -> Self {
        let label = format!("not run: {} {}", missing.what.word(), missing.devices.join(", "));
        Self {
            name: sentence(&label),
            ending: Ending::Skipped,
            message: format!("not_run ({}): {}", name(&missing.cause), sentence(&missing.sentence)),
            detail: String::new(),
        }
    }

    /// A family that a route is owed on: a hole is not proven.
    pub fn of_coverage(coverage: &Coverage) -> Self {
        let verdict = if coverage.outcome == Outcome::Pass { Verdict::Pass } else { Verdict::NotProven };
        let label = format!("family {} / {}", name(&coverage.family), name(&coverage.route));
        Self::of_verdict(&label, verdict, &coverage.sentence)
    }

    /// A gate of a session that came to this; `None` for a figure that nobody set a bar for.
    pub fn of_gate(session: Verdict, gate: &GateResult, mark: &str) -> Option<Self> {
        let ending = match (gate.outcome, &gate.accepted) {
            (Outcome::Info, _) => return None,
            (Outcome::Pass, _) => Ending::Passed,
            (Outcome::Fail | Outcome::NotProven, Some(_)) => Ending::Skipped,
            (Outcome::Fail, None) => Ending::Failure,
            (Outcome::NotProven, None) if !gate.blocking => Ending::Skipped,
            (Outcome::NotProven, None) if session == Verdict::Infrastructure => Ending::Error("infra"),
            (Outcome::NotProven, None) => Ending::Error("not_proven"),
        };
        Some(Self {
            name: format!("{}{mark}", gate.gate.word()),
            ending,
            message: message(gate, mark),
            detail: detail(gate),
        })
    }
}

/// What it is, why nobody is stopped by it if so, and the sentence.
fn message(gate: &GateResult, mark: &str) -> String {
    let mut words = gate.outcome.word().to_owned();
    if let Some(cause) = &gate.cause {
        words = format!("{words} ({})", name(cause));
    }
    words += mark;
    if let Some(accepted) = &gate.accepted {
        words = format!("{words}, {}", sentence(accepted));
    } else if !gate.blocking {
        words += ", does not block";
    }
    format!("{words}: {}", sentence(&gate.sentence))
}

fn detail(gate: &GateResult) -> String {
    let amount =
        |value: Option<f64>| value.filter(|v| v.is_finite()).map(|v| Amount::of(v, &gate.unit).full());
    let mut lines = Vec::new();
    if let Some(measured) = amount(gate.measured) {
        lines.push(format!("measured {measured}, n = {}", count(gate.n)));
    }
    if let (Some(lo), Some(hi)) = (amount(gate.lo), amount(gate.hi)) {
        // Several looks share one error.
        let confidence = if gate.gate == Gate::Regression { "one look's" } else { "one-sided 95 %" };
        lines.push(format!("{confidence} bounds {lo} and {hi}"));
    }
    if let Some(limit) = gate.limit.filter(|limit| limit.is_finite()) {
        let bar = format!("bar {} {}", sign(gate.gate), Amount::limit(limit, &gate.unit).full());
        lines.push(bar.replace("  ", " "));
    }
    lines.extend(gate.evidence.iter().take(MOST_EVIDENCE).map(place));
    lines.join("\n")
}

fn place(evidence: &Evidence) -> String {
    format!("see {} from {} to {}", name(&evidence.channel), clock(evidence.from_s), clock(evidence.to_s))
}
