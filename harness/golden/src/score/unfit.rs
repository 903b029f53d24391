//! Expectations that no scorer can hold an answer against.

/// What makes an expectation useless, found when a set is loaded and not when an answer is scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{scorer}` {why}")]
pub struct Unfit {
    /// Name of the scorer.
    pub scorer: &'static str,
    /// What is wrong with what it wants.
    pub why: String,
}

impl Unfit {
    pub(crate) fn new(scorer: &'static str, why: impl Into<String>) -> Self {
        Self { scorer, why: why.into() }
    }
}

/// Most bytes of one expected text.
pub(crate) const LONGEST_TEXT: usize = 4096;
/// Most entries of one list.
pub(crate) const MOST_ENTRIES: usize = 256;

/// Refuses a text that is empty or too long.
pub(crate) fn text(scorer: &'static str, text: &str) -> Result<(), Unfit> {
    match text.len() {
        0 => Err(Unfit::new(scorer, "wants an empty text")),
        1..=LONGEST_TEXT => Ok(()),
        _ => Err(Unfit::new(scorer, format!("wants a text of more than {LONGEST_TEXT} bytes"))),
    }
}

/// Refuses a list that is empty or too long, or that holds such a text.
pub(crate) fn texts(scorer: &'static str, texts: &[String]) -> Result<(), Unfit> {
    entries(scorer, texts.len())?;
    texts.iter().try_for_each(|entry| text(scorer, entry))
}

/// Refuses no entries and too many.
pub(crate) fn entries(scorer: &'static str, count: usize) -> Result<(), Unfit> {
    match count {
        0 => Err(Unfit::new(scorer, "lists nothing")),
        1..=MOST_ENTRIES => Ok(()),
        _ => Err(Unfit::new(scorer, format!("lists more than {MOST_ENTRIES} entries"))),
    }
}

/// Refuses what is no part of one.
pub(crate) fn share(scorer: &'static str, what: &str, share: f64) -> Result<(), Unfit> {
    if (0.0..=1.0).contains(&share) {
        Ok(())
    } else {
        Err(Unfit::new(scorer, format!("wants `{what}` between 0 and 1")))
    }
}
