//! A release as sessions with gates, so that every format of runs takes it.

use edgesoak_record::release::Release;
use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Outcome, RunVerdict, SessionVerdict};

use crate::comparison::{Beside, comparison_verdict};

/// Why a gate of a session does not stop a release.
const SIMULATED: &str = "hardware decides, and this device is simulated";

/// A release as a verdict: its sessions, each under the name of its run, then the changes against its references.
///
/// What does not decide is `accepted` with the reason. Holes in its families have no gate: who shows a release lists them
/// beside.
#[must_use]
pub fn release_verdict(release: &Release) -> RunVerdict {
    let decides = |run: &str, session: &str| {
        let rests = |rests: &(String, String)| rests.0 == run && rests.1 == session;
        release.cells.iter().any(|cell| cell.decides && cell.rests_on.iter().any(rests))
    };
    let own = release.sessions.iter().map(|session| SessionVerdict {
        session: format!("{} {}", session.run, session.verdict.session),
        gates: gates(&session.verdict, decides(&session.run, &session.verdict.session)),
        ..session.verdict.clone()
    });
    let compared = release.comparison.iter();
    let compared = compared.flat_map(|it| comparison_verdict(it, &Beside::default()).sessions);
    RunVerdict {
        run: release.name.clone(),
        verdict: release.verdict,
        exit: release.exit,
        reason: release.reason.clone(),
        sentence: release.sentence.clone(),
        accepted: release.accepted.clone(),
        reused: None,
        redacted: release.redacted.clone(),
        not_run: Vec::new(),
        next_actions: release.next_actions.clone(),
        sessions: own.chain(compared).collect(),
    }
}

fn gates(session: &SessionVerdict, decides: bool) -> Vec<GateResult> {
    let open = |gate: &GateResult| matches!(gate.outcome, Outcome::Fail | Outcome::NotProven);
    let excused = |gate: &GateResult| GateResult {
        accepted: gate.accepted.clone().or_else(|| (!decides && open(gate)).then(|| SIMULATED.to_owned())),
        ..gate.clone()
    };
    session.gates.iter().map(excused).collect()
}
