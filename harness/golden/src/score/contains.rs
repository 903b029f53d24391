//! `contains_all`, `contains_any`, `not_contains`: texts that stand in the answer as whole words, or must not.

use super::denial::is_denied;
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::text::Needle;

/// Which of the texts must stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    All,
    Any,
    None,
}

impl Mode {
    const fn name(self) -> &'static str {
        match self {
            Self::All => "contains_all",
            Self::Any => "contains_any",
            Self::None => "not_contains",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Contains {
    mode: Mode,
    needles: Vec<Wanted>,
}

#[derive(Debug)]
struct Wanted {
    needle: Needle,
    /// A number or a code. `not R3-12` does not name R3-12; `not allowed` may well be what a text wants to hear.
    is_code: bool,
}

impl Wanted {
    fn new(text: &str) -> Self {
        Self { needle: Needle::new(text), is_code: text.contains(char::is_numeric) }
    }

    fn stands(&self, answer: &str) -> bool {
        self.needle.places(answer).any(|(begin, end)| !(self.is_code && is_denied(answer, begin, end)))
    }
}

impl Contains {
    pub(crate) fn prepare(mode: Mode, texts: &[String]) -> Result<Self, Unfit> {
        unfit::texts(mode.name(), texts)?;
        let needles: Vec<Wanted> = texts.iter().map(|text| Wanted::new(text)).collect();
        if needles.iter().any(|wanted| wanted.needle.is_empty()) {
            return Err(Unfit::new(mode.name(), "wants a text of which normalisation leaves nothing"));
        }
        Ok(Self { mode, needles })
    }
}

impl Rule for Contains {
    fn name(&self) -> &'static str {
        self.mode.name()
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let answer = reading.folded();
        let total = self.needles.len();
        let there: Vec<bool> = match self.mode {
            Mode::All | Mode::Any => self.needles.iter().map(|wanted| wanted.stands(answer)).collect(),
            // What is denied is said all the same.
            Mode::None => self.needles.iter().map(|wanted| wanted.needle.first(answer).is_some()).collect(),
        };
        let count = there.iter().filter(|there| **there).count();
        let listed = |wanted: bool| {
            let numbers = there.iter().enumerate().filter(|(_, there)| **there == wanted);
            numbers.map(|(index, _)| (index + 1).to_string()).collect::<Vec<_>>().join(", ")
        };
        match self.mode {
            Mode::All if count == total => Finding::holds(true, format!("all {total} texts")),
            Mode::All => Finding::graded(
                count as f64 / total as f64,
                false,
                format!("{count} of {total} texts; missing: {}", listed(false)),
            ),
            Mode::Any => Finding::holds(count > 0, format!("{count} of {total} texts")),
            Mode::None if count == 0 => Finding::holds(true, format!("none of {total} texts")),
            Mode::None => Finding::holds(false, format!("holds unwanted texts: {}", listed(true))),
        }
    }
}
