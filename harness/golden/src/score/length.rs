//! `length`: the answer is no longer than asked. Citations are not counted.

use std::fmt::Write as _;

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::Unfit;
use crate::expect::Length;
use crate::text::{sentences, words};

const NAME: &str = "length";

#[derive(Debug)]
pub(crate) struct Short {
    most: Length,
}

impl Short {
    pub(crate) fn prepare(most: Length) -> Result<Self, Unfit> {
        if most.max_words.is_none() && most.max_sentences.is_none() {
            return Err(Unfit::new(NAME, "limits nothing"));
        }
        if most.max_words == Some(0) || most.max_sentences == Some(0) {
            return Err(Unfit::new(NAME, "allows nothing"));
        }
        Ok(Self { most })
    }
}

impl Rule for Short {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let prose = reading.prose();
        let worded = |word: &crate::text::Word<'_>| word.text.contains(char::is_alphanumeric);
        let (words, sentences) = (words(prose).filter(worded).count(), sentences(prose).count());
        let fits = |count: usize, most: Option<u32>| most.is_none_or(|most| count as u64 <= u64::from(most));
        let mut reason = format!("{words} words in {sentences} sentences");
        for (most, what) in [(self.most.max_words, "words"), (self.most.max_sentences, "sentences")] {
            if let Some(most) = most {
                let _ = write!(reason, ", at most {most} {what}");
            }
        }
        Finding::holds(fits(words, self.most.max_words) && fits(sentences, self.most.max_sentences), reason)
    }
}
