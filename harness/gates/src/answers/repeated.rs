//! The same candidate asked twice: with greedy generation the same item gives the same answer.

use std::collections::BTreeMap;

use edgesoak_record::answer::ScoredAnswer;
use serde::Serialize;

/// What two rounds of one candidate have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repeated {
    /// Items that were answered in both rounds.
    pub n: u64,
    /// Items with two different texts.
    pub texts_differ: Vec<String>,
    /// Items that were answered right in one round alone.
    pub outcomes_differ: Vec<String>,
}

/// Holds two rounds against each other, by the digests of their texts.
#[must_use]
pub fn repeated(first: &[ScoredAnswer], again: &[ScoredAnswer]) -> Repeated {
    let by_item: BTreeMap<(&str, &str), &ScoredAnswer> =
        again.iter().map(|answer| ((answer.item.as_str(), answer.item_digest.as_str()), answer)).collect();
    let mut repeated = Repeated { n: 0, texts_differ: Vec::new(), outcomes_differ: Vec::new() };
    for one in first {
        let Some(other) = by_item.get(&(one.item.as_str(), one.item_digest.as_str())) else { continue };
        repeated.n += 1;
        if one.answer_digest != other.answer_digest {
            repeated.texts_differ.push(one.item.clone());
        }
        if one.outcome != other.outcome {
            repeated.outcomes_differ.push(one.item.clone());
        }
    }
    repeated
}

#[cfg(test)]
mod tests {
    use edgesoak_record::answer::Outcome;

    use super::repeated;
    use crate::answers::judged::tests::answers;

    #[test]
    fn texts_and_outcomes_that_differ_are_named() {
        let first = answers(10, 10);
        let mut again = answers(10, 9);
        again[3].answer_digest = "other".to_owned();
        again[4].answer_digest = "other".to_owned();
        again[4].outcome = Outcome::Fail;
        let told = repeated(&first, &again);
        assert_eq!(told.n, 9);
        assert_eq!(told.texts_differ, ["item-3", "item-4"]);
        assert_eq!(told.outcomes_differ, ["item-4"]);
    }
}
