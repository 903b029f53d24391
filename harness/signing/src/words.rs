//! Texts of people, within bounds.

use crate::error::SigningError;

/// A text for a message: nobody reads the rest of a long one.
pub(crate) fn shortened(text: &str) -> String {
    /// Characters that are shown.
    const LONGEST: usize = 60;
    let mut short: String = one_line(&text.chars().take(LONGEST).collect::<String>());
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// A text for a message that cannot write lines of its own.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// A text of one line that is not empty and has at most so many characters.
pub(crate) fn check_line(what: &'static str, text: &str, most: usize) -> Result<(), SigningError> {
    let state = |complaint| Err(SigningError::State { what, complaint });
    if text.trim().is_empty() {
        return state("is empty");
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return state("is not one line of text without blanks around it");
    }
    if text.chars().nth(most).is_some() {
        return Err(SigningError::Bound { what, most });
    }
    Ok(())
}

/// A word: lower-case letters, digits and `-`.
pub(crate) fn check_word(what: &'static str, text: &str, most: usize) -> Result<(), SigningError> {
    check_line(what, text, most)?;
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if text.bytes().all(fits) {
        return Ok(());
    }
    Err(SigningError::State { what, complaint: "has other characters than a-z, 0-9 and `-`" })
}
