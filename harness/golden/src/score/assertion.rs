//! What a sentence beside an abstention does: whether it answers all the same.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::abstention::{is_about_documents, is_silent, refers, says_so, silence};
use super::assertion_words as said;
use super::clause::{Clause, clauses};
use super::denial::is_asked;
use super::instruction::{
    begins_with, behind_openers, holds, identifies, is_dependent, judges, orders, permits, tells,
};
use super::reading::Reading;
use crate::quantity::{Quantity, Unit};
use crate::text::{Needle, Word, folded, words};

/// Fewest words that claim something with a citation; fewer are a pointer: `More in [pm-001]`.
const FEWEST_CITED: usize = 3;
/// Most clauses of a sentence that says that nothing is known or whom to ask; one that goes on beyond them says more than
/// that.
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
    /// What is cited in it and where in the prose.
    cited: &'a [(String, usize)],
    referral: Option<Referral>,
}

/// Where a sentence sends the reader on.
#[derive(Clone, Copy)]
struct Referral {
    /// In the text.
    at: usize,
    /// Where in the text the question itself is passed on: `ask whether 2 megohms are enough`.
    passes_on: Option<usize>,
}

impl Referral {
    fn of(text: &str, small: &str) -> Option<Self> {
        let at = unfolded(text, refers(small)?);
        let passes = words(&text[at..]).find(|word| said::PASSES_ON.contains(&word.text));
        Some(Self { at, passes_on: passes.map(|word| at + word.at) })
    }

    /// Whether the question is passed on in front of a clause.
    fn passes_on(&self, clause: &Clause<'_>) -> bool {
        self.passes_on.is_some_and(|at| at < clause.at)
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
        let last = cited.partition_point(|(_, at)| *at <= end);
        let small = folded(text);
        Self {
            text,
            begin,
            quantities: &all[place(begin)..place(end)],
            cited: &cited[first.min(last)..last],
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
            return self.answers_beside_silence();
        }
        if self.quantities.iter().any(|quantity| self.is_stated(quantity)) {
            return true;
        }
        if let Some(referral) = self.referral {
            return self.answers_beside(&referral);
        }
        let all: Vec<Word<'_>> = words(&self.small).collect();
        if orders(&self.small, &all, 0) || permits(&all, all.len()) || begins_with(&all, said::AFFIRMS) {
            return true;
        }
        let denies = holds(&all, said::DENIES);
        let names = || judges(&all) || self.codes().any(|code| !asked.contains(code));
        let is_cited = !self.cited.is_empty() && all.len() >= FEWEST_CITED;
        !is_about_documents(&self.small) && (is_cited || (!denies && names()))
    }

    /// Whether a sentence that sends the reader on answers beside it: `Open it and call the shift lead`.
    fn answers_beside(&self, referral: &Referral) -> bool {
        let all: Vec<Clause<'_>> = clauses(self.text).take(MOST_CLAUSES + 1).collect();
        let waits = waits(&all);
        all.len() > MOST_CLAUSES
            || all.iter().any(|clause| {
                let small = folded(clause.text);
                let all: Vec<Word<'_>> = words(&small).collect();
                let is_behind = clause.at > referral.at;
                let sends = !is_behind && referral.at < clause.at + clause.text.len();
                if is_dependent(&all) {
                    return false;
                }
                if !is_behind && tells(&small, &all, waits) {
                    return true;
                }
                let from = if sends { refers(&small).unwrap_or_default() } else { 0 };
                let forbids = waits && holds(&all, said::FORBIDS);
                let is_order = (is_behind || sends) && !forbids && orders(&small, &all, from);
                is_order || (is_behind && !referral.passes_on(clause) && allows_behind(&small, &all))
            })
    }

    /// Whether a sentence that says that nothing is known answers in another clause, in front of it or behind it:
    /// `It is 12 bar, but the documents do not say so`, `I do not know, set it to 12 bar`.
    fn answers_beside_silence(&self) -> bool {
        let all: Vec<Clause<'_>> = clauses(self.text).take(MOST_CLAUSES + 1).collect();
        let smalls: Vec<String> = all.iter().map(|clause| folded(clause.text)).collect();
        let silent = smalls.iter().position(|small| is_silent(small)).unwrap_or(all.len());
        let waits = waits(&all);
        let turns = |clause: &Clause<'_>| clause.turns || begins_with_turn(clause.text);
        let turned = all.get(silent).is_some_and(turns);
        let mut says_again = false;
        let answers = all.iter().zip(&smalls).enumerate().any(|(index, (clause, small))| {
            let spoken: Vec<Word<'_>> = words(small).collect();
            says_again &= !clause.is_apart;
            let answers = match index.cmp(&silent) {
                Ordering::Less => self.claims(clause, small, &spoken, turned, waits),
                Ordering::Greater if !is_silent(small) => {
                    self.goes_on(clause, small, &spoken, says_again, waits)
                }
                _ => claims_in_silence(small, &spoken),
            };
            says_again |= repeats(small, &spoken, index > silent);
            answers
        });
        answers || all.len() > MOST_CLAUSES
    }

    /// Whether a clause in front of an abstention answers; `turned` if the abstention turns against it.
    fn claims(&self, clause: &Clause<'_>, small: &str, all: &[Word<'_>], turned: bool, waits: bool) -> bool {
        if is_dependent(all) && !turned {
            return false;
        }
        let is_subject = holds(all, said::ASKED) || (!turned && names_case(all));
        let from = self.begin + clause.at;
        let cited = self.cited.iter().any(|(_, at)| (from + 1..=from + clause.text.len()).contains(at));
        (!is_subject && self.numbers(clause).next().is_some())
            || (turned && cited && all.len() >= FEWEST_CITED && !is_about_documents(small))
            || tells(small, all, waits)
    }

    /// Whether a clause behind an abstention answers; `says_again` if the question is repeated up to it.
    fn goes_on(
        &self,
        clause: &Clause<'_>,
        small: &str,
        all: &[Word<'_>],
        says_again: bool,
        waits: bool,
    ) -> bool {
        let turns = clause.turns || begins_with(all, said::TURNS);
        let spoken = behind_openers(all);
        let begin = spoken.first().map_or(0, |word| word.at);
        let states = STATES.iter().any(|needle| needle.first(small) == Some(begin));
        let relates = clause.is_marked && !says_again && relates(spoken);
        let number = self.numbers(clause).next();
        let asks_first = number.is_some_and(|quantity| {
            let before = folded(&clause.text[..quantity.begin - self.begin - clause.at]);
            asks(&words(&before).collect::<Vec<_>>())
        });
        let is_free = !says_again && !asks_first && !names_case(all) && clause.is_marked;
        (number.is_some() && (is_free || states || relates || turns))
            || ((states || relates) && identifies(all))
            || allows_behind(small, all)
            || (!says_again && !is_dependent(all) && tells(small, all, waits))
    }

    /// Numbers that a clause states.
    fn numbers(&self, clause: &Clause<'_>) -> impl Iterator<Item = &Quantity> {
        let from = self.begin + clause.at;
        let inside = from..from + clause.text.len();
        self.quantities
            .iter()
            .filter(move |quantity| inside.contains(&quantity.begin) && self.is_stated(quantity))
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
        let is_join =
            |word: &&str| !said::JOINS.contains(word) && !word.starts_with(|c: char| c.is_ascii_digit());
        let names = words(&before).map(|word| word.text).filter(is_join).last().unwrap_or_default();
        if is_bare && (said::REACHES.contains(&names) || counts_documents) {
            return false;
        }
        let Some(referral) = self.referral else { return true };
        let reaches = (is_bare || is_time) && at > referral.at || is_time && said::WITHIN.contains(&last);
        !reaches && referral.passes_on.is_none_or(|passes_on| at < passes_on)
    }
}

/// Whether somebody is to be asked before anything is done: `until you have asked`, `bevor Sie fragen`.
fn waits(all: &[Clause<'_>]) -> bool {
    all.iter().any(|clause| {
        let small = folded(clause.text);
        refers(&small).is_some_and(|at| words(&small[..at]).any(|word| said::WAITS.contains(&word.text)))
    })
}

/// Whether a clause repeats the question, so that what follows may belong to it: a silent one behind its silence, one
/// `behind` it with its first word.
fn repeats(small: &str, all: &[Word<'_>], behind: bool) -> bool {
    let asks = |word: &Word<'_>| said::SAYS_AGAIN.contains(&word.text);
    if let Some(at) = silence(small) {
        return all.iter().any(|word| word.at > at && word.text != "was" && asks(word));
    }
    let first = behind_openers(all).first();
    behind && first.is_some_and(|word| asks(word) && !said::CASES.contains(&word.text))
}

/// Whether a clause behind a referral or a silence allows the reader something, or says what a thing is: `ask her; you may use it`.
fn allows_behind(small: &str, all: &[Word<'_>]) -> bool {
    let addresses = begins_with(behind_openers(all), said::READERS) && refers(small).is_none();
    !asks(all) && (identifies(all) || (addresses && permits(all, all.len())))
}

/// Whether a question is asked or repeated in a clause. `It was` is no question; `was` asks where a clause begins.
fn asks(all: &[Word<'_>]) -> bool {
    is_dependent(all) || all.iter().any(|word| word.text != "was" && said::SAYS_AGAIN.contains(&word.text))
}

/// Whether a clause goes on about what stands in front of it: `which is 85 Nm`, `welches 85 Nm beträgt`. In German a
/// question begins so too: `welche Pumpe 12 bar hält`.
fn relates(all: &[Word<'_>]) -> bool {
    let is_number = |word: &Word<'_>| word.text.starts_with(|c: char| c.is_ascii_digit());
    begins_with(all, &["which"]) || (begins_with(all, said::RELATES) && all.get(1).is_some_and(is_number))
}

/// Whether a clause names what the question was about and says nothing of it: `for pressures above 12 bar`.
fn names_case(all: &[Word<'_>]) -> bool {
    let all = behind_openers(all);
    let bounds = all.get(1).is_some_and(|word| said::BOUNDS.contains(&word.text));
    begins_with(all, said::PREPOSITIONS) && !bounds && !holds(all, said::IS)
}

/// Whether what stands in front of the silence in its own clause answers: `It is 85 Nm which is not stated`.
fn claims_in_silence(small: &str, all: &[Word<'_>]) -> bool {
    let at = silence(small).unwrap_or_default();
    !is_dependent(all) && identifies(&all[..all.partition_point(|word| word.at < at)])
}

fn begins_with_turn(clause: &str) -> bool {
    words(&folded(clause)).next().is_some_and(|word| said::TURNS.contains(&word.text))
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
