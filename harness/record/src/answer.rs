//! Answers to golden items, scored: never a word of their text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Whether something that was asked of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// What it takes to tell was not measured.
    Unknown,
}

impl Outcome {
    /// Of something that was told.
    #[must_use]
    pub const fn of(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Fail }
    }

    /// The word in JSON and SQLite.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
        }
    }
}

/// Where an answer stands between answering and abstaining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Answerable, and answered right.
    AnsweredRight,
    /// Answerable, and answered wrong or not at all.
    AnsweredWrong,
    /// Answerable, and the answer says that it does not know.
    OverAbstained,
    /// Not answerable, and the answer says so.
    AbstainedRight,
    /// Not answerable, and answered all the same, or with an abstention that also guesses.
    AnsweredUnanswerable,
    /// Not answerable, and the runtime refused the prompt: nothing tells what the model would have said.
    UnansweredUnanswerable,
}

impl Cell {
    /// Every cell, in the order in which they are shown.
    pub const ALL: [Cell; 6] = [
        Cell::AnsweredRight,
        Cell::AnsweredWrong,
        Cell::OverAbstained,
        Cell::AbstainedRight,
        Cell::AnsweredUnanswerable,
        Cell::UnansweredUnanswerable,
    ];

    /// Whether the documents hold the answer.
    #[must_use]
    pub const fn is_answerable(self) -> bool {
        matches!(self, Cell::AnsweredRight | Cell::AnsweredWrong | Cell::OverAbstained)
    }

    /// The word in JSON and SQLite.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Cell::AnsweredRight => "answered_right",
            Cell::AnsweredWrong => "answered_wrong",
            Cell::OverAbstained => "over_abstained",
            Cell::AbstainedRight => "abstained_right",
            Cell::AnsweredUnanswerable => "answered_unanswerable",
            Cell::UnansweredUnanswerable => "unanswered_unanswerable",
        }
    }
}

/// What one scorer of an item's tree found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Name of the scorer, as in the item.
    pub scorer: String,
    /// Version of its rule.
    pub version: u32,
    /// In 0..=1; `None` where the outcome is unknown.
    pub points: Option<f64>,
    /// Whether this part holds.
    pub outcome: Outcome,
    /// The item fails whatever stands around this part: an invented source, a leaked secret, an answer without end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ruins: bool,
    /// Why, without a word of the answer: ids that were expected, counts, positions.
    pub reason: String,
    /// The parts of a combinator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl Part {
    /// Whether this part or one below it ruins the item.
    #[must_use]
    pub fn is_ruined(&self) -> bool {
        self.ruins || self.parts.iter().any(Self::is_ruined)
    }
}

/// One answer, scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoredAnswer {
    /// Id of the item.
    pub item: String,
    /// Digest of the item: answers are compared with answers to the same item only.
    pub item_digest: String,
    /// Its values by slice, such as `route` and `language`.
    pub slices: BTreeMap<String, String>,
    /// What items that hang together share; without it the item stands alone.
    #[serde(default)]
    pub cluster: Option<String>,
    /// Failing it anew is never accepted.
    pub critical: bool,
    /// Its text is stored nowhere.
    pub sensitive: bool,
    /// In 0..=1; `None` where the outcome is unknown.
    pub points: Option<f64>,
    /// Whether the item was answered right.
    pub outcome: Outcome,
    /// Answered or abstained, right or wrong.
    pub cell: Cell,
    /// What each scorer found.
    pub part: Part,
    /// SHA-256 of the answer's text, lower-case hex.
    pub answer_digest: String,
    /// How sure the runtime says that it was, in 0..=1; `None` where it does not say. It decides nothing about the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// An answer as far as another side is held against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemOutcome {
    /// Id of the item.
    pub item: String,
    /// Digest of the item: answers are compared with answers to the same item only.
    pub item_digest: String,
    /// What items that hang together share; without it the item stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Failing it anew is never accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
    /// Whether the item was answered right.
    pub outcome: Outcome,
}

impl From<&ScoredAnswer> for ItemOutcome {
    fn from(answer: &ScoredAnswer) -> Self {
        let ScoredAnswer { item, item_digest, cluster, critical, outcome, .. } = answer.clone();
        Self { item, item_digest, cluster, critical, outcome }
    }
}

impl ItemOutcome {
    /// Whether the item was answered right; what could not be told counts as wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Pass
    }
}

impl ScoredAnswer {
    /// Whether the item was answered right; what could not be told counts as wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.outcome == Outcome::Pass
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Outcome};

    #[test]
    fn words_are_those_of_the_json() {
        for outcome in [Outcome::Pass, Outcome::Fail, Outcome::Unknown] {
            assert_eq!(serde_json::to_value(outcome).expect("JSON"), outcome.word());
        }
        for cell in Cell::ALL {
            assert_eq!(serde_json::to_value(cell).expect("JSON"), cell.word());
        }
    }
}
