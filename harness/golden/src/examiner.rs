//! Scores answers to the items of one set.

use std::collections::BTreeMap;

use edgesoak_record::answer::ScoredAnswer;

use crate::finding::GoldenErrors;
use crate::item::Item;
use crate::score::{Answer, Scorer};
use crate::set::GoldenSet;

/// A set with the scorers of its items, prepared once.
#[derive(Debug)]
pub struct Examiner<'a> {
    set: &'a GoldenSet,
    scorers: BTreeMap<&'a str, (&'a Item, Scorer)>,
}

impl<'a> Examiner<'a> {
    /// Prepares the scorer of every item.
    pub fn of(set: &'a GoldenSet) -> Result<Self, GoldenErrors> {
        let prepared = set.items.iter().map(|item| Ok((item.id.as_str(), (item, set.scorer(item)?))));
        Ok(Self { set, scorers: prepared.collect::<Result<_, GoldenErrors>>()? })
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&'a Item> {
        self.scorers.get(id).map(|(item, _)| *item)
    }

    /// Scores an answer; `None` for an item that the set does not have. Nothing of the answer's text is kept.
    #[must_use]
    pub fn score(&self, id: &str, answer: &Answer<'_>) -> Option<ScoredAnswer> {
        let (item, scorer) = self.scorers.get(id)?;
        Some(self.set.scored(item, scorer, answer))
    }
}
