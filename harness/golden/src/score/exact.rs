//! `exact`: the answer is a text, byte for byte but for the blanks around it.

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};

#[derive(Debug)]
pub(crate) struct Exact {
    text: String,
}

const NAME: &str = "exact";

impl Exact {
    pub(crate) fn prepare(text: &str) -> Result<Self, Unfit> {
        let text = text.trim();
        unfit::text(NAME, text)?;
        Ok(Self { text: text.to_owned() })
    }
}

impl Rule for Exact {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let answer = reading.raw().trim();
        if answer == self.text {
            return Finding::holds(true, "the text itself");
        }
        let same = answer.chars().zip(self.text.chars()).take_while(|(one, other)| one == other).count();
        let (is, wanted) = (answer.chars().count(), self.text.chars().count());
        Finding::holds(
            false,
            format!("differs from character {}; {is} characters, {wanted} wanted", same + 1),
        )
    }
}
