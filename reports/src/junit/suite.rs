//! A device with a route and a candidate as a suite of cases.

use edgesoak_record::comparison::Comparison;
use edgesoak_record::plan::PlannedSession;
use edgesoak_record::verdict::mark;
use edgesoak_record::{NotRun, Release, Run, RunVerdict, SessionRecord, SessionVerdict, Verdict};

use super::case::Case;
use super::properties;
use crate::words::text::name;
use crate::words::time::stamp;

/// Name of the suite whose only case is the verdict on the run.
pub(super) const RUN: &str = "edgesoak run";
/// Name of the suite whose only case is the verdict on a comparison.
const COMPARISON: &str = "edgesoak gate";
/// Name of the suite with the verdict on a release and its families.
const RELEASE: &str = "edgesoak release";

/// Most things that were not run, a case each.
const MOST_NOT_RUN: usize = 200;

/// One suite.
#[derive(Debug, Clone, Default)]
pub(super) struct Suite {
    pub name: String,
    /// UTC.
    pub opened: Option<String>,
    pub took_s: Option<f64>,
    pub properties: Vec<(String, String)>,
    pub cases: Vec<Case>,
}

impl Suite {
    /// The verdict on the run: a run can be red without any red session, as when a family has no device.
    pub fn of_run(run: &Run, verdict: &RunVerdict) -> Self {
        Self {
            name: RUN.to_owned(),
            opened: Some(stamp(run.opened)),
            took_s: None,
            properties: properties::of_run(run, verdict),
            cases: of_whole(verdict.verdict, &verdict.sentence, &verdict.not_run),
        }
    }

    /// The verdict on a comparison: it can be red without any red device, as when a required one was not compared.
    pub fn of_comparison(comparison: &Comparison, not_run: &[NotRun]) -> Self {
        Self {
            name: COMPARISON.to_owned(),
            properties: properties::of_comparison(comparison),
            cases: of_whole(comparison.verdict, &comparison.sentence, not_run),
            ..Self::default()
        }
    }

    /// The verdict on a release, and what its families are covered by.
    pub fn of_release(release: &Release) -> Self {
        let verdict = Case::of_verdict("verdict", release.verdict, &release.sentence);
        let covered = release.coverage.iter().take(MOST_NOT_RUN).map(Case::of_coverage);
        Self {
            name: RELEASE.to_owned(),
            opened: release.newest_run().map(|run| stamp(run.opened)),
            properties: properties::of_release(release),
            cases: std::iter::once(verdict).chain(covered).collect(),
            ..Self::default()
        }
    }

    /// The suite under the name of its run.
    pub fn within(self, run: &str) -> Self {
        Self { name: format!("{} / {}", name(run), self.name), ..self }
    }

    fn add(&mut self, part: &Part<'_>) {
        let (planned, record) = (part.planned, part.record);
        let repeat = planned.map(|planned| planned.repeat).filter(|repeat| *repeat > 1);
        let repeated = repeat.map_or_else(String::new, |repeat| format!(" repeat {repeat}"));
        let mark = repeated + part.mark;
        let judged = part.verdict;
        let gates = judged.map_or(&[][..], |judged| &judged.gates);
        let verdict = judged.map_or(Verdict::NotProven, |judged| judged.verdict);
        let cases: Vec<Case> = gates.iter().filter_map(|gate| Case::of_gate(verdict, gate, &mark)).collect();
        // A session that nothing else speaks for speaks for itself.
        if cases.is_empty() || (verdict != Verdict::Pass && !cases.iter().any(|case| case.ending.is_red())) {
            let words = judged.map_or("This session was planned and not judged.", |judged| &judged.sentence);
            self.cases.push(Case::of_verdict(&format!("session{mark}"), verdict, words));
        }
        self.cases.extend(cases);
        let prefix = repeat.map_or_else(String::new, |repeat| format!("repeat{repeat}."));
        self.properties.extend(properties::of_session(&prefix, planned, record, judged));
        if let Some(journal) = record.and_then(|record| record.journal.as_ref()) {
            let length = journal.last.since(journal.mono).as_secs_f64();
            self.took_s = Some(self.took_s.unwrap_or_default() + length);
        }
    }
}

/// The verdict on the whole, and what was wanted and left out.
fn of_whole(verdict: Verdict, words: &str, not_run: &[NotRun]) -> Vec<Case> {
    let left_out = not_run.iter().take(MOST_NOT_RUN).map(Case::not_run);
    std::iter::once(Case::of_verdict("verdict", verdict, words)).chain(left_out).collect()
}

/// What there is of one session.
struct Part<'a> {
    planned: Option<&'a PlannedSession>,
    record: Option<&'a SessionRecord>,
    verdict: Option<&'a SessionVerdict>,
    /// What stands behind its device.
    mark: &'static str,
}

impl<'a> Part<'a> {
    fn of(run: Option<&'a Run>, session: &str, verdict: Option<&'a SessionVerdict>) -> Self {
        let record = run.and_then(|run| run.sessions.iter().find(|record| record.planned.session == session));
        let planned = run.and_then(|run| run.plan.sessions.iter().find(|planned| planned.session == session));
        // Plan, agent or verdict say it: one of them is enough.
        let is_virtual = verdict.is_some_and(|verdict| verdict.is_virtual)
            || planned.is_some_and(|planned| planned.device.is_virtual)
            || record.and_then(|record| record.journal.as_ref()).is_some_and(|journal| journal.is_virtual);
        let is_imported = verdict.is_some_and(|verdict| verdict.is_imported)
            || record.is_some_and(|record| record.imported.is_some());
        Self { planned, record, verdict, mark: mark(is_virtual, is_imported) }
    }

    fn name(&self) -> String {
        let parts = match (self.verdict, self.planned) {
            (Some(verdict), _) => [&verdict.device, &verdict.route, &verdict.candidate],
            (None, Some(planned)) => [&planned.device.id, &planned.route.id, &planned.candidate.id],
            (None, None) => return String::new(),
        };
        let [device, route, candidate] = parts.map(|part| name(part));
        let mark = self.mark;
        format!("{device}{mark} / {route} / {candidate}")
    }
}

/// One suite per device, route and candidate: first those that were judged, then those that never were.
pub(super) fn of_sessions(run: Option<&Run>, verdict: &RunVerdict) -> Vec<Suite> {
    let judged = verdict.sessions.iter().map(|judged| Part::of(run, &judged.session, Some(judged)));
    let is_judged =
        |planned: &&PlannedSession| verdict.sessions.iter().any(|judged| judged.session == planned.session);
    let planned = run.map_or(&[][..], |run| &run.plan.sessions);
    let unjudged = planned.iter().filter(|planned| !is_judged(planned));
    let unjudged = unjudged.map(|planned| Part::of(run, &planned.session, None));
    let opened = run.map(|run| stamp(run.opened));
    let mut suites: Vec<Suite> = Vec::new();
    for part in judged.chain(unjudged) {
        let name = part.name();
        let place = suites.iter().position(|suite| suite.name == name).unwrap_or_else(|| {
            suites.push(Suite { name, opened: opened.clone(), ..Suite::default() });
            suites.len() - 1
        });
        suites[place].add(&part);
    }
    suites
}
