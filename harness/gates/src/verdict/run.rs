//! The verdict on a run: one word, one sentence, an exit code.

use edgesoak_record::run::Run;
use edgesoak_record::session::SessionRecord;
use edgesoak_record::verdict::{Outcome, RunVerdict, Verdict};
use edgesoak_record::{PlannedSession, SessionTrial};

use crate::case::obstacle::{Kind, Obstacle, word};
use crate::case::{Case, doubt};
use crate::measure::soak::Soak;
use crate::outcome::quoted;
use crate::verdict::families::{self, Hole};
use crate::verdict::next_actions;
use crate::verdict::precedence;
use crate::verdict::session::{self, Judged};

/// Judges a run. The same run always gives the same bytes.
///
/// Nothing here reads a clock: waivers are judged by the day on which the run was opened.
#[must_use]
pub fn judge(run: &Run) -> RunVerdict {
    conclude(run, judge_sessions(run))
}

/// A session that was judged, on its way into the verdict on its run.
pub struct JudgedSession(Judged);

impl JudgedSession {
    /// What it says for a comparison with other runs.
    #[must_use]
    pub fn trial(&self) -> &SessionTrial {
        &self.0.trial
    }
}

/// Judges the sessions that `run` holds. A session needs the repetitions of its job beside it, whole, and no other:
/// a large run can be judged job by job, with the records of one job in memory at a time.
#[must_use]
pub fn judge_sessions(run: &Run) -> Vec<JudgedSession> {
    let records = in_order(run);
    let judged = records.iter().map(|record| {
        let pool = pool(run, &records, record);
        JudgedSession(session::judge(&Case::new(run, record, &pool, deaths(&records, record))))
    });
    judged.collect()
}

/// Whether two sessions repeat one job.
#[must_use]
pub fn is_same_job(a: &PlannedSession, b: &PlannedSession) -> bool {
    let key = |planned: &PlannedSession| {
        [&planned.device.id, &planned.route.id, &planned.candidate.id, &planned.workload.id]
            .map(String::clone)
    };
    key(a) == key(b)
}

/// The verdict on a run from those on its sessions. The records of `run` need no samples and no tokens.
#[must_use]
pub fn conclude(run: &Run, sessions: Vec<JudgedSession>) -> RunVerdict {
    let mut judged: Vec<Judged> = sessions.into_iter().map(|session| session.0).collect();
    judged.sort_by(|a, b| session_key(&a.verdict.session).cmp(&session_key(&b.verdict.session)));
    let holes = families::holes(run, &judged);
    let decides = deciding(run, &judged);
    let deciding: Vec<&Judged> = judged.iter().filter(|judged| decides(judged.verdict.is_virtual)).collect();
    let unplanned = missing(run, &decides);
    let Summary { verdict, reason, mut sentence } = summary(run, &deciding, &holes, &unplanned);
    if deciding.len() < judged.len() {
        sentence.push_str(&beside(&judged));
    }
    let accepted = judged.iter().flat_map(|judged| accepted(&judged.verdict)).collect();
    let next_actions = next_actions::of(run, verdict, &deciding);
    RunVerdict {
        run: run.id.clone(),
        verdict,
        exit: verdict.exit_code(),
        reason,
        sentence,
        accepted,
        reused: None,
        redacted: None,
        not_run: run.plan.cut.iter().flat_map(|cut| cut.not_run.clone()).collect(),
        next_actions,
        sessions: judged.into_iter().map(|judged| judged.verdict).collect(),
    }
}

/// `s2` stands before `s10`.
fn session_key(name: &str) -> (usize, &str) {
    (name.len(), name)
}

/// Sessions by name, whatever order they were stored in.
fn in_order(run: &Run) -> Vec<&SessionRecord> {
    let mut records: Vec<&SessionRecord> = run.sessions.iter().collect();
    records.sort_by(|a, b| session_key(&a.planned.session).cmp(&session_key(&b.planned.session)));
    records
}

fn same_job(a: &SessionRecord, b: &SessionRecord) -> bool {
    is_same_job(&a.planned, &b.planned)
}

/// The soaks of a session and of its valid repetitions; empty when it has none but itself.
fn pool<'a>(run: &'a Run, records: &[&'a SessionRecord], record: &'a SessionRecord) -> Vec<Soak<'a>> {
    let repeats: Vec<&SessionRecord> =
        records.iter().copied().filter(|other| same_job(other, record)).collect();
    if repeats.len() < 2 {
        return Vec::new();
    }
    // A repetition that is no evidence for itself is none for the others.
    let counts = |other: &'a SessionRecord| {
        let case = Case::new(run, other, &[], 0);
        session::obstacle(&case).is_none() && (std::ptr::eq(other, record) || doubt::of(&case).is_empty())
    };
    repeats.into_iter().filter(|other| counts(other)).filter_map(|other| Soak::new(other).ok()).collect()
}

/// Repetitions of a session whose runtime died, hung, or had to be stopped for heat.
fn deaths(records: &[&SessionRecord], record: &SessionRecord) -> usize {
    let died =
        |other: &SessionRecord| Obstacle::of(other).is_some_and(|obstacle| obstacle.kind == Kind::Product);
    records.iter().filter(|other| same_job(other, record) && died(other)).count()
}

/// Whether a session decides on the run, by whether it is simulated: where hardware ran or should have, only hardware
/// decides, for neither what a simulation passes nor what it fails is known of a device.
fn deciding(run: &Run, judged: &[Judged]) -> impl Fn(bool) -> bool + use<> {
    let ran = |name: &str| judged.iter().any(|judged| judged.verdict.session == name);
    let should = run.plan.sessions.iter().any(|planned| !planned.device.is_virtual && !ran(&planned.session));
    let any_hardware = should || judged.iter().any(|judged| !judged.verdict.is_virtual);
    move |is_virtual| !(any_hardware && is_virtual)
}

/// What simulated sessions came to in a run that hardware decides.
fn beside(judged: &[Judged]) -> String {
    let of = |verdict| {
        judged.iter().filter(|judged| judged.verdict.is_virtual && judged.verdict.verdict == verdict).count()
    };
    let all = judged.iter().filter(|judged| judged.verdict.is_virtual).count();
    let (passed, failed) = (of(Verdict::Pass), of(Verdict::Fail));
    let rest = all - passed - failed;
    let sessions = if all == 1 { "session" } else { "sessions" };
    format!(
        " Of {all} (virtual) {sessions} {passed} passed, {failed} failed and {rest} proved nothing; none says anything \
         about hardware."
    )
}

/// Planned sessions that decide and have no record.
fn missing<'a>(run: &'a Run, decides: &impl Fn(bool) -> bool) -> Vec<&'a str> {
    let known = |name: &str| run.sessions.iter().any(|record| record.planned.session == name);
    let planned = run.plan.sessions.iter().filter(|planned| decides(planned.device.is_virtual));
    planned.map(|planned| planned.session.as_str()).filter(|name| !known(name)).collect()
}

/// What a session accepted or had waived, one sentence each.
fn accepted(session: &edgesoak_record::verdict::SessionVerdict) -> impl Iterator<Item = String> + '_ {
    session.gates.iter().filter_map(|gate| {
        let words = gate.accepted.as_ref()?;
        let mark = session.mark();
        Some(format!("{}{mark}: `{}` {words}.", session.device, gate.gate))
    })
}

struct Summary {
    verdict: Verdict,
    reason: String,
    sentence: String,
}

impl Summary {
    fn new(verdict: Verdict, reason: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), sentence: sentence.into() }
    }
}

fn summary(run: &Run, sessions: &[&Judged], holes: &[Hole], missing: &[&str]) -> Summary {
    let of = |verdict: Verdict| sessions.iter().filter(move |judged| judged.verdict.verdict == verdict);
    if let Some(failed) = of(Verdict::Fail).min_by_key(|judged| !fails_integrity(judged)) {
        let gate = precedence::speaking(&failed.verdict.gates, Outcome::Fail);
        let reason = gate.map_or("fail", |gate| gate.gate.word());
        return Summary::new(Verdict::Fail, reason, failed.verdict.sentence.clone());
    }
    if sessions.is_empty() && missing.is_empty() {
        return Summary::new(
            Verdict::Nothing,
            "nothing_ran",
            "The run has no sessions: nothing was evaluated.",
        );
    }
    if let Some(why) = &run.interrupted
        && sessions.iter().any(|judged| judged.obstacle.is_some())
    {
        let why = quoted(why, 200);
        let words = format!("The run was interrupted before its end: {}.", why.trim_end_matches('.'));
        return Summary::new(Verdict::NotProven, "interrupted", words);
    }
    if of(Verdict::Nothing).count() == sessions.len() {
        return Summary::new(
            Verdict::Nothing,
            "nothing_ran",
            "No session of the run began: nothing was evaluated.",
        );
    }
    let idle =
        |judged: &&Judged| matches!(judged.verdict.verdict, Verdict::Infrastructure | Verdict::Nothing);
    if sessions.iter().all(idle) {
        let first = of(Verdict::Infrastructure).next();
        return first.map_or_else(
            || Summary::new(Verdict::Nothing, "nothing_ran", "Nothing was evaluated."),
            |judged| Summary::new(Verdict::Infrastructure, cause(judged), judged.verdict.sentence.clone()),
        );
    }
    not_proven(sessions, holes, missing).unwrap_or_else(|| passed(sessions))
}

fn fails_integrity(judged: &Judged) -> bool {
    precedence::speaking(&judged.verdict.gates, Outcome::Fail).is_some_and(precedence::is_integrity)
}

/// Why a session is not proven, as a stable word.
fn cause(judged: &Judged) -> String {
    if let Some(obstacle) = &judged.obstacle {
        return obstacle.cause.clone();
    }
    precedence::speaking(&judged.verdict.gates, Outcome::NotProven)
        .and_then(|gate| gate.cause.as_deref())
        .map_or_else(|| "no_blocking_gate".to_owned(), word)
}

fn not_proven(sessions: &[&Judged], holes: &[Hole], missing: &[&str]) -> Option<Summary> {
    // A session that ended early says more than one whose figure is close.
    let worst = sessions
        .iter()
        .filter(|judged| judged.verdict.verdict != Verdict::Pass)
        .min_by_key(|judged| judged.obstacle.is_none());
    if let Some(judged) = worst {
        return Some(Summary::new(Verdict::NotProven, cause(judged), judged.verdict.sentence.clone()));
    }
    if let Some(name) = missing.first() {
        let words = format!("Session {name} was planned and has no record.");
        return Some(Summary::new(Verdict::NotProven, "not_run", words));
    }
    if let Some(hole) = holes.first() {
        return Some(Summary::new(Verdict::NotProven, hole.cause, hole.sentence.clone()));
    }
    sessions.iter().all(|judged| judged.verdict.is_virtual).then(|| {
        let words = "Only virtual devices ran, and they prove nothing about hardware.";
        Summary::new(Verdict::NotProven, "virtual_only", words)
    })
}

fn passed(sessions: &[&Judged]) -> Summary {
    let words = match sessions {
        [only] => only.verdict.sentence.clone(),
        _ => format!("All blocking gates passed in {} sessions on hardware.", sessions.len()),
    };
    Summary::new(Verdict::Pass, "pass", words)
}
