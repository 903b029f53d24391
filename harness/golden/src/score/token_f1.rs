//! `token_f1`: how much the words of the answer overlap with those of a text.

use std::collections::HashMap;

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::expect::TokenF1;
use crate::text::{folded, plain, words};

#[derive(Debug)]
pub(crate) struct Overlap {
    /// How often each word stands in the text.
    words: HashMap<String, u32>,
    total: u32,
    at_least: f64,
}

const NAME: &str = "token_f1";

impl Overlap {
    pub(crate) fn prepare(wanted: &TokenF1) -> Result<Self, Unfit> {
        unfit::text(NAME, &wanted.text)?;
        unfit::share(NAME, "at_least", wanted.at_least)?;
        let mut counts: HashMap<String, u32> = HashMap::new();
        for word in words(&folded(&plain(&wanted.text))) {
            *counts.entry(word.text.to_owned()).or_default() += 1;
        }
        let total = counts.values().sum();
        if total == 0 {
            return Err(Unfit::new(NAME, "wants a text without words"));
        }
        Ok(Self { words: counts, total, at_least: wanted.at_least })
    }
}

impl Rule for Overlap {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let mut left: HashMap<&str, u32> =
            self.words.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        let (mut answered, mut shared) = (0_u32, 0_u32);
        for word in words(reading.folded_prose()) {
            answered += 1;
            if let Some(count) = left.get_mut(word.text).filter(|count| **count > 0) {
                *count -= 1;
                shared += 1;
            }
        }
        // 2PR/(P+R) with P = shared/answered and R = shared/total.
        let f1 = f64::from(2 * shared) / f64::from(answered + self.total);
        let reason = format!("F1 {f1:.2}: {shared} of {answered} words, {} expected", self.total);
        Finding::graded(f1, f1 >= self.at_least, reason)
    }
}
