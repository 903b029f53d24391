//! What a policy did to queries of which it is known what they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::policy::{Confidence, Destination};
use crate::answer::Outcome;

/// What the answers of a session show of its route's policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Routed {
    /// Least confidence with which the device answers by itself.
    pub threshold: Confidence,
    /// Answers without a confidence: they are below every threshold.
    pub without_confidence: u64,
    /// What became of the queries as they were answered behind the rest.
    pub evaluation: Evaluation,
    /// Ids of sensitive queries that would have left by the answers right after the soak, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_when_hot: Vec<String>,
    /// The same queries at other thresholds, ascending.
    pub sweep: Vec<SweepPoint>,
}

/// A threshold and what it does to queries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepPoint {
    /// The threshold.
    pub threshold: Confidence,
    /// Queries by where they went.
    pub destinations: BTreeMap<Destination, u64>,
    /// Answered by the device, wrongly.
    pub wrong_kept: u64,
    /// Sensitive queries that would have left: one is too many.
    pub left: u64,
    /// What all of them cost together; absent from a serialised point where nobody says what anything costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
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

impl Evaluation {
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

    /// Sensitive queries, told to be so or not.
    #[must_use]
    pub fn sensitive(&self) -> u64 {
        self.sensitive_found + self.sensitive_missed.len() as u64
    }

    /// Whether the policy keeps what is sensitive on the device: fails by one query that would have left, and is
    /// unknown as long as no sensitive query was among those that were asked.
    #[must_use]
    pub fn keeps_secrets(&self) -> Outcome {
        match (self.left.len(), self.sensitive()) {
            (0, 0) => Outcome::Unknown,
            (0, _) => Outcome::Pass,
            _ => Outcome::Fail,
        }
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
