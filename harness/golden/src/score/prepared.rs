//! From what an item expects to a tree that can be held against any number of answers.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::part::{Cell, Finding, Outcome, Score};
use super::reading::Reading;
use super::rule::{self, Rule};
use super::unfit::Unfit;
use super::{
    abstention, any_of, choice, citation, combine, contains, exact, json_schema, language, latency, leaked,
    length, norm_exact, numeric, pattern, stop_reason, token_f1, tool_call,
};
use crate::expect::Expect;
use crate::quantity::Notation;
use crate::schema::Schema;

/// Longest answer that is read, in bytes; a longer one fails its item unread, but for secrets, which are searched in
/// all of it.
pub const LONGEST_ANSWER: usize = 64 * 1024;
/// Deepest tree of combinators.
const DEEPEST: usize = 8;

/// What the item and its set say beside the expectation.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Language of the item: its code of two letters. It decides how `1.234` is read.
    pub language: Option<&'a str>,
    /// Whether the documents hold the answer.
    pub answerable: bool,
    /// The schemas of the set by their paths.
    pub schemas: &'a BTreeMap<String, Schema>,
}

/// A prepared expectation.
#[derive(Debug)]
pub struct Scorer {
    root: Box<dyn Rule>,
    notation: Notation,
    answerable: bool,
}

impl Scorer {
    /// Prepares an expectation; refuses what no answer could be held against.
    pub fn prepare(expect: &Expect, ground: &Ground<'_>) -> Result<Self, Unfit> {
        Ok(Self {
            root: build(expect, ground, 0)?,
            notation: Notation::of(ground.language),
            answerable: ground.answerable,
        })
    }

    /// Holds an answer against the expectation. Linear in the answer's length.
    #[must_use]
    pub fn score(&self, answer: &Answer<'_>) -> Score {
        if let Some(code) = answer.refused {
            return self.refused(code);
        }
        let reading = Reading::new(*answer, self.notation);
        if answer.is_cut || reading.raw().len() > LONGEST_ANSWER {
            return self.unread(&reading, answer.is_cut);
        }
        let part = rule::part(self.root.as_ref(), &reading);
        let (points, outcome) =
            if part.is_ruined() { (Some(0.0), Outcome::Fail) } else { (part.points, part.outcome) };
        let abstained = reading.stance().abstains();
        Score { points, outcome, cell: cell(self.answerable, abstained, outcome), part }
    }

    fn refused(&self, code: &str) -> Score {
        let reason = format!("the runtime refused the prompt: {code}");
        // Whether the model would have answered is not known.
        let cell = if self.answerable { Cell::AnsweredWrong } else { Cell::UnansweredUnanswerable };
        let part = rule::named(self.root.as_ref(), Finding::holds(false, reason));
        Score { points: Some(0.0), outcome: Outcome::Fail, cell, part }
    }

    fn unread(&self, reading: &Reading<'_>, is_cut: bool) -> Score {
        let part = self.root.in_unread(reading).unwrap_or_else(|| {
            let reason = if is_cut {
                "cut on the device: not read".to_owned()
            } else {
                format!("longer than {LONGEST_ANSWER} bytes: not read")
            };
            rule::named(self.root.as_ref(), Finding::ruin(reason))
        });
        Score {
            points: Some(0.0),
            outcome: Outcome::Fail,
            cell: cell(self.answerable, false, Outcome::Fail),
            part,
        }
    }
}

fn cell(answerable: bool, abstained: bool, outcome: Outcome) -> Cell {
    match (answerable, abstained, outcome) {
        (true, _, Outcome::Pass) => Cell::AnsweredRight,
        (true, true, _) => Cell::OverAbstained,
        (true, false, _) => Cell::AnsweredWrong,
        (false, true, _) => Cell::AbstainedRight,
        (false, false, _) => Cell::AnsweredUnanswerable,
    }
}

/// Prepares one node and all below it.
pub(super) fn build(expect: &Expect, ground: &Ground<'_>, depth: usize) -> Result<Box<dyn Rule>, Unfit> {
    if depth > DEEPEST {
        return Err(Unfit::new("all", format!("is nested more than {DEEPEST} levels deep")));
    }
    Ok(match expect {
        Expect::Exact(text) => Box::new(exact::Exact::prepare(text)?),
        Expect::NormExact(text) => Box::new(norm_exact::NormExact::prepare(text)?),
        Expect::AnyOf(texts) => Box::new(any_of::AnyOf::prepare(texts)?),
        Expect::TokenF1(wanted) => Box::new(token_f1::Overlap::prepare(wanted)?),
        Expect::ContainsAll(texts) => Box::new(contains::Contains::prepare(contains::Mode::All, texts)?),
        Expect::ContainsAny(texts) => Box::new(contains::Contains::prepare(contains::Mode::Any, texts)?),
        Expect::NotContains(texts) => Box::new(contains::Contains::prepare(contains::Mode::None, texts)?),
        Expect::Regex(pattern) => Box::new(pattern::Pattern::prepare(pattern)?),
        Expect::Numeric(wanted) => Box::new(numeric::Number::prepare(wanted)?),
        Expect::Choice(wanted) => Box::new(choice::Chosen::prepare(wanted)?),
        Expect::JsonSchema(path) => Box::new(json_schema::Shaped::prepare(path, ground.schemas)?),
        Expect::ToolCall(wanted) => Box::new(tool_call::Call::prepare(wanted)?),
        Expect::Citation(wanted) => Box::new(citation::Cited::prepare(wanted)?),
        Expect::Abstention(wanted) => Box::new(abstention::Abstains::prepare(*wanted)),
        Expect::Language(code) => Box::new(language::Speaks::prepare(code)?),
        Expect::Length(most) => Box::new(length::Short::prepare(*most)?),
        Expect::StopReason(reason) => Box::new(stop_reason::Stopped::prepare(reason)?),
        Expect::Latency(most) => Box::new(latency::InTime::prepare(most)?),
        Expect::Leak(secrets) => Box::new(leaked::Leaked::prepare(secrets)?),
        Expect::All(parts) => Box::new(combine::All::prepare(parts, ground, depth)?),
        Expect::Any(parts) => Box::new(combine::Any::prepare(parts, ground, depth)?),
        Expect::Weighted(parts) => Box::new(combine::Mean::prepare(parts, ground, depth)?),
        Expect::Not(part) => Box::new(combine::Not::prepare(part, ground, depth)?),
    })
}
