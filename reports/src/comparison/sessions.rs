//! A comparison as sessions with gates, so that every format of runs takes it.

use edgesoak_record::comparison::{Change, Comparison, DeviceComparison, FamilyComparison};
use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Gate, Outcome, RunVerdict, SessionVerdict, Verdict};

use super::{Beside, candidate, listed};

/// Why a gate of a part does not decide.
const BESIDE: &str = "beside the comparison, which decides";

/// A comparison as a verdict: a session per device and reference and one per family, each with the gate `regression`; then
/// the sessions of the runs that were made for it with what blocks in their tier, which decides nothing here.
///
/// What was not shown passes nowhere, and what does not decide is `accepted` with the reason.
#[must_use]
pub fn comparison_verdict(comparison: &Comparison, beside: &Beside<'_>) -> RunVerdict {
    let of_device = |device| compared(comparison, device);
    let families = comparison.families.iter().map(|family| of_family(comparison, family));
    let sessions = comparison.devices.iter().flat_map(of_device).chain(families);
    let parts = beside.parts.iter().flat_map(|part| beside_it(part.verdict).sessions);
    RunVerdict {
        run: candidate(comparison).map(|side| listed(&side.runs)).unwrap_or_default(),
        verdict: comparison.verdict,
        exit: comparison.exit,
        reason: comparison.reason.clone(),
        sentence: comparison.sentence.clone(),
        accepted: comparison.accepted.clone(),
        not_run: beside.not_run.to_vec(),
        reused: None,
        redacted: comparison.redacted.clone(),
        next_actions: comparison.next_actions.clone(),
        sessions: sessions.chain(parts).collect(),
    }
}

/// A part's verdict with the gates that block in its tier; none of them stops anybody here.
pub(crate) fn beside_it(verdict: &RunVerdict) -> RunVerdict {
    let mut verdict = verdict.clone();
    for session in &mut verdict.sessions {
        session.gates.retain(|gate| gate.blocking);
        for gate in &mut session.gates {
            if gate.outcome != Outcome::Pass && gate.accepted.is_none() {
                gate.accepted = Some(BESIDE.to_owned());
            }
        }
        session.verdict = Verdict::Pass;
    }
    // One in which nothing blocks has nothing to say beside a comparison.
    verdict.sessions.retain(|session| !session.gates.is_empty());
    verdict
}

fn session(comparison: &Comparison, device: &str, route: &str, gate: GateResult) -> SessionVerdict {
    let verdict = match gate.outcome {
        _ if gate.accepted.is_some() || !gate.blocking => Verdict::Pass,
        Outcome::Fail => Verdict::Fail,
        Outcome::NotProven => Verdict::NotProven,
        Outcome::Pass | Outcome::Info => Verdict::Pass,
    };
    let candidates = candidate(comparison).map(|side| listed(&side.candidates)).unwrap_or_default();
    SessionVerdict {
        session: String::new(),
        device: device.to_owned(),
        family: String::new(),
        route: route.to_owned(),
        candidate: candidates,
        is_virtual: false,
        is_imported: false,
        verdict,
        sentence: gate.sentence.clone(),
        gates: vec![gate],
        doubts: Vec::new(),
        slowdowns: Vec::new(),
        examined: None,
        prediction: None,
        soak_shape: None,
    }
}

fn compared(comparison: &Comparison, device: &DeviceComparison) -> Vec<SessionVerdict> {
    let of_change = |change: &Change| {
        let gate = of_change(device, change);
        let session = session(comparison, &device.device, &device.route, gate);
        SessionVerdict {
            session: format!("{} {}", device.device, change.reference.title()),
            family: device.family.clone(),
            candidate: format!("{} against {}", session.candidate, change.reference.title()),
            is_virtual: device.is_virtual,
            slowdowns: change.why.iter().cloned().collect(),
            ..session
        }
    };
    device.changes.iter().map(of_change).collect()
}

fn of_change(device: &DeviceComparison, change: &Change) -> GateResult {
    let is_open = change.outcome != Outcome::Pass;
    // A waiver that is over fails a device that no change fails.
    let fails = device.changes.iter().any(|change| change.outcome == Outcome::Fail);
    let is_lifted = is_open && device.outcome == Outcome::Fail && !fails;
    let (outcome, cause, sentence) = if is_lifted {
        (device.outcome, &device.cause, &device.sentence)
    } else {
        (change.outcome, &change.cause, &change.sentence)
    };
    let simulated = || "hardware decides, and this device is simulated".to_owned();
    let accepted = device.accepted.clone().or_else(|| (!device.blocking).then(simulated));
    let sentence =
        change.why.as_ref().map_or_else(|| sentence.clone(), |why| format!("{sentence} {}.", why.sentence));
    GateResult {
        measured: change.change,
        lo: change.lo,
        hi: change.hi,
        limit: Some(change.limit),
        n: u64::from(change.candidate_runs) + u64::from(change.reference_runs),
        cause: cause.clone(),
        blocking: true,
        accepted: accepted.filter(|_| is_open),
        ..regression(outcome, sentence)
    }
}

fn of_family(comparison: &Comparison, family: &FamilyComparison) -> SessionVerdict {
    // Units that nobody is stopped by fail no family.
    let excused = family.outcome == Outcome::Fail && !family.blocking;
    let gate = GateResult {
        n: u64::from(family.units),
        cause: family.cause.clone(),
        blocking: family.blocking,
        accepted: excused.then(|| "excused unit by unit".to_owned()),
        ..regression(family.outcome, family.sentence.clone())
    };
    let name = format!("family {}", family.family);
    SessionVerdict {
        session: name.clone(),
        family: family.family.clone(),
        ..session(comparison, &name, &family.route, gate)
    }
}

fn regression(outcome: Outcome, sentence: String) -> GateResult {
    GateResult {
        gate: Gate::Regression,
        outcome,
        measured: None,
        lo: None,
        hi: None,
        limit: None,
        unit: Gate::Regression.unit().to_owned(),
        n: 0,
        sentence,
        cause: None,
        blocking: true,
        accepted: None,
        waived: None,
        evidence: Vec::new(),
    }
}
