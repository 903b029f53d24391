//! Holds one answer against what was expected: scores in 0..=1 with reasons that never quote the answer.

use std::time::Duration;

/// What a model gave for one item.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The text, as the runtime gave it.
    pub text: &'a str,
    /// Why the model stopped, such as `stop` or `length`; unknown where the runtime did not say.
    pub finish: Option<&'a str>,
    /// Submit to first token.
    pub ttft: Option<Duration>,
    /// Submit to last token.
    pub e2e: Option<Duration>,
    /// Documents that stood in front of the model.
    pub given_docs: &'a [&'a str],
}

/// The verdict on one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// In 0..=1.
    pub points: f64,
    /// Whether the item counts as answered right.
    pub pass: bool,
    /// The root of the tree of scorers.
    pub part: Part,
}

/// What one scorer of the tree found.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Name of the scorer, as in the item.
    pub scorer: &'static str,
    /// Version of its rule.
    pub version: u32,
    /// In 0..=1.
    pub points: f64,
    /// Whether this part passed.
    pub pass: bool,
    /// Why, without a word of the answer.
    pub reason: String,
    /// The parts of a combinator.
    pub parts: Vec<Part>,
}
