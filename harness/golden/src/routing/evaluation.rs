//! What a policy would have done to labelled queries.

use std::collections::BTreeMap;

use edgesoak_record::answer::ScoredAnswer;
use serde::{Deserialize, Serialize};

use super::policy::{Confidence, Destination, RoutingPolicy, Sensitivity};
use crate::score::{Cell, Outcome};

/// A query of which it is known what it is and how the device answered it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labelled {
    /// Id of the item.
    pub item: String,
    /// How sure the device was; `None` where it did not say.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What the classifier on the device said; `None` where it said nothing.
    #[serde(default)]
    pub classified: Option<Sensitivity>,
    /// What the query is.
    pub truth: Sensitivity,
    /// Whether the device's answer is right; an unknown one counts as wrong.
    pub right: bool,
    /// Whether the device's answer says that it does not know.
    pub abstained: bool,
}

impl Labelled {
    /// A query as a scored answer of the device knows it.
    #[must_use]
    pub fn of(
        answer: &ScoredAnswer,
        confidence: Option<Confidence>,
        classified: Option<Sensitivity>,
    ) -> Self {
        Self {
            item: answer.item.clone(),
            confidence,
            classified,
            truth: if answer.sensitive { Sensitivity::Sensitive } else { Sensitivity::Public },
            right: answer.outcome == Outcome::Pass,
            abstained: matches!(answer.cell, Cell::OverAbstained | Cell::AbstainedRight),
        }
    }
}

/// What a policy did to all queries. Counts of queries, never texts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Evaluation {
    /// Queries by where they went.
    pub destinations: BTreeMap<Destination, u64>,
    /// Answered by the device, rightly.
    pub right_kept: u64,
    /// Answered by the device, wrongly.
    pub wrong_kept: u64,
    /// Given away though the device's answer was right.
    pub right_escalated: u64,
    /// Given away, and the device's answer was wrong.
    pub wrong_escalated: u64,
    /// Answered by the device by saying that it does not know.
    pub abstained: u64,
    /// Sensitive queries that were told to be so.
    pub sensitive_found: u64,
    /// Ids of sensitive queries that were taken for public ones, in order, whether they left or not.
    pub sensitive_missed: Vec<String>,
    /// Public queries that were taken for sensitive ones, or not told at all.
    pub public_held_back: u64,
    /// Public queries that were told to be so.
    pub public_found: u64,
    /// Ids of sensitive queries that would have left the device, in order: one is too many.
    pub left: Vec<String>,
}

/// Puts every query through a policy.
#[must_use]
pub fn evaluate(policy: RoutingPolicy, queries: &[Labelled]) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for query in queries {
        evaluation.count(query, policy.decide(query.confidence, query.classified));
    }
    evaluation
}

impl Evaluation {
    fn count(&mut self, query: &Labelled, destination: Destination) {
        *self.destinations.entry(destination).or_default() += 1;
        let kept = destination == Destination::LocalAnswer;
        *match (kept, query.right) {
            (true, true) => &mut self.right_kept,
            (true, false) => &mut self.wrong_kept,
            (false, true) => &mut self.right_escalated,
            (false, false) => &mut self.wrong_escalated,
        } += 1;
        self.abstained += u64::from(kept && query.abstained);
        match (query.truth, query.classified) {
            (Sensitivity::Sensitive, Some(Sensitivity::Public)) => {
                self.sensitive_missed.push(query.item.clone());
            }
            // What was not classified is held back, which is right for a sensitive query.
            (Sensitivity::Sensitive, _) => self.sensitive_found += 1,
            (Sensitivity::Public, Some(Sensitivity::Public)) => self.public_found += 1,
            (Sensitivity::Public, _) => self.public_held_back += 1,
        }
        if destination.leaves() && query.truth == Sensitivity::Sensitive {
            self.left.push(query.item.clone());
        }
    }

    /// Queries that went there.
    #[must_use]
    pub fn to(&self, destination: Destination) -> u64 {
        self.destinations.get(&destination).copied().unwrap_or_default()
    }

    /// All queries.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.destinations.values().sum()
    }

    /// Share of queries that the device did not answer itself; `None` without queries.
    #[must_use]
    pub fn escalation_rate(&self) -> Option<f64> {
        share(self.queries() - self.to(Destination::LocalAnswer), self.queries())
    }

    /// Share of the device's own answers that say that it does not know; `None` where it answered nothing.
    #[must_use]
    pub fn abstention_rate(&self) -> Option<f64> {
        share(self.abstained, self.to(Destination::LocalAnswer))
    }

    /// Share of the device's own answers that are right; `None` where it answered nothing.
    #[must_use]
    pub fn kept_quality(&self) -> Option<f64> {
        share(self.right_kept, self.right_kept + self.wrong_kept)
    }

    /// Whether the policy keeps what is sensitive on the device: fails by one query that would have left, and is
    /// unknown as long as no sensitive query was among those that were asked.
    #[must_use]
    pub fn keeps_secrets(&self) -> Outcome {
        let sensitive = self.sensitive_found + self.sensitive_missed.len() as u64;
        match (self.left.len(), sensitive) {
            (0, 0) => Outcome::Unknown,
            (0, _) => Outcome::Pass,
            _ => Outcome::Fail,
        }
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
