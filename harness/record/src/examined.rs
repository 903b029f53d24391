//! What the answers of a session show, beside its gates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::answer::Cell;
use crate::golden::Split;
use crate::routing::Routed;

/// Answers of a session, taken together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// `name@1.0.0`.
    pub set: String,
    /// Digest of all items of the set: sessions compare on equal items only.
    pub set_digest: String,
    /// The part of the set that the bars were held against, and that everything up to the slices counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// Items of it that were asked.
    pub asked: u64,
    /// Items of it that were answered right, behind the rest.
    pub right: u64,
    /// Answered or abstained, right or wrong: how many of each.
    pub cells: BTreeMap<Cell, u64>,
    /// Shares by slice.
    pub slices: Vec<SliceShare>,
    /// Items that were not answered right, of whatever part, as far as they are listed.
    pub wrong: Vec<WrongItem>,
    /// Further ones that are not listed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more_wrong: u64,
    /// Items of the judged part without an answer.
    pub unanswered: Vec<String>,
    /// Items that were asked hot too.
    pub hot: u64,
    /// Of these, without an answer right after the soak that is known to be right or wrong.
    #[serde(default, skip_serializing_if = "is_none")]
    pub hot_unknown: u64,
    /// Of these, wrong right after the soak and right behind the rest.
    pub wrong_when_hot: Vec<String>,
    /// Of these, with another text right after the soak.
    pub other_when_hot: Vec<String>,
    /// Where its queries would have gone; absent from a serialised verdict where the route says nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routed>,
}

impl Examined {
    /// What the items are called that are counted.
    #[must_use]
    pub const fn items_word(&self) -> &'static str {
        match self.split {
            Some(Split::Smoke) => "smoke items",
            Some(Split::Gate) => "gate items",
            _ => "items",
        }
    }
}

/// The share of items that were answered right in one slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SliceShare {
    /// What it is sliced by.
    pub key: String,
    /// The value that its items share.
    pub value: String,
    /// Items that were answered right.
    pub right: u64,
    /// All its items that were answered.
    pub n: u64,
    /// Lower one-sided 95 % bound of the share.
    pub lo: f64,
    /// Upper one-sided 95 % bound of the share.
    pub hi: f64,
}

/// An item that was not answered right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongItem {
    /// Its id.
    pub item: String,
    /// Failing it anew is never accepted.
    pub critical: bool,
    /// Answered or abstained.
    pub cell: Cell,
    /// What the scorers that failed it say, without a word of the answer.
    pub reasons: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_none(count: &u64) -> bool {
    *count == 0
}
