//! The same queries at every threshold that could tell them apart.

use edgesoak_record::routing::{Confidence, Costs, RoutingPolicy, SweepPoint};

use super::evaluation::{Labelled, evaluate};

/// Evaluates at every confidence that was given, ascending: only there does a decision change. At most `most` thresholds,
/// more are thinned evenly, the least and the greatest among them.
#[must_use]
pub fn sweep(queries: &[Labelled], costs: Option<&Costs>, most: usize) -> Vec<SweepPoint> {
    let mut given: Vec<f64> =
        queries.iter().filter_map(|query| query.confidence).map(Confidence::get).collect();
    given.sort_by(f64::total_cmp);
    given.dedup_by(|one, other| one.total_cmp(other).is_eq());
    let last = given.len().saturating_sub(1);
    let count = given.len().min(most);
    let chosen = (0..count).map(|index| if count == 1 { last } else { index * last / (count - 1) });
    let point = |index: usize| {
        let threshold = Confidence::new(given[index])?;
        let evaluation = evaluate(RoutingPolicy { threshold }, queries);
        Some(SweepPoint {
            threshold,
            cost: costs.and_then(|costs| costs.of(&evaluation)),
            wrong_kept: evaluation.wrong_kept,
            left: evaluation.left.len() as u64,
            destinations: evaluation.destinations,
        })
    };
    chosen.filter_map(point).collect()
}
