//! Where the queries of a route go.

use edgesoak_record::Gate;
use edgesoak_record::plan::Route;
use edgesoak_record::routing::{Confidence, Costs, PlannedRouting};

use crate::node::Table;
use crate::plan::inputs::Inputs;
use crate::report::Report;

/// What the route says of it. `Ok(None)` where it says nothing; `Err` when a problem was reported.
pub(super) fn of(
    route: &Table,
    inputs: &mut Inputs<'_>,
    reports: &mut Vec<Report>,
) -> Result<Option<PlannedRouting>, ()> {
    let Some(routing) = route.table("routing") else { return Ok(None) };
    let terms = routing.get("sensitive_terms").ok_or(())?;
    let sensitive_terms = inputs.file(terms, reports).ok_or(())?;
    Ok(Some(PlannedRouting {
        threshold: threshold(routing).ok_or(())?,
        sensitive_terms,
        costs: costs(routing),
    }))
}

/// The threshold and the costs of a route as they stand here; which words are sensitive was decided when queries were asked.
/// A route that routes here and was run as one that does not owes it: nobody looked at its queries.
pub(super) fn again(route: &Table, planned: &mut Route) {
    planned.owed.retain(|gate| *gate != Gate::Routing);
    let Some(routing) = route.table("routing") else { return };
    match &mut planned.routing {
        Some(planned) => {
            planned.threshold = threshold(routing).unwrap_or(planned.threshold);
            planned.costs = costs(routing);
        }
        None => planned.owed.push(Gate::Routing),
    }
}

fn threshold(routing: &Table) -> Option<Confidence> {
    Confidence::new(routing.amount("threshold")?)
}

fn costs(routing: &Table) -> Option<Costs> {
    let costs = routing.table("costs")?;
    Some(Costs {
        local_answer: costs.amount("local_answer")?,
        human_review: costs.amount("human_review")?,
        cloud: costs.amount("cloud")?,
        wrong_answer: costs.amount("wrong_answer")?,
    })
}
