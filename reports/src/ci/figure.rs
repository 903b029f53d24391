//! The figures of a verdict that somebody may plot or compare: those that stand.

use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Outcome, RunVerdict, SessionVerdict};

use crate::words::text::name;

/// Causes of a `NotProven` that leave the figure what it is: only the bar is too near, or the runs too few.
const FIGURE_STANDS: [&str; 3] = ["too_close", "too_few", "suspect"];

/// One figure of one session.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure<'a> {
    pub session: &'a SessionVerdict,
    pub gate: &'a GateResult,
    pub value: f64,
    /// One-sided 95 % bounds.
    pub bounds: Option<(f64, f64)>,
}

impl Figure<'_> {
    /// `device (virtual) / route / candidate`.
    pub fn subject(&self) -> String {
        subject(self.session)
    }
}

/// `device (virtual) / route / candidate`, each bounded.
pub(super) fn subject(session: &SessionVerdict) -> String {
    let [device, route, candidate] =
        [&session.device, &session.route, &session.candidate].map(|text| name(text));
    let mark = session.mark();
    format!("{device}{mark} / {route} / {candidate}")
}

/// Every figure that stands, session by session. What was withdrawn for a doubt about its session is none, and what was
/// not measured is not there: no format gets a zero for it.
pub(super) fn figures(verdict: &RunVerdict) -> impl Iterator<Item = Figure<'_>> {
    verdict
        .sessions
        .iter()
        .flat_map(|session| session.gates.iter().filter_map(move |gate| standing(session, gate)))
}

fn standing<'a>(session: &'a SessionVerdict, gate: &'a GateResult) -> Option<Figure<'a>> {
    let value = gate.measured.filter(|value| value.is_finite())?;
    let stands = gate.outcome != Outcome::NotProven
        || gate.cause.as_deref().is_some_and(|cause| FIGURE_STANDS.contains(&cause));
    let finite = |bound: Option<f64>| bound.filter(|bound| bound.is_finite());
    let bounds = finite(gate.lo).zip(finite(gate.hi));
    stands.then_some(Figure { session, gate, value, bounds })
}
