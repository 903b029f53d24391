//! Where the queries of a session would have gone, by its route's policy.

use edgesoak_record::golden::{GoldenRecord, Heat};
use edgesoak_record::routing::{Confidence, Destination, PlannedRouting, Routed, Sensitivity};
use serde::Serialize;

use super::evaluation::{Labelled, evaluate};
use super::sweep::sweep;

/// Puts the queries of a session through its route's policy, and through the same at `most` other thresholds.
///
/// Figures are those of the answers behind the rest; one to the same query right after the soak, with another confidence, must
/// not let it leave either.
#[must_use]
pub fn routed(planned: &PlannedRouting, golden: &GoldenRecord, most: usize) -> Routed {
    let (hot, rested) = (queries(golden, Heat::Hot), queries(golden, Heat::Rested));
    let unsure = rested.iter().filter(|query| query.confidence.is_none()).count();
    Routed {
        threshold: planned.threshold,
        without_confidence: unsure as u64,
        evaluation: evaluate(planned.policy(), &rested),
        left_when_hot: evaluate(planned.policy(), &hot).left,
        sweep: sweep(&rested, planned.costs.as_ref(), most),
    }
}

/// One query and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decided {
    /// Id of the item.
    pub item: String,
    /// How sure the device was; `None` where it did not say.
    pub confidence: Option<Confidence>,
    /// What its words tell; `None` where nobody looked.
    pub classified: Option<Sensitivity>,
    /// What it is.
    pub truth: Sensitivity,
    /// Where it goes.
    pub destination: Destination,
}

/// Where each query of a session goes, as it was answered behind the rest.
#[must_use]
pub fn decided(planned: &PlannedRouting, golden: &GoldenRecord) -> Vec<Decided> {
    let decide = |Labelled { item, confidence, classified, truth, .. }| Decided {
        destination: planned.policy().decide(confidence, classified),
        item,
        confidence,
        classified,
        truth,
    };
    queries(golden, Heat::Rested).into_iter().map(decide).collect()
}

fn queries(golden: &GoldenRecord, heat: Heat) -> Vec<Labelled> {
    golden.answers.iter().filter(|answer| answer.heat == heat).map(Labelled::of).collect()
}
