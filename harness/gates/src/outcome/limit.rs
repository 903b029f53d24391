//! Bounds against a limit: Pass and Fail both need confidence, everything between is `NotProven`.

use edgesoak_record::gate::{Direction, Gate};
use edgesoak_record::verdict::Evidence;

use crate::figures::with_unit;
use crate::outcome::{Finding, Missing};

/// A figure with its bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// What it is, capitalised: `Floor`.
    pub name: String,
    /// The value, in the gate's unit.
    pub value: f64,
    /// Lower one-sided 95 % bound, if there is one.
    pub lo: Option<f64>,
    /// Upper one-sided 95 % bound, if there is one.
    pub hi: Option<f64>,
    /// Observations.
    pub n: u64,
    /// What else belongs into the sentence; may be empty.
    pub note: String,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}

impl Estimate {
    /// A value that is known exactly, such as a count.
    #[must_use]
    pub fn exact(name: &str, value: f64, n: u64) -> Self {
        let (lo, hi) = (Some(value), Some(value));
        Self { name: name.to_owned(), value, lo, hi, n, note: String::new(), evidence: Vec::new() }
    }

    /// With bounds, where there are any.
    #[must_use]
    pub fn bounds(mut self, bounds: Option<(f64, f64)>) -> Self {
        (self.lo, self.hi) = (bounds.map(|bounds| bounds.0), bounds.map(|bounds| bounds.1));
        self
    }

    /// With a remark for the sentence.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With a place to look at.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }
}

/// A figure against its limit, or why there is none.
#[must_use]
pub fn judged(gate: Gate, limit: Option<f64>, estimate: Result<Estimate, Missing>) -> Finding {
    match estimate {
        Ok(estimate) => against(gate, limit, estimate),
        Err(missing) => Finding::from(missing).limit(limit),
    }
}

/// What the bounds say about the limit; without one the figure is information.
#[must_use]
pub fn against(gate: Gate, limit: Option<f64>, estimate: Estimate) -> Finding {
    let unit = gate.unit();
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let (lo, hi) = (finite(estimate.lo), finite(estimate.hi));
    let Some(value) = finite(Some(estimate.value)) else {
        return Finding::not_proven("implausible", format!("{} is not a finite number", estimate.name))
            .limit(limit);
    };
    let head = format!("{} {}", estimate.name, with_unit(value, unit));
    let tail = if estimate.note.is_empty() { String::new() } else { format!("; {}", estimate.note) };
    let mut finding = match limit {
        None => Finding::info(format!("{head}{tail}")),
        Some(limit) if !limit.is_finite() => {
            Finding::not_proven("bad_bar", format!("{head}, but its bar is not a finite number"))
        }
        Some(limit) => compared(gate, limit, &head, &tail, value, (lo, hi)),
    };
    finding.measured = Some(value);
    (finding.lo, finding.hi, finding.n) = (lo, hi, estimate.n);
    finding.limit = limit.filter(|limit| limit.is_finite());
    finding.evidence = estimate.evidence;
    finding
}

type Bounds = (Option<f64>, Option<f64>);

fn compared(gate: Gate, limit: f64, head: &str, tail: &str, value: f64, (lo, hi): Bounds) -> Finding {
    let unit = gate.unit();
    let bar = with_unit(limit, unit);
    let bound = |bound: Option<f64>| match bound {
        Some(bound) if (bound - value).abs() > 1e-12 => format!(" (95 % bound {})", with_unit(bound, unit)),
        _ => String::new(),
    };
    let at_least = gate.direction() == Direction::AtLeast;
    let (good, bad) = if at_least { (lo, hi) } else { (hi, lo) };
    let keeps = |bound: f64| if at_least { bound >= limit } else { bound <= limit };
    if good.is_some_and(keeps) {
        let word = if at_least { "reaches" } else { "stays within" };
        return Finding::pass(format!("{head} {word} the bar of {bar}{}{tail}", bound(good)));
    }
    if bad.is_some_and(|bound| !keeps(bound)) {
        let word = if at_least { "is under" } else { "is over" };
        return Finding::fail(gate.word(), format!("{head} {word} the bar of {bar}{}{tail}", bound(bad)));
    }
    match (lo, hi) {
        (Some(lo), Some(hi)) => {
            let bounds = format!("{} and {}", with_unit(lo, unit), with_unit(hi, unit));
            let words =
                format!("{head} is too close to the bar of {bar}: the 95 % bounds are {bounds}{tail}");
            Finding::not_proven("too_close", words)
        }
        _ => Finding::not_proven(
            "too_few",
            format!("{head} against a bar of {bar} has too few observations{tail}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::gate::Gate;
    use edgesoak_record::verdict::Outcome;

    use super::{Estimate, against};

    fn judged(gate: Gate, limit: f64, lo: f64, hi: f64) -> Outcome {
        let mut estimate = Estimate::exact("Figure", f64::midpoint(lo, hi), 9);
        (estimate.lo, estimate.hi) = (Some(lo), Some(hi));
        against(gate, Some(limit), estimate).outcome
    }

    #[test]
    fn the_bounds_decide_not_the_value() {
        assert_eq!(judged(Gate::FloorTps, 18.0, 18.0, 20.0), Outcome::Pass);
        assert_eq!(judged(Gate::FloorTps, 18.0, 17.9, 20.0), Outcome::NotProven);
        assert_eq!(judged(Gate::FloorTps, 18.0, 16.0, 18.0), Outcome::NotProven);
        assert_eq!(judged(Gate::FloorTps, 18.0, 16.0, 17.9), Outcome::Fail);
        assert_eq!(judged(Gate::TtftP95, 250.0, 200.0, 250.0), Outcome::Pass);
        assert_eq!(judged(Gate::TtftP95, 250.0, 240.0, 260.0), Outcome::NotProven);
        assert_eq!(judged(Gate::TtftP95, 250.0, 251.0, 260.0), Outcome::Fail);
    }

    #[test]
    fn numbers_that_are_none_never_pass() {
        assert_eq!(judged(Gate::FloorTps, f64::NAN, 1.0, 2.0), Outcome::NotProven);
        assert_eq!(judged(Gate::FloorTps, 18.0, f64::NAN, f64::NAN), Outcome::NotProven);
        let finding = against(Gate::FloorTps, Some(1.0), Estimate::exact("Figure", f64::INFINITY, 1));
        assert_eq!((finding.outcome, finding.measured), (Outcome::NotProven, None));
    }
}
