//! Sessions of a release, taken together by device, route and candidate.

use std::collections::BTreeMap;

use edgesoak_record::release::{ReleaseCell, ReleaseSession};
use edgesoak_record::verdict::{GateResult, Outcome, Verdict};
use edgesoak_record::{Direction, Gate, SessionTrial};

use super::evidence::Evidence;
use crate::selection::Measured;
use crate::verdict::precedence;

/// Every cell, the worst first, and the sessions behind them in the same order.
pub fn of(evidence: &Evidence<'_>) -> (Vec<ReleaseCell>, Vec<ReleaseSession>) {
    let mut groups: BTreeMap<[&str; 3], Vec<&Measured<'_>>> = BTreeMap::new();
    for session in evidence.measured {
        let key = [session.verdict.device.as_str(), &session.verdict.route, &session.verdict.candidate];
        groups.entry(key).or_default().push(session);
    }
    let on_hardware = is_on_hardware(evidence);
    let mut cells: Vec<(ReleaseCell, Vec<&Measured<'_>>)> = Vec::new();
    for mut sessions in groups.into_values() {
        let key = |session: &Measured<'_>| (session.run.opened, session.run.id.clone());
        sessions.sort_by(|one, other| {
            key(other).cmp(&key(one)).then_with(|| one.verdict.session.cmp(&other.verdict.session))
        });
        cells.push((cell(&sessions, on_hardware), sessions));
    }
    let of_missing = evidence.not_stored.iter().filter(|trial| !is_known(&cells, trial));
    let missing: Vec<ReleaseCell> = of_missing.map(|trial| not_stored(trial, on_hardware)).collect();
    cells.extend(missing.into_iter().map(|cell| (cell, Vec::new())));
    cells.sort_by(|(one, _), (other, _)| standing(one).cmp(&standing(other)));
    let sessions = cells
        .iter()
        .flat_map(|(_, sessions)| sessions)
        .map(|session| ReleaseSession { run: session.run.id.clone(), verdict: session.verdict.clone() });
    let sessions = sessions.collect();
    (cells.into_iter().map(|(cell, _)| cell).collect(), sessions)
}

/// Where hardware was measured, only hardware counts.
pub fn is_on_hardware(evidence: &Evidence<'_>) -> bool {
    let measured = evidence.measured.iter().any(|session| !session.verdict.is_virtual);
    measured || evidence.not_stored.iter().any(|trial| !trial.is_virtual)
}

/// Whether the session tells anything of its candidate: not where the lab lost it, or nothing was evaluated.
pub fn tells(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Infrastructure | Verdict::Nothing)
}

/// How bad a cell is: what counts before what does not, then by verdict, then by name.
fn standing(cell: &ReleaseCell) -> (bool, u8, &str, &str, &str) {
    (!cell.decides, badness(cell.verdict), &cell.device, &cell.route, &cell.candidate)
}

fn badness(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::NotProven => 1,
        Verdict::Infrastructure => 2,
        Verdict::Nothing => 3,
        Verdict::Pass => 4,
    }
}

fn cell(sessions: &[&Measured<'_>], on_hardware: bool) -> ReleaseCell {
    // A session that the lab lost says nothing where another one tells something.
    let telling: Vec<&&Measured<'_>> =
        sessions.iter().filter(|session| tells(session.verdict.verdict)).collect();
    let telling = if telling.is_empty() { sessions.iter().collect() } else { telling };
    let worst = telling.iter().min_by_key(|session| badness(session.verdict.verdict));
    let (newest, worst) = (sessions[0], worst.map_or(sessions[0], |worst| **worst));
    let planned = &newest.record.planned;
    let gates = || telling.iter().flat_map(|session| &session.verdict.gates);
    let is_virtual = sessions.iter().any(|session| session.verdict.is_virtual);
    ReleaseCell {
        device: newest.verdict.device.clone(),
        family: newest.verdict.family.clone(),
        family_title: planned.device.family_title.clone(),
        route: newest.verdict.route.clone(),
        candidate: newest.verdict.candidate.clone(),
        runtime: planned.candidate.runtime.clone(),
        artifact_sha256: planned.candidate.sha256.clone(),
        is_virtual,
        is_imported: sessions.iter().any(|session| session.verdict.is_imported),
        decides: !(on_hardware && is_virtual),
        verdict: worst.verdict.verdict,
        sentence: worst.verdict.sentence.clone(),
        worst: worst_gate(gates()).cloned(),
        floor: worst_gate(gates().filter(|gate| gate.gate == Gate::FloorTps)).cloned(),
        stored: true,
        rests_on: sessions
            .iter()
            .map(|session| (session.run.id.clone(), session.verdict.session.clone()))
            .collect(),
    }
}

fn is_known(cells: &[(ReleaseCell, Vec<&Measured<'_>>)], trial: &SessionTrial) -> bool {
    cells.iter().any(|(cell, _)| cell.rests_on.contains(&(trial.run.clone(), trial.session.clone())))
}

/// A promoted session of which only its rate is known.
fn not_stored(trial: &SessionTrial, on_hardware: bool) -> ReleaseCell {
    let SessionTrial { device, run, session, .. } = trial;
    ReleaseCell {
        device: device.clone(),
        family: trial.family.clone(),
        family_title: trial.family.clone(),
        route: trial.route.clone(),
        candidate: trial.candidate.clone(),
        runtime: String::new(),
        artifact_sha256: trial.artifact_sha256.clone(),
        is_virtual: trial.is_virtual,
        is_imported: trial.trial.is_imported,
        decides: !(on_hardware && trial.is_virtual),
        verdict: Verdict::NotProven,
        sentence: format!("{device}: run {run} is not stored here, so that nothing but its rate is known."),
        worst: None,
        floor: None,
        stored: false,
        rests_on: vec![(run.clone(), session.clone())],
    }
}

/// What is worst of what is judged: failures, then what is open, then the smallest distance to a limit as a part of it.
fn worst_gate<'a>(gates: impl Iterator<Item = &'a GateResult>) -> Option<&'a GateResult> {
    let judged = gates.filter(|gate| gate.blocking || gate.limit.is_some() || gate.outcome == Outcome::Fail);
    judged.min_by(|one, other| rank(one).partial_cmp(&rank(other)).unwrap_or(std::cmp::Ordering::Equal))
}

fn rank(gate: &GateResult) -> (u8, bool, bool, f64) {
    let outcome = match gate.outcome {
        Outcome::Fail => 0,
        Outcome::NotProven => 1,
        Outcome::Pass => 2,
        Outcome::Info => 3,
    };
    let is_open = outcome < 2;
    // Of what is kept the nearest to its bar is worst: a promise without a figure is not near to anything.
    let of_integrity = is_open && precedence::is_integrity(gate);
    (outcome, !gate.blocking || gate.accepted.is_some(), !of_integrity, margin(gate))
}

/// How far a figure is within its limit, as a part of it; without figures there is no nearer.
fn margin(gate: &GateResult) -> f64 {
    let (Some(measured), Some(limit)) = (gate.measured, gate.limit.filter(|limit| *limit != 0.0)) else {
        return f64::MAX;
    };
    let margin = (measured - limit) / limit.abs();
    let margin = if gate.gate.direction() == Direction::AtMost { -margin } else { margin };
    if margin.is_nan() { f64::MAX } else { margin }
}
