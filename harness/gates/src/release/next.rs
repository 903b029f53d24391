//! What would make a release ship, with commands and the time they take.

use edgesoak_record::Comparison;
use edgesoak_record::release::{Coverage, ReleaseCell};
use edgesoak_record::verdict::{Outcome, Verdict};

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
        if let (Some((run, _)), Some(worst)) = (cell.rests_on.first(), &cell.worst) {
            actions.push(format!(
                "`edgesoak report {run}` shows `{}` of {} over time.",
                worst.gate, cell.device
            ));
        }
    }
    actions.extend(coverage.iter().filter_map(|hole| fill(evidence, cells, hole)));
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

/// What a hole needs.
fn fill(evidence: &Evidence<'_>, cells: &[ReleaseCell], hole: &Coverage) -> Option<String> {
    if hole.outcome == Outcome::Pass {
        return None;
    }
    let Coverage { family, route, needed, units, cause, .. } = hole;
    let mut candidates: Vec<&str> =
        cells.iter().filter(|cell| cell.route == *route).map(|cell| cell.candidate.as_str()).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let what = if candidates.is_empty() { "a candidate".to_owned() } else { candidates.join("`, `") };
    let of_route = |planned: &edgesoak_record::PlannedSession| planned.route.id == *route;
    let run = evidence.runs.iter().map(|(run, _)| run).find(|run| run.plan.sessions.iter().any(of_route));
    let Some(run) = run else {
        return Some(format!(
            "Measure route `{route}` on hardware of family {family}: no run of this release did."
        ));
    };
    let command =
        format!("`edgesoak run --profile {}` ({})", run.plan.profile, about_minutes(run.plan.expected_s));
    let missing = needed.saturating_sub(u32::try_from(units.len()).unwrap_or(u32::MAX));
    Some(match cause.as_deref() {
        Some("too_few_units") => {
            let noun = if missing == 1 { "unit" } else { "units" };
            format!("Measure `{what}` on {missing} more {noun} of family {family}: {command}.")
        }
        _ => format!(
            "Measure `{what}` on hardware of family {family}, with devices of it in the profile: {command}."
        ),
    })
}
