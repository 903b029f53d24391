//! Families that the routes of a release must be shown on.

use std::collections::BTreeSet;

use edgesoak_record::release::{Coverage, ReleaseCell};
use edgesoak_record::verdict::Outcome;

use super::cells::tells;
use super::evidence::Evidence;

/// Every family by every route, holes first.
///
/// The tier says which families; where it names none, it is those where a route of the release was tried, and those on
/// which a reference was measured: what was covered once is owed again, by what the candidate was before, too.
pub fn of(evidence: &Evidence<'_>, cells: &[ReleaseCell]) -> Vec<Coverage> {
    let before = evidence.outdated.iter().map(|it| (it.verdict.family.as_str(), it.verdict.route.as_str()));
    let routes = cells.iter().map(|cell| cell.route.as_str());
    let routes: BTreeSet<&str> = routes.chain(before.clone().map(|(_, route)| route)).collect();
    let policy = evidence.policy;
    let named = |route| policy.required_families.iter().map(move |family| (family.as_str(), route));
    let tried = evidence.tried.iter().map(|tried| (tried.family.as_str(), tried.route.as_str()));
    let held = evidence.held.iter().flat_map(|held| held.trials).filter(|trial| !trial.is_virtual);
    let held = held.map(|trial| (trial.family.as_str(), trial.route.as_str()));
    let own = cells.iter().map(|cell| (cell.family.as_str(), cell.route.as_str()));
    let (owed, needed): (BTreeSet<(&str, &str)>, u32) = if policy.required_families.is_empty() {
        (tried.chain(own).chain(before).filter(|(_, route)| routes.contains(route)).chain(held).collect(), 1)
    } else {
        (routes.iter().copied().flat_map(named).collect(), policy.units_per_family)
    };
    let mut all: Vec<Coverage> =
        owed.into_iter().map(|(family, route)| covered(family, route, needed, cells)).collect();
    all.sort_by_key(|coverage| coverage.outcome == Outcome::Pass);
    all
}

fn covered(family: &str, route: &str, needed: u32, cells: &[ReleaseCell]) -> Coverage {
    let there = || cells.iter().filter(|cell| cell.family == family && cell.route == route);
    let telling = there().filter(|cell| !cell.is_virtual && tells(cell.verdict) && cell.stored);
    let units: BTreeSet<&str> = telling.map(|cell| cell.device.as_str()).collect();
    let count = units.len();
    let (cause, sentence) = match count {
        0 if there().any(|cell| cell.is_virtual) => {
            (Some("virtual_only"), format!("`{route}` was shown on {family} by simulated devices alone."))
        }
        0 => (Some("not_run"), format!("`{route}` was measured on no device of {family}.")),
        _ if (count as u64) < u64::from(needed) => (
            Some("too_few_units"),
            format!(
                "`{route}` was measured on {count} of the {needed} units that a claim about {family} needs."
            ),
        ),
        _ => (None, format!("`{route}` was measured on {count} of {needed} needed on {family}.")),
    };
    Coverage {
        family: family.to_owned(),
        route: route.to_owned(),
        needed,
        units: units.into_iter().map(str::to_owned).collect(),
        outcome: if cause.is_some() { Outcome::NotProven } else { Outcome::Pass },
        cause: cause.map(str::to_owned),
        sentence,
    }
}
