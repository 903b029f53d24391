//! What decisions cost.

use serde::{Deserialize, Serialize};

use super::evaluation::Evaluation;
use super::policy::Destination;

/// What one query costs, in a unit that whoever sets it chooses, by what becomes of it. Each is finite and not
/// negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// The device answers.
    pub local_answer: f64,
    /// A person looks at it.
    pub human_review: f64,
    /// It is redacted and sent out.
    pub cloud: f64,
    /// On top of an answer of the device that is wrong.
    pub wrong_answer: f64,
}

impl Costs {
    /// What all queries of an evaluation cost together; `None` where a cost is no number, or negative.
    #[must_use]
    pub fn of(&self, evaluation: &Evaluation) -> Option<f64> {
        let costs = [self.local_answer, self.human_review, self.cloud, self.wrong_answer];
        if !costs.iter().all(|cost| cost.is_finite() && *cost >= 0.0) {
            return None;
        }
        let queries = |destination| evaluation.to(destination) as f64;
        Some(
            queries(Destination::LocalAnswer) * self.local_answer
                + queries(Destination::HumanReviewLocalOnly) * self.human_review
                + queries(Destination::CloudAllowedAfterRedaction) * self.cloud
                + evaluation.wrong_kept as f64 * self.wrong_answer,
        )
    }
}
