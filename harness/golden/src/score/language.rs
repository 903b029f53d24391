//! `language`: the answer is not recognisably in another language.

use super::language_words::{WORDS, script};
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::Unfit;
use crate::text::words;

const NAME: &str = "language";
/// Fewest words of which something can be told.
const FEWEST_WORDS: usize = 4;
/// Fewest words that speak for some language.
const FEWEST_VOTES: usize = 2;

#[derive(Debug)]
pub(crate) struct Speaks {
    code: String,
}

impl Speaks {
    pub(crate) fn prepare(code: &str) -> Result<Self, Unfit> {
        let known =
            WORDS.iter().any(|(known, _)| *known == code) || super::language_words::SCRIPTS.contains(&code);
        if known {
            Ok(Self { code: code.to_owned() })
        } else {
            Err(Unfit::new(NAME, format!("cannot tell the language `{code}`")))
        }
    }
}

/// How many words speak for each language, and how many words there are.
struct Votes {
    of: Vec<(&'static str, usize)>,
    words: usize,
}

impl Votes {
    fn count(prose: &str) -> Self {
        let mut votes = Self { of: Vec::new(), words: 0 };
        for word in words(prose) {
            let Some(first) = word.text.chars().find(|c| c.is_alphabetic()) else { continue };
            // Names such as P-204 belong to no language.
            if word.text.contains(|c: char| c.is_ascii_digit()) {
                continue;
            }
            votes.words += 1;
            if let Some(code) = script(first) {
                votes.add(code);
                continue;
            }
            for (code, list) in WORDS {
                if list.binary_search(&word.text).is_ok() {
                    votes.add(code);
                }
            }
            if word.text.contains(['ä', 'ö', 'ü']) {
                votes.add("de");
            }
        }
        // Kana stand in Japanese alone; the Han characters beside them are Japanese too.
        if votes.get("ja") > 0 {
            let han = votes.get("zh");
            votes.of.retain(|(code, _)| *code != "zh");
            (0..han).for_each(|_| votes.add("ja"));
        }
        votes
    }

    fn add(&mut self, code: &'static str) {
        match self.of.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => self.of.push((code, 1)),
        }
    }

    fn get(&self, code: &str) -> usize {
        self.of.iter().find(|(known, _)| *known == code).map_or(0, |(_, count)| *count)
    }
}

impl Rule for Speaks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let votes = Votes::count(reading.folded_prose());
        let wanted = votes.get(&self.code);
        let other = votes.of.iter().filter(|(code, _)| *code != self.code).max_by_key(|(_, count)| *count);
        let (other_code, other) = other.map_or(("", 0), |(code, count)| (*code, *count));
        if votes.words < FEWEST_WORDS || wanted.max(other) < FEWEST_VOTES {
            return Finding::holds(
                true,
                format!("not decided: {} words, {} of them tell", votes.words, wanted.max(other)),
            );
        }
        // Names and quotes are of another language in many answers; half as much of it again is a mixture.
        let holds = wanted >= 2 * other;
        let against = if other == 0 { String::new() } else { format!(", {other} for `{other_code}`") };
        Finding::holds(holds, format!("{wanted} of {} words for `{}`{against}", votes.words, self.code))
    }
}
