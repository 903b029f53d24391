//! Scores answers to the items of one set.

use std::collections::BTreeMap;

use edgesoak_record::answer::ScoredAnswer;
use edgesoak_record::hex;

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
        let manifest = &self.set.manifest;
        let score = scorer.score(answer);
        let keys = ["route", "split"].into_iter().chain(manifest.slices.iter().map(String::as_str));
        let slices = keys.filter_map(|key| Some((key.to_owned(), item.slice(key)?.to_owned())));
        Some(ScoredAnswer {
            item: item.id.clone(),
            item_digest: item.digest.clone(),
            slices: slices.collect(),
            cluster: manifest.cluster.as_ref().and_then(|tag| item.slice(tag)).map(str::to_owned),
            critical: item.critical,
            sensitive: self.set.is_sensitive(item),
            points: score.points,
            outcome: score.outcome,
            cell: score.cell,
            part: score.part,
            answer_digest: hex(&answer.text.digest()),
        })
    }
}
