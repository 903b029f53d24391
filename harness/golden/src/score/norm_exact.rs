//! `norm_exact`: the answer is a text, but for case, spelling of characters, citations and the punctuation around it.

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::text::{folded, plain, trimmed};

#[derive(Debug)]
pub(crate) struct NormExact {
    text: String,
}

const NAME: &str = "norm_exact";

impl NormExact {
    pub(crate) fn prepare(text: &str) -> Result<Self, Unfit> {
        Ok(Self { text: normalised(NAME, text)? })
    }
}

/// The form in which expected texts are compared.
pub(super) fn normalised(scorer: &'static str, text: &str) -> Result<String, Unfit> {
    unfit::text(scorer, text)?;
    let normalised = trimmed(&folded(&plain(text))).to_owned();
    unfit::text(scorer, &normalised)?;
    Ok(normalised)
}

impl Rule for NormExact {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        if self.text == trimmed(reading.folded_prose()) {
            Finding::holds(true, "the text, normalised")
        } else {
            Finding::holds(false, "another text")
        }
    }
}
