//! The verdict on a release.

use std::collections::BTreeSet;

use edgesoak_record::comparison::Comparison;
use edgesoak_record::release::{Coverage, Named, ReferenceRelease, Release, ReleaseCell, ReleaseRun};
use edgesoak_record::verdict::{Outcome, Verdict};
use edgesoak_record::{Gate, SessionVerdict};

use super::compared::Compared;
use super::evidence::Evidence;
use super::{cells, coverage, next, trend, waivers};
use crate::selection::{Measured, OTHER_SET, of_another_set};
use crate::verdict::precedence;

/// Judges a release. The same evidence always gives the same bytes: nothing here reads a clock.
#[must_use]
pub fn conclude(evidence: &Evidence<'_>) -> Release {
    let (cells, sessions) = cells::of(evidence);
    let coverage = coverage::of(evidence, &cells);
    let Compared { comparison, several, words: not_compared } = Compared::of(evidence);
    let Conclusion { verdict, reason, sentence } =
        concluded(evidence, &cells, &coverage, (comparison.as_ref(), &several));
    let next_actions = next::actions(evidence, verdict, &cells, &coverage, comparison.as_ref());
    let bars = |family: &str, route: &str| {
        let mut planned = evidence.measured.iter().map(|session| &session.record.planned);
        let planned = planned.find(|planned| planned.device.family == family && planned.route.id == route)?;
        planned.route.bars.iter().find(|bar| bar.gate == Gate::FloorTps).map(|bar| bar.limit)
    };
    let references = evidence.held.iter().map(|held| ReferenceRelease {
        reference: held.reference,
        name: held.name.to_owned(),
        promoted: held.promoted,
    });
    Release {
        name: evidence.name.to_owned(),
        named: evidence.named.clone(),
        verdict,
        exit: verdict.exit_code(),
        reason,
        sentence,
        redacted: None,
        tier: evidence.policy.tier.clone(),
        policy: evidence.source.clone(),
        policy_digest: evidence.policy_digest.to_owned(),
        runs: runs(evidence),
        accepted: accepted(evidence, comparison.as_ref()),
        trends: trend::of(evidence.past, &evidence.history, bars),
        waivers: waivers::of(evidence),
        references: references.collect(),
        cells,
        coverage,
        comparison,
        not_compared,
        next_actions,
        sessions,
        outdated: evidence
            .outdated
            .iter()
            .map(|session| (session.run.id.clone(), session.verdict.session.clone()))
            .collect(),
    }
}

fn runs(evidence: &Evidence<'_>) -> Vec<ReleaseRun> {
    let of = |(run, verdict): &(&edgesoak_record::Run, &edgesoak_record::RunVerdict)| {
        let sessions = evidence.measured.iter().filter(|session| session.run.id == run.id).count();
        ReleaseRun {
            run: run.id.clone(),
            opened: run.opened,
            version: run.version.clone(),
            plan: run.plan.id.clone(),
            profile: run.plan.profile.clone(),
            verdict: verdict.verdict,
            sessions: u32::try_from(sessions).unwrap_or(u32::MAX),
        }
    };
    evidence.runs.iter().map(of).collect()
}

/// What was accepted or waived in its sessions and in the comparison, each once.
fn accepted(evidence: &Evidence<'_>, comparison: Option<&Comparison>) -> Vec<String> {
    let of_sessions = evidence.measured.iter().flat_map(|session| {
        let (device, mark) = (&session.verdict.device, session.verdict.mark());
        let accepted =
            session.verdict.gates.iter().filter_map(|gate| Some((gate.gate, gate.accepted.as_ref()?)));
        accepted.map(move |(gate, words)| format!("{device}{mark}: `{gate}` {words}."))
    });
    let of_comparison = comparison.iter().flat_map(|comparison| comparison.accepted.iter().cloned());
    let mut all: Vec<String> = Vec::new();
    for one in of_sessions.chain(of_comparison) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

struct Conclusion {
    verdict: Verdict,
    reason: String,
    sentence: String,
}

impl Conclusion {
    fn new(verdict: Verdict, reason: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), sentence: sentence.into() }
    }
}

/// The rule of this module, step by step.
fn concluded(
    evidence: &Evidence<'_>,
    cells: &[ReleaseCell],
    coverage: &[Coverage],
    (comparison, several): (Option<&Comparison>, &BTreeSet<(String, String)>),
) -> Conclusion {
    let deciding: Vec<&ReleaseCell> = cells.iter().filter(|cell| cell.decides).collect();
    if let Some(failed) = failed(evidence, &deciding) {
        return failed;
    }
    if let Some(lost) = comparison.filter(|comparison| comparison.verdict == Verdict::Fail) {
        return Conclusion::new(Verdict::Fail, lost.reason.clone(), lost.sentence.clone());
    }
    if deciding.is_empty() {
        return Conclusion::new(
            Verdict::Nothing,
            "not_measured",
            "Nothing that is stored of it tells anything.",
        );
    }
    if deciding.iter().all(|cell| !cells::tells(cell.verdict)) {
        let (first, lost) =
            (deciding[0], deciding.iter().find(|cell| cell.verdict == Verdict::Infrastructure));
        let verdict = if lost.is_some() { Verdict::Infrastructure } else { Verdict::Nothing };
        return Conclusion::new(verdict, "not_measured", lost.unwrap_or(&first).sentence.clone());
    }
    not_proven(evidence, &deciding, coverage)
        .or_else(|| not_compared(evidence, &deciding, comparison, several))
        .or_else(|| only_virtual(&deciding))
        .unwrap_or_else(|| passed(&deciding, coverage))
}

fn failed(evidence: &Evidence<'_>, deciding: &[&ReleaseCell]) -> Option<Conclusion> {
    let failing = deciding.iter().filter(|cell| cell.verdict == Verdict::Fail);
    let of_integrity = |cell: &&&ReleaseCell| cell.worst.as_ref().is_some_and(precedence::is_integrity);
    let worst = failing.clone().min_by_key(|cell| !of_integrity(cell))?;
    // The session says which gate it is that blocks; the nearest to its bar may be another.
    let of_cell =
        |run: &str, session: &str| worst.rests_on.iter().any(|rests| rests.0 == run && rests.1 == session);
    let mut gates = evidence.measured.iter().filter(|it| of_cell(&it.run.id, &it.verdict.session));
    let speaking = gates.find_map(|it| precedence::speaking(&it.verdict.gates, Outcome::Fail));
    let reason = speaking.map_or("fail", |gate| gate.gate.word());
    let others = failing.count() - 1;
    let more = match others {
        0 => String::new(),
        1 => " One other session of the release fails, too.".to_owned(),
        _ => format!(" {others} others of the release fail, too."),
    };
    Some(Conclusion::new(Verdict::Fail, reason, format!("{}{more}", worst.sentence)))
}

fn open(reason: &str, sentence: &str) -> Conclusion {
    Conclusion::new(Verdict::NotProven, reason, sentence)
}

fn not_proven(
    evidence: &Evidence<'_>,
    deciding: &[&ReleaseCell],
    coverage: &[Coverage],
) -> Option<Conclusion> {
    if let Some(cell) = deciding.iter().find(|cell| cell.verdict != Verdict::Pass) {
        let cause = cell.worst.as_ref().filter(|gate| gate.outcome == Outcome::NotProven);
        let reason = if cell.stored {
            cause.and_then(|gate| gate.cause.as_deref()).unwrap_or("not_proven")
        } else {
            "not_stored"
        };
        return Some(open(reason, &cell.sentence));
    }
    if let Some(other) = of_another_set_than_the_newest(evidence) {
        return Some(other);
    }
    let holes: Vec<&Coverage> = coverage.iter().filter(|it| it.outcome != Outcome::Pass).collect();
    let hole = holes.first()?;
    let more = match holes.len() - 1 {
        0 => String::new(),
        1 => " One other family is not covered, either.".to_owned(),
        more => format!(" {more} other families are not covered, either."),
    };
    Some(open(hole.cause.as_deref().unwrap_or("not_run"), &format!("{}{more}", hole.sentence)))
}

/// A candidate is shown by the set that was asked last; what was promoted stays what it was.
fn of_another_set_than_the_newest(evidence: &Evidence<'_>) -> Option<Conclusion> {
    if evidence.named != Named::Candidate {
        return None;
    }
    let on_hardware = cells::is_on_hardware(evidence);
    let counts = |session: &&Measured<'_>| !(on_hardware && session.verdict.is_virtual);
    let counting: Vec<&Measured<'_>> = evidence.measured.iter().filter(counts).collect();
    let (session, why) = of_another_set(&counting)?;
    let SessionVerdict { device, session, .. } = session.verdict;
    Some(open(OTHER_SET, &format!("{device}: session {session} {why}.")))
}

/// Where the tier blocks on `regression`, every device that counts must have been held against what came before.
fn not_compared(
    evidence: &Evidence<'_>,
    deciding: &[&ReleaseCell],
    comparison: Option<&Comparison>,
    several: &BTreeSet<(String, String)>,
) -> Option<Conclusion> {
    if !evidence.policy.blocking.contains(&Gate::Regression) {
        return None;
    }
    let Some(comparison) = comparison else {
        let words = "The tier blocks on `regression`, and no release was promoted before it.";
        return Some(open("no_baseline", words));
    };
    let is_several = |cell: &&&ReleaseCell| several.contains(&(cell.device.clone(), cell.route.clone()));
    if let Some(cell) = deciding.iter().find(is_several) {
        let words = format!(
            "{}: several candidates have `{}`, and which of them follows the reference is not known.",
            cell.device, cell.route
        );
        return Some(open("several_candidates", &words));
    }
    (comparison.verdict != Verdict::Pass).then(|| open(&comparison.reason, &comparison.sentence))
}

fn only_virtual(deciding: &[&ReleaseCell]) -> Option<Conclusion> {
    let words = "Only virtual devices were measured, and they prove nothing about hardware.";
    deciding.iter().all(|cell| cell.is_virtual).then(|| open("virtual_only", words))
}

fn passed(deciding: &[&ReleaseCell], coverage: &[Coverage]) -> Conclusion {
    let count = |of: fn(&ReleaseCell) -> &str| {
        let mut all: Vec<&str> = deciding.iter().map(|cell| of(cell)).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    let noun = |count: usize, one: &str, many: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
    };
    let devices = noun(count(|cell| &cell.device), "device", "devices");
    let routes = noun(count(|cell| &cell.route), "route", "routes");
    let families = noun(count(|cell| &cell.family), "family", "families");
    let owed = if coverage.is_empty() { "" } else { "; every family that is owed is covered" };
    let words = format!("Every blocking gate passed on {devices} of {families}, on {routes}{owed}.");
    Conclusion::new(Verdict::Pass, "pass", words)
}
