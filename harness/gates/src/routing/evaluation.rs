//! What a policy would have done to labelled queries.

use edgesoak_record::answer::{Cell, Outcome};
use edgesoak_record::golden::GoldenAnswer;
use edgesoak_record::routing::{Confidence, Destination, Evaluation, RoutingPolicy, Sensitivity};

/// A query of which it is known what it is and how the device answered it.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// Id of the item.
    pub item: String,
    /// How sure the device was; `None` where it did not say.
    pub confidence: Option<Confidence>,
    /// What the classifier on the device said; `None` where it said nothing.
    pub classified: Option<Sensitivity>,
    /// What the query is.
    pub truth: Sensitivity,
    /// Whether the device's answer is right; an unknown one counts as wrong.
    pub right: bool,
    /// Whether the device's answer says that it does not know.
    pub abstained: bool,
}

impl Labelled {
    /// A query as an answer of the device knows it.
    #[must_use]
    pub fn of(answer: &GoldenAnswer) -> Self {
        let scored = &answer.scored;
        Self {
            item: scored.item.clone(),
            confidence: scored.confidence.and_then(Confidence::new),
            classified: answer.classified,
            truth: if scored.sensitive { Sensitivity::Sensitive } else { Sensitivity::Public },
            right: scored.outcome == Outcome::Pass,
            abstained: matches!(scored.cell, Cell::OverAbstained | Cell::AbstainedRight),
        }
    }
}

/// Puts every query through a policy.
#[must_use]
pub fn evaluate(policy: RoutingPolicy, queries: &[Labelled]) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for query in queries {
        count(&mut evaluation, query, policy.decide(query.confidence, query.classified));
    }
    evaluation
}

fn count(all: &mut Evaluation, query: &Labelled, destination: Destination) {
    *all.destinations.entry(destination).or_default() += 1;
    let kept = destination == Destination::LocalAnswer;
    *match (kept, query.right) {
        (true, true) => &mut all.right_kept,
        (true, false) => &mut all.wrong_kept,
        (false, true) => &mut all.right_escalated,
        (false, false) => &mut all.wrong_escalated,
    } += 1;
    all.abstained += u64::from(kept && query.abstained);
    match (query.truth, query.classified) {
        (Sensitivity::Sensitive, Some(Sensitivity::Public)) => {
            all.sensitive_missed.push(query.item.clone());
        }
        // What was not classified is held back, which is right for a sensitive query.
        (Sensitivity::Sensitive, _) => all.sensitive_found += 1,
        (Sensitivity::Public, Some(Sensitivity::Public)) => all.public_found += 1,
        (Sensitivity::Public, _) => all.public_held_back += 1,
    }
    if destination.leaves() && query.truth == Sensitivity::Sensitive {
        all.left.push(query.item.clone());
    }
}
