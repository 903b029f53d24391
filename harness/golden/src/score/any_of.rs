//! `any_of`: the answer is one of several texts, as `norm_exact` compares.

use super::norm_exact::normalised;
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::text::trimmed;

#[derive(Debug)]
pub(crate) struct AnyOf {
    texts: Vec<String>,
}

const NAME: &str = "any_of";

impl AnyOf {
    pub(crate) fn prepare(texts: &[String]) -> Result<Self, Unfit> {
        unfit::texts(NAME, texts)?;
        let texts = texts.iter().map(|text| normalised(NAME, text)).collect::<Result<_, _>>()?;
        Ok(Self { texts })
    }
}

impl Rule for AnyOf {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let answer = trimmed(reading.folded_prose());
        match self.texts.iter().position(|text| text == answer) {
            Some(index) => Finding::holds(true, format!("text {} of {}", index + 1, self.texts.len())),
            None => Finding::holds(false, format!("none of {} texts", self.texts.len())),
        }
    }
}
