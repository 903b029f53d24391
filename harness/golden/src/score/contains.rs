//! `contains_all`, `contains_any`, `not_contains`: texts that stand in the answer as whole words, or must not.

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
    needles: Vec<Needle>,
}

impl Contains {
    pub(crate) fn prepare(mode: Mode, texts: &[String]) -> Result<Self, Unfit> {
        unfit::texts(mode.name(), texts)?;
        let needles: Vec<Needle> = texts.iter().map(|text| Needle::new(text)).collect();
        if needles.iter().any(Needle::is_empty) {
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
        let there: Vec<bool> = self.needles.iter().map(|needle| needle.first(answer).is_some()).collect();
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
