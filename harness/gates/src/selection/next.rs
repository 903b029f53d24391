//! What would prove more.

use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{Outcome, Verdict};

use super::choice::{Considered, Miss, Standing};
use super::conclusion::RouteChoice;
use super::measured::Field;

/// Most actions.
const MOST: usize = 6;

/// One sentence each: for every route without a candidate, what those lack that failed nowhere.
pub(super) fn actions(routes: &[RouteChoice], field: &Field<'_>) -> Vec<String> {
    let mut actions: Vec<String> = Vec::new();
    for route in routes.iter().filter(|route| route.verdict != Verdict::Pass) {
        let newest = field.of_route(&route.choice.route).max_by_key(|session| session.run.opened);
        let Some(newest) = newest else { continue };
        let run = format!("`edgesoak run --profile {}`", newest.run.plan.profile);
        if let Some(chosen) = &route.chosen {
            let families = route.families.join(", ");
            actions.push(format!("Measure `{chosen}` on hardware of {families}: {run}."));
            continue;
        }
        let found = route.choice.considered.iter().flat_map(|one| lacking(one).map(move |miss| (one, miss)));
        for (considered, miss) in found {
            let action = action(considered, miss, &newest.run.id, &run);
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
    }
    actions.truncate(MOST);
    actions
}

/// What was not shown of a candidate that fails nothing: proof is of no use to the others.
fn lacking(considered: &Considered) -> impl Iterator<Item = &Miss> {
    let misses: &[Miss] = match &considered.standing {
        Standing::Misses(misses) if misses.iter().all(|miss| miss.outcome != Outcome::Fail) => misses,
        _ => &[],
    };
    misses.iter()
}

fn action(considered: &Considered, miss: &Miss, newest: &str, run: &str) -> String {
    let (candidate, family) = (&considered.offer.candidate, &miss.family);
    match (miss.gate, miss.cause.as_str()) {
        (None, "not_run") => format!("Measure `{candidate}` on a device of family {family}: {run}."),
        (None, "virtual_only") => format!("Measure `{candidate}` on hardware of family {family}: {run}."),
        (None, "too_few_units") => {
            format!("Measure `{candidate}` on more units of family {family}: {run}.")
        }
        (None, "no_baseline" | "not_asked") => format!(
            "Ask `{candidate}` and the candidate that it was exported from their golden items on family \
             {family}, with a profile that has `golden`: {run}."
        ),
        (Some(Gate::Quality), "not_run" | "other_set") => format!(
            "Ask `{candidate}` its golden items on family {family}, with a profile that has `golden`: {run}."
        ),
        (Some(gate), "no_bar") => {
            format!(
                "Give the route of `{candidate}`, or its golden set, a bar for `{gate}`; then `edgesoak select --tier NAME`."
            )
        }
        (Some(gate), _) => format!(
            "`edgesoak explain {gate} {newest}` says what `{candidate}` lacks on family {family}; {run} measures again."
        ),
        (None, _) => format!("Measure `{candidate}` again: {run}."),
    }
}
