//! `abstention`: whether the answer says that it does not know.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::abstention_phrases::{
    CONTRASTS, DIRECT, GUESSES, NEGATIONS, REFERRALS, SILENCES, SOURCES, STAND_INS, THEY_HOLD, VERBS,
};
use super::assertion::Sentence;
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use crate::text::{Needle, folded, sentences};

const NAME: &str = "abstention";
/// An abstention stands at the start: one of the first sentences says it.
const FIRST: usize = 2;
/// Fewest sentences behind it that are more than an abstention, whatever they say.
const MOST: usize = 24;

/// What an answer does about knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// It answers, or tries to.
    Answers,
    /// It says so in words.
    SaysSo,
    /// It says so in a field of JSON.
    ByField,
    /// It says so, and guesses or answers all the same.
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
    stand_ins: Vec<Needle>,
    they_hold: Vec<Needle>,
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
        stand_ins: needles(STAND_INS),
        they_hold: needles(THEY_HOLD),
        silences: needles(SILENCES).into_iter().chain(negated).collect(),
        guesses: needles(GUESSES),
        contrasts: needles(CONTRASTS),
        referrals: needles(REFERRALS),
    }
});

/// What an answer does about knowing: a field `abstain` that is true or `answer` that is null; or one of the first
/// two sentences says that nothing is known, and none before it answers. One behind it that guesses or answers takes
/// it back.
pub(super) fn stance(reading: &Reading<'_>) -> Stance {
    if reading.raw().contains('{') && reading.json().is_ok_and(by_field) {
        return Stance::ByField;
    }
    let mut spoken = sentences(reading.prose());
    let first: Vec<&str> = spoken.by_ref().take(FIRST).collect();
    let Some(index) = first.iter().position(|text| says_so(&folded(text))) else {
        return Stance::Answers;
    };
    let read = |text| Sentence::of(text, reading);
    let abstains = read(first[index]);
    let asked: BTreeSet<&str> = abstains.codes().collect();
    if first[..index].iter().any(|text| read(text).asserts(&asked)) {
        return Stance::Answers;
    }
    let behind: Vec<&str> = first[index + 1..].iter().copied().chain(spoken.take(MOST)).collect();
    let answers = |sentence: &Sentence<'_>| guesses(sentence.folded()) || sentence.asserts(&asked);
    let goes_on = behind.len() >= MOST || behind.iter().any(|text| answers(&read(text)));
    if goes_on || answers(&abstains) { Stance::Guesses } else { Stance::SaysSo }
}

fn by_field(value: &serde_json::Value) -> bool {
    let field = |name: &str| value.get(name);
    let is_empty = |value: &serde_json::Value| value.is_null() || value.as_str() == Some("");
    let says_so =
        field("abstain").or_else(|| field("abstained")).and_then(serde_json::Value::as_bool) == Some(true);
    // A field that says so does not stand beside an answer.
    field("answer").map_or(says_so, |answer| answer.is_null() || (says_so && is_empty(answer)))
}

fn holds(needles: &[Needle], sentence: &str) -> bool {
    needles.iter().any(|needle| needle.first(sentence).is_some())
}

/// Whether a folded sentence says that nothing is known: in so many words, or by a source that is silent. `Do not
/// mention it` alone may be an order.
pub(super) fn says_so(sentence: &str) -> bool {
    let has_source = || holds(&PHRASES.sources, sentence) || holds(&PHRASES.stand_ins, sentence);
    holds(&PHRASES.direct, sentence) || (has_source() && holds(&PHRASES.silences, sentence))
}

/// Where a folded clause is silent, whoever is meant.
pub(super) fn silence(clause: &str) -> Option<usize> {
    PHRASES.direct.iter().chain(&PHRASES.silences).filter_map(|needle| needle.first(clause)).min()
}

/// Whether a folded clause is silent, whoever is meant.
pub(super) fn is_silent(clause: &str) -> bool {
    holds(&PHRASES.direct, clause) || holds(&PHRASES.silences, clause)
}

/// Whether a folded text is about documents and what they hold.
pub(super) fn is_about_documents(sentence: &str) -> bool {
    holds(&PHRASES.sources, sentence) || holds(&PHRASES.they_hold, sentence)
}

/// Where a folded text first sends the reader to somebody.
pub(super) fn refers(sentence: &str) -> Option<usize> {
    // `call-out rates` call nobody.
    let sends = |needle: &Needle| {
        needle.places(sentence).find(|(_, end)| !sentence[*end..].starts_with('-')).map(|(at, _)| at)
    };
    PHRASES.referrals.iter().filter_map(sends).min()
}

/// A word of guessing, or a contrast that leads to neither somebody who knows nor the documents.
fn guesses(sentence: &str) -> bool {
    let contrast = PHRASES.contrasts.iter().filter_map(|needle| needle.first(sentence)).min();
    let leads_on = |rest: &str| refers(rest).is_some() || is_about_documents(rest) || is_silent(rest);
    holds(&PHRASES.guesses, sentence) || contrast.is_some_and(|at| !leads_on(&sentence[at..]))
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
            Stance::Guesses => "abstains and answers all the same",
        };
        Finding::holds(stance.abstains() == self.wanted, reason)
    }
}
