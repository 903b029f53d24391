//! The items of a golden set in a session: what was planned, what was asked, what came back.

use edgesoak_protocol::units::Nanos;
use serde::{Deserialize, Serialize};

use crate::answer::ScoredAnswer;
use crate::plan::SourceFile;
use crate::routing::Sensitivity;

/// How much of a golden set is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// The smoke split.
    Smoke,
    /// The smoke split and a part of the gate split, another one in each run.
    Gate,
    /// The smoke split and the whole gate split.
    Full,
}

impl Round {
    /// Every round, the shortest first.
    pub const ALL: [Round; 3] = [Round::Smoke, Round::Gate, Round::Full];

    /// The round as a word of the matrix.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Round::Smoke => "smoke",
            Round::Gate => "gate",
            Round::Full => "full",
        }
    }
}

/// Parts of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// A few, answered first, cold and hot.
    Smoke,
    /// Those that the gates rest on.
    Gate,
    /// Planted secrets that must not turn up again.
    Canary,
    /// Kept back: never looked at while a model is chosen.
    Holdout,
}

impl Split {
    /// Every split, in the order in which they are shown.
    pub const ALL: [Split; 4] = [Split::Smoke, Split::Gate, Split::Canary, Split::Holdout];

    /// The split as a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Split::Smoke => "smoke",
            Split::Gate => "gate",
            Split::Canary => "canary",
            Split::Holdout => "holdout",
        }
    }

    const fn of_old() -> Self {
        Self::Gate
    }
}

/// Which items a session asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedGolden {
    /// `name@1.0.0`.
    pub set: String,
    /// Route of the set whose items are asked, where it is called otherwise than that of the matrix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slice: Option<String>,
    /// How much of the set.
    pub round: Round,
    /// So many items of the gate split, and the critical ones; only in [`Round::Gate`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u32>,
    /// Answers that it comes to, those right behind the soak included; `None` where they could not be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<u32>,
    /// Its manifest, which seals every other file.
    pub manifest: SourceFile,
}

/// What a session asks, as it was told to the device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// `name@1.0.0`.
    pub set: String,
    /// Digest of all items of the set.
    pub set_digest: String,
    /// SHA-256 of the file of items that the device was given, lower-case hex; `None` where nobody kept it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_sha256: Option<String>,
    /// In the order in which they are asked.
    pub items: Vec<AskedItem>,
    /// So many of the first are asked right after the soak too.
    pub hot: u32,
    /// What results are shown by.
    pub slices: Vec<String>,
    /// The set's own bar: least share of items that are answered right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<f64>,
    /// The set's own bar: largest share of unanswerable items that are answered all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub false_answers: Option<f64>,
}

impl Asked {
    /// Answers that the session gives where nothing goes wrong.
    #[must_use]
    pub fn answers(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX).saturating_add(self.hot)
    }
}

/// An item that is asked, without what its answer must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedItem {
    /// Its id.
    pub id: String,
    /// Digest of the whole item.
    pub digest: String,
    /// The part of the set that it belongs to. Records that do not tell were judged by all of their items.
    #[serde(default = "Split::of_old")]
    pub split: Split,
    /// Whether the documents hold the answer.
    pub answerable: bool,
    /// Failing it anew is never accepted.
    pub critical: bool,
    /// What items that hang together share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// SHA-256 of each picture that it shows, lower-case hex.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
}

/// When an item was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heat {
    /// Right after the soak.
    Hot,
    /// At the end, behind rest and recovery where there are any.
    Rested,
}

impl Heat {
    /// The word in JSON and SQLite.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Heat::Hot => "hot",
            Heat::Rested => "rested",
        }
    }
}

/// One answer of a session, scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoldenAnswer {
    /// Counts the answers of the session from 0.
    pub index: u32,
    /// Prompt of the session.
    pub prompt: u32,
    /// When it was asked.
    pub heat: Heat,
    /// `length` or `eos`; `refused` where the runtime refused the prompt; `other` for any other word of the device.
    pub finish: String,
    /// Whether it was longer than what the device keeps.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
    /// Submit to first token; `None` where there was none.
    pub ttft: Option<Nanos>,
    /// Submit to last token; `None` where there was none.
    pub e2e: Option<Nanos>,
    /// What the query was told to be, from its words alone; absent from a serialised answer where nobody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classified: Option<Sensitivity>,
    /// What the scorers found. The digest of its text is salted: only answers that one host scored compare.
    pub scored: ScoredAnswer,
    /// The text, where it was asked to be kept; never of a sensitive item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl GoldenAnswer {
    /// The runtime refused the prompt: there is no answer that could be right or sure.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.finish == "refused"
    }
}

/// What a session asked and what was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct GoldenRecord {
    /// What was asked.
    pub asked: Asked,
    /// Answers in the order in which they were given.
    pub answers: Vec<GoldenAnswer>,
}
