//! What would make a release ship, with commands and the time they take.

use std::collections::BTreeMap;

use edgesoak_record::Comparison;
use edgesoak_record::release::{Coverage, ReleaseCell};
use edgesoak_record::verdict::{GateResult, Outcome, Verdict};

use super::evidence::Evidence;
use crate::figures::about_minutes;

/// Most actions.
const MOST: usize = 8;

/// One sentence or command each: for holes, then what each run asks for, then what the comparison does.
pub fn actions(
    evidence: &Evidence<'_>,
    verdict: Verdict,
    cells: &[ReleaseCell],
    coverage: &[Coverage],
    comparison: Option<&Comparison>,
) -> Vec<String> {
    let mut actions: Vec<String> = Vec::new();
    if verdict == Verdict::Pass {
        return actions;
    }
    // A failure is looked at before anything is measured again.
    for cell in cells.iter().filter(|cell| cell.decides && cell.verdict == Verdict::Fail) {
        if let Some((run, worst)) = worst_of(evidence, cell) {
            actions.push(format!(
                "`edgesoak report {run}` shows `{}` of {} over time.",
                worst.gate, cell.device
            ));
        }
    }
    let mut holes: BTreeMap<&str, Vec<&Coverage>> = BTreeMap::new();
    for hole in coverage.iter().filter(|coverage| coverage.outcome != Outcome::Pass) {
        holes.entry(&hole.route).or_default().push(hole);
    }
    actions.extend(holes.iter().flat_map(|(route, holes)| fill(evidence, cells, route, holes)));
    let of_runs = evidence.runs.iter().filter(|(_, verdict)| verdict.verdict != Verdict::Pass);
    actions.extend(of_runs.flat_map(|(_, verdict)| verdict.next_actions.clone()));
    if let Some(comparison) = comparison.filter(|comparison| comparison.verdict != Verdict::Pass) {
        actions.extend(comparison.next_actions.iter().cloned());
    }
    let mut seen = Vec::new();
    actions.retain(|action| {
        let is_new = !seen.contains(action);
        seen.push(action.clone());
        is_new
    });
    actions.truncate(MOST);
    actions
}

/// The newest run in which the gate was what it is at worst.
fn worst_of<'a>(evidence: &Evidence<'a>, cell: &'a ReleaseCell) -> Option<(&'a str, &'a GateResult)> {
    let worst = cell.worst.as_ref()?;
    let shows = |(run, session): &&(String, String)| {
        let mut measured = evidence.measured.iter();
        measured
            .any(|it| (&it.run.id, &it.verdict.session) == (run, session) && it.verdict.gates.contains(worst))
    };
    Some((&cell.rests_on.iter().find(shows)?.0, worst))
}

/// What the holes of a route need: families that no hardware stands for together, those that lack units one by one.
fn fill(evidence: &Evidence<'_>, cells: &[ReleaseCell], route: &str, holes: &[&Coverage]) -> Vec<String> {
    let mut candidates: Vec<&str> =
        cells.iter().filter(|cell| cell.route == route).map(|cell| cell.candidate.as_str()).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let what = if candidates.is_empty() {
        format!("route `{route}`")
    } else {
        format!("`{}`", candidates.join("`, `"))
    };
    let of_route = |planned: &edgesoak_record::PlannedSession| planned.route.id == route;
    let run = evidence.runs.iter().map(|(run, _)| run).find(|run| run.plan.sessions.iter().any(of_route));
    let how = run.map_or_else(
        || "no run of this release has a plan for it".to_owned(),
        |run| {
            format!("`edgesoak run --profile {}` ({})", run.plan.profile, about_minutes(run.plan.expected_s))
        },
    );
    let (few, none): (Vec<&Coverage>, Vec<&Coverage>) =
        holes.iter().copied().partition(|hole| hole.cause.as_deref() == Some("too_few_units"));
    let mut actions = Vec::new();
    if !none.is_empty() {
        let families: Vec<&str> = none.iter().map(|hole| hole.family.as_str()).collect();
        let families = families.join(", ");
        actions.push(format!(
            "Measure {what} on hardware of {families}, with such devices in the profile: {how}."
        ));
    }
    for Coverage { family, needed, units, .. } in few {
        let missing = needed.saturating_sub(u32::try_from(units.len()).unwrap_or(u32::MAX));
        let noun = if missing == 1 { "unit" } else { "units" };
        actions.push(format!("Measure {what} on {missing} more {noun} of {family}: {how}."));
    }
    actions
}
