//! The decision on one query.

use serde::{Deserialize, Serialize};

use super::cost::Costs;
use crate::plan::SourceFile;

/// How sure the model on the device is, in 0..=1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Confidence(f64);

impl Confidence {
    /// A confidence; `None` outside of 0..=1.
    #[must_use]
    pub fn new(share: f64) -> Option<Self> {
        (0.0..=1.0).contains(&share).then_some(Self(share))
    }

    /// The part of one.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = f64::deserialize(deserializer)?;
        Self::new(share).ok_or_else(|| serde::de::Error::custom("a confidence is between 0 and 1"))
    }
}

/// Whether a query may leave the device at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// It may, once it was redacted.
    Public,
    /// It may not, in no form.
    Sensitive,
}

impl Sensitivity {
    /// The word in JSON and SQLite.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Sensitivity::Public => "public",
            Sensitivity::Sensitive => "sensitive",
        }
    }
}

/// Where a query goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// The model on the device answers.
    LocalAnswer,
    /// A person on site looks at it; nothing leaves.
    HumanReviewLocalOnly,
    /// It may be sent out once it was redacted.
    CloudAllowedAfterRedaction,
}

impl Destination {
    /// Every destination, in the order in which they are shown.
    pub const ALL: [Destination; 3] =
        [Self::LocalAnswer, Self::HumanReviewLocalOnly, Self::CloudAllowedAfterRedaction];

    /// The word used in JSON and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::LocalAnswer => "local_answer",
            Self::HumanReviewLocalOnly => "human_review_local_only",
            Self::CloudAllowedAfterRedaction => "cloud_allowed_after_redaction",
        }
    }

    /// Whether the query leaves the device.
    #[must_use]
    pub const fn leaves(self) -> bool {
        matches!(self, Self::CloudAllowedAfterRedaction)
    }
}

/// When the device answers by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoutingPolicy {
    /// Least confidence with which the device answers by itself.
    pub threshold: Confidence,
}

/// How the queries of a route are routed, as it was planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedRouting {
    /// Least confidence with which the device answers by itself.
    pub threshold: Confidence,
    /// Words that make a query sensitive, one a line.
    pub sensitive_terms: SourceFile,
    /// What becomes of queries costs so much; absent from a serialised plan where nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costs: Option<Costs>,
}

impl PlannedRouting {
    /// The rule alone.
    #[must_use]
    pub fn policy(&self) -> RoutingPolicy {
        RoutingPolicy { threshold: self.threshold }
    }
}

impl RoutingPolicy {
    /// Decides on a query. A confidence that nobody gave is below every threshold, and a query that was not
    /// classified is taken for a sensitive one: what is unknown never leaves.
    #[must_use]
    pub fn decide(&self, confidence: Option<Confidence>, classified: Option<Sensitivity>) -> Destination {
        match (confidence, classified) {
            (Some(confidence), _) if confidence >= self.threshold => Destination::LocalAnswer,
            (_, Some(Sensitivity::Public)) => Destination::CloudAllowedAfterRedaction,
            (_, Some(Sensitivity::Sensitive) | None) => Destination::HumanReviewLocalOnly,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Destination;

    #[test]
    fn a_destination_is_written_as_its_word() {
        for destination in Destination::ALL {
            let written = serde_json::to_value(destination).expect("a word");
            assert_eq!(written, destination.word());
        }
    }
}
