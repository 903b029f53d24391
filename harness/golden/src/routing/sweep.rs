//! The same queries at every threshold that could tell them apart.

use serde::Serialize;

use super::cost::Costs;
use super::evaluation::{Evaluation, Labelled, evaluate};
use super::policy::{Confidence, RoutingPolicy};

/// Most thresholds: more distinct confidences are thinned evenly.
const MOST: usize = 101;

/// A threshold and what it does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepPoint {
    /// The threshold.
    pub threshold: Confidence,
    /// What became of the queries.
    pub evaluation: Evaluation,
    /// What they cost together; `None` where the costs are no numbers.
    pub cost: Option<f64>,
}

/// Evaluates at every confidence that was given, ascending: only there does a decision change. At most 101
/// thresholds, the least and the greatest among them.
#[must_use]
pub fn sweep(queries: &[Labelled], costs: &Costs) -> Vec<SweepPoint> {
    let mut given: Vec<f64> =
        queries.iter().filter_map(|query| query.confidence).map(Confidence::get).collect();
    given.sort_by(f64::total_cmp);
    given.dedup_by(|one, other| one.total_cmp(other).is_eq());
    let last = given.len().saturating_sub(1);
    let count = given.len().min(MOST);
    let chosen = (0..count).map(|index| if count == 1 { last } else { index * last / (count - 1) });
    let point = |index: usize| {
        let threshold = Confidence::new(given[index])?;
        let evaluation = evaluate(RoutingPolicy { threshold }, queries);
        Some(SweepPoint { threshold, cost: costs.of(&evaluation), evaluation })
    };
    chosen.filter_map(point).collect()
}
