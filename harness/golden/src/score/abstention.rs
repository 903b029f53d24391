//! `abstention`: whether the answer says that it does not know.

use std::sync::LazyLock;

use super::abstention_phrases::{CONTRASTS, DIRECT, GUESSES, NEGATIONS, REFERRALS, SILENCES, SOURCES, VERBS};
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use crate::text::{Needle, folded, sentences};

const NAME: &str = "abstention";
/// An abstention stands at the start: one of the first sentences says it.
const FIRST: usize = 2;

/// What an answer does about knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// It answers, or tries to.
    Answers,
    /// It says so in words.
    SaysSo,
    /// It says so in a field of JSON.
    ByField,
    /// It says so, and guesses all the same.
    Guesses,
}

impl Stance {
    pub(crate) const fn abstains(self) -> bool {
        matches!(self, Self::SaysSo | Self::ByField)
    }
}

struct Phrases {
    direct: Vec<Needle>,
    sources: Vec<Needle>,
    silences: Vec<Needle>,
    guesses: Vec<Needle>,
    contrasts: Vec<Needle>,
    referrals: Vec<Needle>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let needles = |texts: &[&str]| texts.iter().map(|text| Needle::new(text)).collect::<Vec<_>>();
    let negated =
        NEGATIONS.iter().flat_map(|not| VERBS.iter().map(move |verb| Needle::new(&format!("{not} {verb}"))));
    Phrases {
        direct: needles(DIRECT),
        sources: needles(SOURCES),
        silences: needles(SILENCES).into_iter().chain(negated).collect(),
        guesses: needles(GUESSES),
        contrasts: needles(CONTRASTS),
        referrals: needles(REFERRALS),
    }
});

/// What an answer does about knowing: a field `abstain` that is true or `answer` that is null; or one of the first
/// two sentences says that nothing is known, with no cited claim before it. A guess behind it takes it back.
pub(super) fn stance(reading: &Reading<'_>) -> Stance {
    if reading.raw().contains('{') && reading.json().is_ok_and(by_field) {
        return Stance::ByField;
    }
    let prose = reading.prose();
    let all: Vec<&str> = sentences(prose).collect();
    let position = |sentence: &str| sentence.as_ptr() as usize - prose.as_ptr() as usize;
    let Some(index) = all.iter().take(FIRST).position(|sentence| says_so(&folded(sentence))) else {
        return Stance::Answers;
    };
    let begin = position(all[index]);
    if index > 0 && reading.citations().ids.iter().any(|(_, at)| *at < begin) {
        return Stance::Answers;
    }
    let guesses = all[index..].iter().any(|sentence| guesses(&folded(sentence)));
    if guesses { Stance::Guesses } else { Stance::SaysSo }
}

fn by_field(value: &serde_json::Value) -> bool {
    let field = |name: &str| value.get(name);
    field("abstain").or_else(|| field("abstained")).and_then(serde_json::Value::as_bool) == Some(true)
        || field("answer").is_some_and(serde_json::Value::is_null)
}

fn holds(needles: &[Needle], sentence: &str) -> bool {
    needles.iter().any(|needle| needle.first(sentence).is_some())
}

/// Either in so many words, or a source that is silent: `do not mention it` alone may be an order.
fn says_so(sentence: &str) -> bool {
    holds(&PHRASES.direct, sentence)
        || (holds(&PHRASES.sources, sentence) && holds(&PHRASES.silences, sentence))
}

/// A word of guessing, or a contrast that does not send the reader to somebody.
fn guesses(sentence: &str) -> bool {
    let contrast = PHRASES.contrasts.iter().filter_map(|needle| needle.first(sentence)).min();
    holds(&PHRASES.guesses, sentence)
        || contrast.is_some_and(|at| !holds(&PHRASES.referrals, &sentence[at..]))
}

#[derive(Debug)]
pub(crate) struct Abstains {
    wanted: bool,
}

impl Abstains {
    pub(crate) const fn prepare(wanted: bool) -> Self {
        Self { wanted }
    }
}

impl Rule for Abstains {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let stance = *reading.stance();
        let reason = match stance {
            Stance::Answers => "does not abstain",
            Stance::SaysSo => "abstains in words",
            Stance::ByField => "abstains by a field",
            Stance::Guesses => "abstains and guesses",
        };
        Finding::holds(stance.abstains() == self.wanted, reason)
    }
}
