//! What a sentence beside an abstention does: whether it answers all the same.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::abstention::{is_about_documents, is_silent, refers, says_so};
use super::assertion_words as said;
use super::clause::{Clause, clauses};
use super::denial::is_asked;
use super::reading::Reading;
use crate::quantity::{Quantity, Unit};
use crate::text::{Needle, Word, folded, words};

/// Fewest words that claim something with a citation; fewer are a pointer: `More in [pm-001]`.
const FEWEST_CITED: usize = 3;
/// Most clauses of a sentence that says that nothing is known; one that goes on beyond them says more than that.
const MOST_CLAUSES: usize = 48;
/// Bytes beside a number in which the words next to it stand.
const NEAR: usize = 32;

static SECONDS: LazyLock<Option<Unit>> = LazyLock::new(|| Unit::parse("s"));
static STATES: LazyLock<Vec<Needle>> =
    LazyLock::new(|| said::STATES.iter().map(|text| Needle::new(text)).collect());

/// A sentence with what stands in it.
pub(super) struct Sentence<'a> {
    text: &'a str,
    small: String,
    begin: usize,
    quantities: &'a [Quantity],
    is_cited: bool,
    referral: Option<Referral>,
}

/// Where a sentence sends the reader on.
#[derive(Clone, Copy)]
struct Referral {
    /// In the text.
    at: usize,
    /// In its folded form.
    folded: usize,
    /// Where in the text the question itself is passed on: `ask whether 2 megohms are enough`.
    passes_on: Option<usize>,
}

impl Referral {
    fn of(text: &str, small: &str) -> Option<Self> {
        let folded = refers(small)?;
        let at = unfolded(text, folded);
        let passes = words(&text[at..]).find(|word| said::PASSES_ON.contains(&word.text));
        Some(Self { at, folded, passes_on: passes.map(|word| at + word.at) })
    }
}

impl<'a> Sentence<'a> {
    pub(super) fn of(text: &'a str, reading: &'a Reading<'_>) -> Self {
        let begin = text.as_ptr() as usize - reading.prose().as_ptr() as usize;
        let end = begin + text.len();
        let all = reading.quantities();
        let place = |at: usize| all.partition_point(|quantity| quantity.begin < at);
        let cited = &reading.citations().ids;
        // A citation stands behind the last word before it; only one in front of everything is of the first sentence.
        let first = cited.partition_point(|(_, at)| begin > 0 && *at <= begin);
        let small = folded(text);
        Self {
            text,
            begin,
            quantities: &all[place(begin)..place(end)],
            is_cited: cited.get(first).is_some_and(|(_, at)| *at <= end),
            referral: Referral::of(text, &small),
            small,
        }
    }

    pub(super) fn folded(&self) -> &str {
        &self.small
    }

    /// Names of things in it: `P-407`, `M24`.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        let is_code =
            |word: &str| word.starts_with(char::is_alphabetic) && word.contains(|c: char| c.is_ascii_digit());
        words(&self.small).map(|word| word.text).filter(move |word| is_code(word))
    }

    /// Whether it answers: it states a number, gives an order or a permission, claims something with a citation, or
    /// names a code that was not `asked` for. One that sends the reader on may say how to reach somebody and by when.
    pub(super) fn asserts(&self, asked: &BTreeSet<&str>) -> bool {
        if is_asked(self.text) {
            return false;
        }
        if says_so(&self.small) {
            return self.goes_on();
        }
        if self.quantities.iter().any(|quantity| self.is_stated(quantity)) {
            return true;
        }
        let all: Vec<Word<'_>> = words(&self.small).collect();
        if let Some(referral) = self.referral {
            return orders(&self.small, &all, referral.folded);
        }
        if orders(&self.small, &all, 0) || permits(&all) || begins_with(&all, said::AFFIRMS) {
            return true;
        }
        let denies = all.iter().any(|word| said::DENIES.contains(&word.text));
        let names = || judges(&all) || self.codes().any(|code| !asked.contains(code));
        let is_cited = self.is_cited && all.len() >= FEWEST_CITED;
        !is_about_documents(&self.small) && (is_cited || (!denies && names()))
    }

    /// Whether a sentence that says that nothing is known goes on behind it: `I do not know, set it to 12 bar`.
    fn goes_on(&self) -> bool {
        let mut behind = false;
        let mut says_again = false;
        let mut left = MOST_CLAUSES;
        clauses(self.text).any(|clause| {
            if left == 0 {
                return true;
            }
            left -= 1;
            let small = folded(clause.text);
            let all: Vec<Word<'_>> = words(&small).collect();
            says_again |= all.iter().any(|word| said::SAYS_AGAIN.contains(&word.text));
            let goes_on = behind && !is_silent(&small) && self.answers(&clause, &small, &all, says_again);
            behind |= is_silent(&small);
            goes_on
        })
    }

    /// Whether a clause behind an abstention answers; `says_again` if the question is repeated up to it.
    fn answers(&self, clause: &Clause<'_>, small: &str, all: &[Word<'_>], says_again: bool) -> bool {
        let turns = clause.turns || begins_with(all, said::TURNS);
        let opens = |word: &&Word<'_>| said::OPENS.contains(&word.text) || said::TURNS.contains(&word.text);
        let all = &all[all.iter().take_while(opens).count()..];
        let begin = all.first().map_or(0, |word| word.at);
        let states = STATES.iter().any(|needle| needle.first(small) == Some(begin));
        let from = self.begin + clause.at;
        let inside = |quantity: &&Quantity| (from..from + clause.text.len()).contains(&quantity.begin);
        let mut numbers = self.quantities.iter().filter(inside).filter(|quantity| self.is_stated(quantity));
        let first = numbers.next().map(|quantity| {
            let before = folded(clause.text.get(..quantity.begin - from).unwrap_or_default());
            words(&before).all(|word| said::ROUGHLY.contains(&word.text) || said::OPENS.contains(&word.text))
        });
        let is_number = first == Some(true) && clause.is_marked && !says_again;
        let tells = !says_again && refers(small).is_none() && (orders(small, all, begin) || permits(all));
        is_number || tells || (first.is_some() && (states || turns))
    }

    /// Whether a number is told as what holds, not as a way to reach somebody or a part of the question.
    fn is_stated(&self, quantity: &Quantity) -> bool {
        let at = quantity.begin - self.begin;
        let behind = self.text.get(quantity.end - self.begin..).unwrap_or_default();
        let before = folded(&self.text[self.text.floor_char_boundary(at.saturating_sub(NEAR))..at]);
        let last = words(&before).last().map_or("", |word| word.text);
        let is_bare = quantity.unit.is_none();
        let is_time = quantity.unit.zip(*SECONDS).is_some_and(|(unit, seconds)| unit.is_like(seconds));
        let next = folded(&behind[..behind.floor_char_boundary(NEAR)]);
        let counts_documents = words(&next).next().is_some_and(|word| is_about_documents(word.text));
        if is_bare && (said::REACHES.contains(&last) || counts_documents) {
            return false;
        }
        let Some(referral) = self.referral else { return true };
        let reaches = (is_bare || is_time) && at > referral.at || is_time && said::WITHIN.contains(&last);
        !reaches && referral.passes_on.is_none_or(|passes_on| at < passes_on)
    }
}

fn begins_with(all: &[Word<'_>], first: &[&str]) -> bool {
    all.first().is_some_and(|word| first.contains(&word.text))
}

/// Whether an order begins at or behind a place: with its verb where a clause begins, or in German with the verb at
/// the end.
fn orders(small: &str, all: &[Word<'_>], from: usize) -> bool {
    let (mut opens, mut end) = (true, from);
    for (index, word) in all.iter().enumerate().skip_while(|(_, word)| word.at < from) {
        opens |= small[end..word.at].contains([',', ';', ':', '(', '"']) || small[end..word.at] == *" - ";
        let is_polite = said::INFINITIVES.contains(&word.text)
            && all.get(index + 1).is_some_and(|next| next.text == "sie");
        if opens && (is_polite || said::ORDERS.contains(&word.text)) {
            return true;
        }
        opens = said::OPENS.contains(&word.text) || opens && said::CARRIES.contains(&word.text);
        end = word.at + word.text.len();
    }
    match all {
        [.., before, last] => {
            last.at >= from && before.text != "zu" && said::INFINITIVES.contains(&last.text)
        }
        _ => false,
    }
}

/// Whether the reader may, can or must do something, or a rule is told: `you may use it`, `muss abgestellt werden`,
/// `that is forbidden`.
fn permits(all: &[Word<'_>]) -> bool {
    let text = |at: usize| all.get(at).map_or("", |word| word.text);
    let last = all.last().map_or("", |word| word.text);
    let verb = |at: usize| {
        let behind = all.get(at..).unwrap_or_default();
        behind.iter().map(|word| word.text).find(|word| !said::ADVERBS.contains(word)).unwrap_or_default()
    };
    let modals = all.iter().enumerate().filter(|(_, word)| said::MODALS.contains(&word.text));
    modals.into_iter().any(|(at, modal)| {
        let is_half = ["have", "need"].contains(&modal.text) && text(at + 1) != "to";
        let addressed = at > 0 && said::READERS.contains(&text(at - 1));
        let turned = said::READERS.contains(&text(at + 1));
        let does = verb(if turned { at + 2 } else { at + 1 });
        let is_harmless = said::HARMLESS.contains(&does) || said::HARMLESS.contains(&last);
        let rules = said::RULES.contains(&modal.text) || last == "werden";
        !is_half && !is_harmless && !does.is_empty() && (addressed || turned || rules)
    }) || all.iter().any(|word| said::RULED.contains(&word.text))
}

/// `class B`
fn judges(all: &[Word<'_>]) -> bool {
    all.windows(2).any(|pair| said::CLASSES.contains(&pair[0].text) && pair[1].text.chars().count() == 1)
}

/// The place in a text that becomes a place of its folded form.
fn unfolded(text: &str, at: usize) -> usize {
    let mut left = at;
    for (place, c) in text.char_indices() {
        let length = folded(c.encode_utf8(&mut [0; 4])).len();
        if left < length {
            return place;
        }
        left -= length;
    }
    text.len()
}
