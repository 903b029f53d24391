//! `choice`: the first sentence that names a choice names the right one and no other. A question names none.

use super::denial::{is_asked, is_denied};
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::expect::Choice;
use crate::text::{Needle, folded, plain, sentences, words};

const NAME: &str = "choice";
/// Words before a choice of one letter, which could be an article otherwise.
const BEFORE_LETTER: [&str; 14] = [
    "answer",
    "choice",
    "class",
    "category",
    "grade",
    "is",
    "option",
    "antwort",
    "auswahl",
    "ist",
    "kategorie",
    "klasse",
    "stufe",
    "variante",
];

#[derive(Debug)]
enum Named {
    /// By a word or more, in any case.
    Words(Box<Needle>),
    /// By a single letter or digit, in its own case.
    Letter(String),
}

#[derive(Debug)]
pub(crate) struct Chosen {
    of: Vec<Named>,
    is: usize,
}

impl Chosen {
    pub(crate) fn prepare(wanted: &Choice) -> Result<Self, Unfit> {
        unfit::texts(NAME, &wanted.of)?;
        let forms: Vec<String> = wanted.of.iter().map(|option| folded(&plain(option))).collect();
        for (index, form) in forms.iter().enumerate() {
            if form.is_empty() || forms[..index].contains(form) {
                return Err(Unfit::new(NAME, "lists a choice twice, or an empty one"));
            }
        }
        let is = wanted.of.iter().position(|option| *option == wanted.is);
        let named = |option: &String| {
            if plain(option).chars().count() == 1 {
                Named::Letter(plain(option))
            } else {
                Named::Words(Box::new(Needle::new(option)))
            }
        };
        Ok(Self {
            of: wanted.of.iter().map(named).collect(),
            is: is.ok_or_else(|| Unfit::new(NAME, "wants something that is not among the choices"))?,
        })
    }

    /// The choices that a sentence names, each once; `not B` names none.
    fn named(&self, sentence: &str) -> Vec<usize> {
        let small = folded(sentence);
        let mut places: Vec<(usize, usize, usize)> = Vec::new();
        let mut letters = Vec::new();
        for (index, named) in self.of.iter().enumerate() {
            match named {
                Named::Words(needle) => {
                    places.extend(needle.places(&small).map(|(begin, end)| (begin, end, index)));
                }
                Named::Letter(letter) if names_letter(sentence, letter) => letters.push(index),
                Named::Letter(_) => {}
            }
        }
        // The longest at a place is meant: `no fault` is not `fault`.
        places.sort_by_key(|(begin, end, _)| (*begin, usize::MAX - end));
        let mut reach = 0;
        for (begin, end, index) in places {
            if begin >= reach {
                reach = end;
                if !is_denied(&small, begin, end) {
                    letters.push(index);
                }
            }
        }
        letters.sort_unstable();
        letters.dedup();
        letters
    }
}

fn names_letter(sentence: &str, letter: &str) -> bool {
    // The word before it, and where it begins.
    let (mut before, mut from) = (String::new(), 0);
    let alone = words(sentence).nth(1).is_none();
    for word in words(sentence) {
        if word.text == letter {
            let behind = sentence[word.at + word.text.len()..].chars().next();
            let marked = matches!(behind, None | Some(')' | '.' | ':' | ',' | ';' | '!' | '"'));
            let is_named = alone || marked || BEFORE_LETTER.contains(&before.as_str());
            let begin = if BEFORE_LETTER.contains(&before.as_str()) { from } else { word.at };
            if is_named && !is_denied(sentence, begin, word.at + word.text.len()) {
                return true;
            }
        }
        (before, from) = (folded(word.text), word.at);
    }
    false
}

impl Rule for Chosen {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let first = sentences(reading.prose())
            .filter(|sentence| !is_asked(sentence))
            .map(|sentence| self.named(sentence))
            .find(|named| !named.is_empty());
        match first.as_deref() {
            None => Finding::holds(false, format!("none of {} choices", self.of.len())),
            Some([one]) => {
                Finding::holds(*one == self.is, format!("choice {}, wanted {}", one + 1, self.is + 1))
            }
            Some(several) => Finding::holds(false, format!("{} choices in one sentence", several.len())),
        }
    }
}
