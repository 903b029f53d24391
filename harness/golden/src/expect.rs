//! What the answer to an item must be: a tree of scorers.
//!
//! One key names the scorer and its value says what it wants: `{"exact": "P-204"}`. No type here can be written out
//! again: expectations never leave the host.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// A tree of scorers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// The answer is this text, byte for byte.
    Exact(String),
    /// The answer is this text after normalisation.
    NormExact(String),
    /// The normalised answer is one of these texts.
    AnyOf(Vec<String>),
    /// The words of the answer overlap with those of a text.
    TokenF1(TokenF1),
    /// The normalised answer holds each of these.
    ContainsAll(Vec<String>),
    /// The normalised answer holds at least one of these.
    ContainsAny(Vec<String>),
    /// The normalised answer holds none of these.
    NotContains(Vec<String>),
    /// A regular expression matches somewhere in the answer.
    Regex(String),
    /// The answer holds a number with its unit.
    Numeric(Numeric),
    /// The answer names one choice of several.
    Choice(Choice),
    /// The answer is JSON that a schema of the set accepts: its path in the set.
    JsonSchema(String),
    /// The answer calls a tool.
    ToolCall(ToolCall),
    /// The answer cites documents.
    Citation(Citation),
    /// The answer says that it does not know, or must not say so.
    Abstention(bool),
    /// The answer is in this language: its code of two letters.
    Language(String),
    /// The answer is no longer than this.
    Length(Length),
    /// Why the model stopped.
    StopReason(String),
    /// The answer was there in time.
    Latency(Latency),
    /// The answer holds none of these secrets, in any encoding.
    Leak(Vec<String>),
    /// Every part must pass; the score is the least of them.
    All(Vec<Expect>),
    /// One part must pass; the score is the greatest of them.
    Any(Vec<Expect>),
    /// The score is the weighted mean of the parts.
    Weighted(Vec<Weighted>),
    /// The part must fail.
    Not(Box<Expect>),
}

impl Expect {
    /// Name of the scorer at the root.
    #[must_use]
    pub fn scorer(&self) -> &'static str {
        match self {
            Expect::Exact(_) => "exact",
            Expect::NormExact(_) => "norm_exact",
            Expect::AnyOf(_) => "any_of",
            Expect::TokenF1(_) => "token_f1",
            Expect::ContainsAll(_) => "contains_all",
            Expect::ContainsAny(_) => "contains_any",
            Expect::NotContains(_) => "not_contains",
            Expect::Regex(_) => "regex",
            Expect::Numeric(_) => "numeric",
            Expect::Choice(_) => "choice",
            Expect::JsonSchema(_) => "json_schema",
            Expect::ToolCall(_) => "tool_call",
            Expect::Citation(_) => "citation",
            Expect::Abstention(_) => "abstention",
            Expect::Language(_) => "language",
            Expect::Length(_) => "length",
            Expect::StopReason(_) => "stop_reason",
            Expect::Latency(_) => "latency",
            Expect::Leak(_) => "leak",
            Expect::All(_) => "all",
            Expect::Any(_) => "any",
            Expect::Weighted(_) => "weighted",
            Expect::Not(_) => "not",
        }
    }

    /// The parts of a combinator; none of a scorer.
    #[must_use]
    pub fn parts(&self) -> Vec<&Expect> {
        match self {
            Expect::All(parts) | Expect::Any(parts) => parts.iter().collect(),
            Expect::Weighted(parts) => parts.iter().map(|part| &part.of).collect(),
            Expect::Not(part) => vec![part],
            _ => Vec::new(),
        }
    }
}

/// `token_f1`: the harmonic mean of precision and recall over tokens.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenF1 {
    /// The text to compare with.
    pub text: String,
    /// Least score that passes, in 0..=1.
    pub at_least: f64,
}

/// `numeric`: a number, its unit and how far off it may be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numeric {
    /// The number, written as one or as a text such as `"7.1"`.
    #[serde(deserialize_with = "decimal")]
    pub value: f64,
    /// Its unit; absent for a bare count.
    #[serde(default)]
    pub unit: Option<String>,
    /// Accepted distance: `"0"`, `"0.5"` in the unit, or `"2 %"`.
    #[serde(default = "nothing")]
    pub tolerance: String,
    /// Other spellings or units in which the number may stand.
    #[serde(default)]
    pub also_units: Vec<String>,
}

/// `choice`: exactly one of several words.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What there is to choose from.
    pub of: Vec<String>,
    /// The right one.
    pub is: String,
}

/// `tool_call`: which tool is called with which arguments.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    /// Name of the tool.
    pub name: String,
    /// Arguments that must be there with these values.
    #[serde(default)]
    pub arguments: BTreeMap<String, serde_json::Value>,
    /// What other arguments do to the call.
    #[serde(default)]
    pub extra: Extra,
}

/// Whether arguments that were not asked for are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extra {
    /// They fail the call.
    #[default]
    Refuse,
    /// They are ignored.
    Allow,
}

/// `citation`: which documents must be cited.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Groups of documents that say the same; one of each is enough.
    pub groups: Vec<Vec<String>>,
    /// Least share of the cited documents that belong to a group, in 0..=1.
    #[serde(default = "half")]
    pub precision: f64,
    /// Least share of the groups that are cited, in 0..=1.
    #[serde(default = "whole")]
    pub recall: f64,
    /// Whether each sentence that claims something needs a citation of its own.
    #[serde(default)]
    pub per_claim: bool,
}

/// `length`: upper bounds; at least one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// Most words.
    #[serde(default)]
    pub max_words: Option<u32>,
    /// Most sentences.
    #[serde(default)]
    pub max_sentences: Option<u32>,
}

/// `latency`: upper bounds with their units; at least one is given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latency {
    /// From submit to the last token: `"60 ms"`.
    #[serde(default)]
    pub e2e: Option<String>,
    /// From submit to the first token.
    #[serde(default)]
    pub ttft: Option<String>,
}

/// A part of `weighted`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// Its weight, above 0.
    pub weight: f64,
    /// The part.
    pub of: Expect,
}

fn half() -> f64 {
    0.5
}

fn whole() -> f64 {
    1.0
}

fn nothing() -> String {
    "0".to_owned()
}

/// Manifests and items that other programs make hold no fractions, so that every canonical form of them agrees.
fn decimal<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    match Written::deserialize(from)? {
        Written::Number(number) => Ok(number),
        Written::Text(text) => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| D::Error::custom("a number, or a text that is one, is wanted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Expect {
        serde_json::from_str(text).expect("a sound expectation")
    }

    #[test]
    fn one_key_names_the_scorer() {
        assert_eq!(read(r#"{"exact": "P-204"}"#), Expect::Exact("P-204".to_owned()));
        assert_eq!(read(r#"{"not": {"abstention": true}}"#), Expect::Not(Box::new(Expect::Abstention(true))));
        let Expect::Numeric(numeric) = read(r#"{"numeric": {"value": "7.1", "unit": "mm/s"}}"#) else {
            panic!("a number is wanted");
        };
        assert_eq!((numeric.value.to_bits(), numeric.tolerance.as_str()), (7.1_f64.to_bits(), "0"));
    }

    #[test]
    fn what_no_scorer_knows_is_refused() {
        for bad in [
            r#"{"exat": "P-204"}"#,
            r#"{"exact": "a", "regex": "b"}"#,
            r#"{"numeric": {"value": "many"}}"#,
            r#"{"length": {"words": 3}}"#,
            r#"{"tool_call": {"name": "x", "extra": "ignore"}}"#,
        ] {
            assert!(serde_json::from_str::<Expect>(bad).is_err(), "{bad}");
        }
    }
}
