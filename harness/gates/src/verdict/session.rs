//! One session: every gate judged, doubts applied, the policy laid over it.

use edgesoak_record::examined::Examined;
use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{Outcome, SessionVerdict, Verdict, mark};
use edgesoak_record::{SessionTrial, Slowdown};

use crate::answers::SessionAnswers;
use crate::attribution;
use crate::case::Case;
use crate::case::doubt::{self, Doubt};
use crate::case::imported;
use crate::case::obstacle::{Kind as End, Obstacle};
use crate::outcome::Finding;
use crate::prediction;
use crate::promise::answers::SPEEDS;
use crate::promise::clocks;
use crate::promise::evidence_grade;
use crate::promise::memory_prediction;
use crate::promise::runtime_alive::capitalised;
use crate::promise::{self, Kind};
use crate::regression;
use crate::routing::routed;
use crate::verdict::policy::{self, Stance};
use crate::verdict::precedence;

/// A session's verdict with what the run needs beside it.
pub struct Judged {
    /// The verdict.
    pub verdict: SessionVerdict,
    /// What kept it from its end.
    pub obstacle: Option<Obstacle>,
    /// What it says for a comparison.
    pub trial: SessionTrial,
}

/// Judges one session.
#[must_use]
pub fn judge(case: &Case) -> Judged {
    let obstacle = obstacle(case);
    let doubts = doubt::of(case);
    let mut findings: Vec<_> = Gate::ALL
        .iter()
        .filter_map(|gate| Some((*gate, finding(case, *gate, &doubts, obstacle.as_ref())?)))
        .collect();
    let is_wrong = is_wrong(case, &findings);
    if is_wrong {
        void_speeds(&mut findings);
    }
    let gates: Vec<_> = findings
        .into_iter()
        .map(|(gate, finding)| policy::applied(case, gate, finding, obstacle.is_none()))
        .collect();
    let verdict = precedence::session(&gates, obstacle.as_ref());
    let doubt = doubts.first().map(|doubt| doubt.why.cause).or(is_wrong.then_some(FAST_BUT_WRONG));
    let slowdowns = attribution::of(case);
    let trial = regression::of_session(case, &gates, obstacle.as_ref(), doubt, &slowdowns);
    let sentence = sentence(case, verdict, &gates, (obstacle.as_ref(), &slowdowns));
    let planned = &case.record.planned;
    let verdict = SessionVerdict {
        session: planned.session.clone(),
        device: planned.device.id.clone(),
        family: planned.device.family.clone(),
        route: planned.route.id.clone(),
        candidate: planned.candidate.id.clone(),
        is_virtual: case.is_virtual(),
        is_imported: case.record.imported.is_some(),
        verdict,
        sentence,
        gates,
        doubts: told(obstacle.as_ref(), &doubts),
        soak_shape: attribution::shape(case, obstacle.as_ref()),
        slowdowns,
        examined: case.record.golden.as_ref().map(|golden| {
            let routing = planned.route.routing.as_ref();
            let routing = routing.map(|routing| routed(routing, golden, SHOWN_THRESHOLDS));
            Examined { routing, ..SessionAnswers::of(golden).examined() }.into()
        }),
        prediction: if obstacle.is_none() { prediction::of(case, &doubts) } else { None },
    };
    Judged { verdict, obstacle, trial }
}

/// Everything that speaks against the session, heaviest first.
fn told(obstacle: Option<&Obstacle>, doubts: &[Doubt]) -> Vec<edgesoak_record::verdict::Doubt> {
    let ended = obstacle.map(|obstacle| (obstacle.cause.as_str(), obstacle.sentence.as_str()));
    let doubted = doubts.iter().map(|doubt| (doubt.why.cause, doubt.why.sentence.as_str()));
    let told = ended.into_iter().chain(doubted).map(|(cause, sentence)| edgesoak_record::verdict::Doubt {
        cause: cause.to_owned(),
        sentence: capitalised(sentence) + ".",
    });
    told.collect()
}

/// What kept the session from its end, or makes its record unusable.
#[must_use]
pub fn obstacle(case: &Case) -> Option<Obstacle> {
    let planned =
        case.run.plan.sessions.iter().find(|planned| planned.session == case.record.planned.session);
    if planned.is_some_and(|planned| *planned != case.record.planned) {
        let sentence = "the session's record is not of the session that was planned".to_owned();
        return Some(Obstacle { kind: End::Decided, cause: "plan_mismatch".to_owned(), sentence });
    }
    let obstacle = Obstacle::of(case.record)?;
    // A clock that goes back under a runtime makes an honest one tell times that nobody believes.
    match clocks::broken(case).filter(|_| obstacle.cause == "runtime_failed") {
        Some(sentence) => Some(Obstacle { cause: "clock_jump".to_owned(), sentence, ..obstacle }),
        None => Some(obstacle),
    }
}

/// What one gate says; `None` where neither bar nor policy asks and nothing can be told.
fn finding(case: &Case, gate: Gate, doubts: &[Doubt], obstacle: Option<&Obstacle>) -> Option<Finding> {
    let bar = case.bar(gate);
    let stance = Stance::of(case, gate);
    if let Some(words) = policy::beside_the_point(case, gate) {
        return stance.listed.then(|| Finding::info(format!("`{gate}` does not apply: {words}")));
    }
    if let Some(finding) = owed_elsewhere(case, gate) {
        return Some(finding.limit(bar));
    }
    let promise = promise::of(gate).filter(|promise| (promise.is_asked)(case));
    let Some(promise) = promise else {
        let asked = stance.listed || bar.is_some();
        let words = format!("`{gate}` was not evaluated: this run holds no evidence for it");
        return asked.then(|| Finding::not_proven("not_run", words).limit(bar));
    };
    let finding = imported::judged(case, gate, promise.judge);
    Some(match (promise.kind, obstacle) {
        // A wrong file or a fall-back is one however the session ended.
        (Kind::Integrity, _) if finding.outcome == Outcome::Fail => finding,
        // So is a sensitive query that would have left.
        (_, Some(_)) if gate == Gate::Routing && finding.outcome == Outcome::Fail => finding,
        (Kind::Integrity, Some(obstacle)) if gate == Gate::RuntimeAlive && obstacle.kind == End::Product => {
            finding
        }
        (_, Some(obstacle)) => ended(finding, obstacle),
        (Kind::Integrity | Kind::Validity | Kind::Answers, None) => finding,
        (Kind::Measured, None) => evidence_grade::owed(case, gate, doubt::apply(doubts, finding)),
    })
}

/// What whoever judges the run promises about a gate, and the run was planned without.
fn owed_elsewhere(case: &Case, gate: Gate) -> Option<Finding> {
    if case.record.planned.route.owed.contains(&gate) {
        let words = format!("The matrix that judges promises `{gate}`, and the run was planned without");
        return Some(Finding::not_proven("not_promised", words));
    }
    let words = format!("`{gate}` has a bar, and items were asked in place of prompts of forced length");
    policy::is_of_other_work(case, gate).then(|| Finding::not_proven("items_not_decoded", words))
}

/// Thresholds at which queries are shown beside the planned one.
const SHOWN_THRESHOLDS: usize = 11;

/// The cause of a speed that counts for nothing.
const FAST_BUT_WRONG: &str = "fast_but_wrong";

/// Whether the answers fail a bar that blocks.
fn is_wrong(case: &Case, findings: &[(Gate, Finding)]) -> bool {
    let fails =
        |(gate, finding): &(Gate, Finding)| *gate == Gate::Quality && finding.outcome == Outcome::Fail;
    findings.iter().any(fails) && Stance::of(case, Gate::Quality).blocks()
}

/// Wrong answers can be given at any speed.
fn void_speeds(findings: &mut [(Gate, Finding)]) {
    for (gate, finding) in findings.iter_mut() {
        if SPEEDS.contains(gate) && finding.outcome == Outcome::Pass {
            let why = "The answers are wrong, so that their speed counts for nothing";
            *finding = finding.clone().withdrawn(FAST_BUT_WRONG, why);
        }
    }
}

/// Nothing is shown by a session that did not reach its end; a figure of the part that ran stays visible.
fn ended(finding: Finding, obstacle: &Obstacle) -> Finding {
    let why = capitalised(&obstacle.sentence);
    if finding.measured.is_some() {
        return finding.withdrawn(&obstacle.cause, &why);
    }
    Finding { sentence: why, outcome: Outcome::NotProven, cause: Some(obstacle.cause.clone()), ..finding }
}

type Gates = [edgesoak_record::verdict::GateResult];

fn sentence(
    case: &Case,
    verdict: Verdict,
    gates: &Gates,
    (obstacle, slowdowns): (Option<&Obstacle>, &[Slowdown]),
) -> String {
    let device = case.device();
    let mark = mark(case.is_virtual(), case.record.imported.is_some());
    let words = match (verdict, obstacle) {
        (Verdict::Fail, _) => {
            precedence::speaking(gates, Outcome::Fail).map(|gate| attribution::remarked(gate, slowdowns))
        }
        (_, Some(obstacle)) => Some(capitalised(&obstacle.sentence) + "."),
        (Verdict::NotProven, None) => precedence::speaking(gates, Outcome::NotProven)
            .map(|gate| gate.sentence.clone())
            .or_else(|| Some("No blocking gate was shown to pass.".to_owned())),
        _ => None,
    };
    format!("{device}{mark}: {}", words.unwrap_or_else(|| passed(gates)))
}

/// A pass in words: what passed, what was excused, what was missed without blocking.
fn passed(gates: &Gates) -> String {
    let blocking = || gates.iter().filter(|gate| gate.blocking);
    let passes = blocking().filter(|gate| gate.outcome == Outcome::Pass).count();
    let excused = blocking().filter(|gate| gate.accepted.is_some()).count();
    let missed = gates.iter().filter(|gate| !gate.blocking && gate.outcome == Outcome::Fail).count();
    let mut words = format!("{passes} of {} blocking gates passed", blocking().count());
    if excused > 0 {
        words = format!("{words}, {excused} excused by name");
    }
    if missed > 0 {
        words = format!("{words}; bars missed that do not block: {missed}");
    }
    if let Some(warning) = memory_prediction::warning(gates) {
        words = format!("{words}; {warning}");
    }
    words + "."
}
