//! Items: a prompt, and what its answer must be.

use std::collections::BTreeMap;

use edgesoak_record::canonical;
use edgesoak_record::golden::Split;
use serde::{Deserialize, Serialize};

use crate::expect::Expect;
use crate::finding::Finding;
use crate::json;
use crate::limits::{LONGEST_NAME, LONGEST_WORDS, MAX_MESSAGES, MAX_TAGS, MOST_DOCS, MOST_IMAGES};
use crate::problem::Problem;

/// An item as it stands in its line. It cannot be written out again: expectations never leave the host.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name in the set, for ever.
    pub id: String,
    /// Counts its changes.
    pub rev: u32,
    /// The route it belongs to.
    pub route: String,
    /// The part of the set it belongs to.
    pub split: Split,
    /// Failing it anew is never accepted.
    #[serde(default)]
    pub critical: bool,
    /// No text of an answer to it is stored; without it what the set says.
    #[serde(default)]
    pub sensitive: Option<bool>,
    /// What results are sliced by.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The conversation; the last turn is the user's.
    pub messages: Vec<Message>,
    /// Documents in front of the question; without them retrieval decides.
    #[serde(default)]
    pub docs: Option<Vec<String>>,
    /// Pictures that belong to the question.
    #[serde(default)]
    pub images: Vec<Image>,
    /// Whether the documents hold the answer.
    pub answerable: bool,
    /// What the answer must be.
    pub expect: Expect,
    /// Where the facts stand.
    #[serde(default)]
    pub refs: Vec<Reference>,
    /// SHA-256 of the canonical form of the whole item.
    #[serde(skip)]
    pub digest: String,
    /// Its line in the file of items, from 1.
    #[serde(skip)]
    pub line: u64,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The production system prompt.
    System,
    /// The person in the field.
    User,
    /// The model, in an earlier turn.
    Assistant,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// A picture of the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Its path in the set.
    pub file: String,
    /// Its SHA-256, lower-case hex: an item with another picture is another item.
    pub sha256: String,
}

/// Where a fact stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The document.
    pub doc: String,
    /// A part of its text, character for character.
    pub quote: String,
}

/// What of an item is pushed to a device: nothing that tells the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PushedItem<'a> {
    /// Its name.
    pub id: &'a str,
    /// The conversation.
    pub messages: &'a [Message],
    /// Documents in front of the question; without them retrieval decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<&'a [String]>,
    /// Pictures; a device has them under their digests.
    #[serde(skip_serializing_if = "<[Image]>::is_empty")]
    pub images: &'a [Image],
}

impl Item {
    /// What a device gets to see of it.
    #[must_use]
    pub fn pushed(&self) -> PushedItem<'_> {
        let Item { id, messages, docs, images, .. } = self;
        PushedItem { id, messages, docs: docs.as_deref(), images }
    }

    /// Its value in a slice: `route`, `split` or one of its tags.
    #[must_use]
    pub fn slice(&self, key: &str) -> Option<&str> {
        match key {
            "route" => Some(&self.route),
            "split" => Some(self.split.word()),
            tag => self.tags.get(tag).map(String::as_str),
        }
    }

    /// Reads a line; `file` and `line` are for findings.
    pub(crate) fn read(file: &str, line: u64, text: &str) -> Result<Item, Finding> {
        let (mut item, value): (Item, _) = json::read(file, line, text)?;
        item.digest = canonical::digest(&value)
            .map_err(|error| Finding::at(file, line, Problem::Json { complaint: error.to_string() }))?;
        item.line = line;
        match item.complaint() {
            Some(problem) => Err(Finding::at(file, line, problem)),
            None => Ok(item),
        }
    }

    /// What is wrong with it, seen alone.
    fn complaint(&self) -> Option<Problem> {
        let too_many = |what, limit: usize| Some(Problem::TooMuch { what, limit: limit.to_string() });
        if let Some(problem) = bad_name("id", &self.id).or_else(|| bad_name("route", &self.route)) {
            return Some(problem);
        }
        if self.rev == 0 {
            return Some(Problem::value("rev", "counts from 1"));
        }
        if self.messages.len() > MAX_MESSAGES {
            return too_many("too many messages", MAX_MESSAGES);
        }
        if self.messages.last().is_none_or(|message| message.role != Role::User) {
            return Some(Problem::value("messages", "must end with a turn of the user"));
        }
        if self.tags.len() > MAX_TAGS {
            return too_many("too many tags", MAX_TAGS);
        }
        if let Some(problem) = self.tags.iter().find_map(|(key, value)| bad_tag(key, value)) {
            return Some(problem);
        }
        let docs = self.docs.as_deref().unwrap_or_default();
        if docs.len() > MOST_DOCS {
            return too_many("too many documents", MOST_DOCS);
        }
        if self.images.len() > MOST_IMAGES {
            return too_many("too many images", MOST_IMAGES);
        }
        let is_doubled = (1..docs.len()).any(|at| docs[..at].contains(&docs[at]));
        is_doubled.then(|| Problem::value("docs", "names a document twice"))
    }
}

/// Ids reach logs, reports and devices, so they are short and plain.
pub(crate) fn bad_name(key: &str, name: &str) -> Option<Problem> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let good = !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(plain);
    (!good).then(|| Problem::value(key, "must be 1 to 64 letters, digits, `-`, `_` or `.`"))
}

fn bad_tag(key: &str, value: &str) -> Option<Problem> {
    if ["route", "split"].contains(&key) {
        return Some(Problem::value("tags", format!("cannot hold `{key}`: every item has it anyway")));
    }
    bad_name("tags", key).or_else(|| bad_words(&format!("tags.{key}"), value))
}

/// Words for people: short, and nothing that a terminal would obey.
pub(crate) fn bad_words(key: &str, words: &str) -> Option<Problem> {
    let good =
        !words.is_empty() && words.chars().count() <= LONGEST_WORDS && !words.chars().any(char::is_control);
    let complaint = || format!("must be 1 to {LONGEST_WORDS} characters, none of them a control character");
    (!good).then(|| Problem::value(key, complaint()))
}
