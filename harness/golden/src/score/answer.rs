//! What a model gave for one item, in a type that nothing can write down by accident.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The text of an answer. It cannot be serialised, its `Debug` shows the length alone, and its memory is overwritten
/// when it is dropped: an answer to a sensitive item must never reach a log, a database or a crash report.
///
/// ```compile_fail
/// let text = edgesoak_golden::score::AnswerText::new("secret".to_owned());
/// serde_json::to_string(&text).unwrap();
/// ```
pub struct AnswerText(Zeroizing<String>);

impl AnswerText {
    /// Takes a text over; the caller keeps no copy.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself: for a scorer, or for a store that was asked to keep texts of items that are not sensitive.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the bytes: two answers that are the same have the same.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for AnswerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswerText({} bytes)", self.0.len())
    }
}

/// What a model gave for one item.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The text, as the runtime gave it.
    pub text: &'a AnswerText,
    /// Why the model stopped, such as `stop` or `length`; unknown where the runtime did not say.
    pub finish: Option<&'a str>,
    /// Submit to first token.
    pub ttft: Option<Duration>,
    /// Submit to last token.
    pub e2e: Option<Duration>,
    /// Documents that stood in front of the model.
    pub given_docs: &'a [&'a str],
    /// Whether the text is only the beginning of what was answered.
    pub is_cut: bool,
    /// The code under which the runtime refused the prompt; then nothing was answered.
    pub refused: Option<&'a str>,
    /// How sure the runtime says that it was, in 0..=1. No scorer looks at it.
    pub confidence: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::AnswerText;

    #[test]
    fn a_text_shows_its_length_alone() {
        let text = AnswerText::new("the rate is 95".to_owned());
        assert_eq!(format!("{text:?}"), "AnswerText(14 bytes)");
        assert_eq!(text.digest(), AnswerText::new("the rate is 95".to_owned()).digest());
        assert_ne!(text.digest(), AnswerText::new("the rate is 96".to_owned()).digest());
    }
}
