//! What is wrong with a line, before it is known which file it stands in.

use crate::limits::TEXT_CHARS;

/// What is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub(crate) line: u64,
    pub(crate) problem: String,
    pub(crate) hint: &'static str,
}

impl Complaint {
    pub(crate) fn new(line: u64, problem: impl Into<String>, hint: &'static str) -> Self {
        Self { line, problem: problem.into(), hint }
    }
}

/// Text of a file inside a message: short, and without anything that a terminal would obey.
pub(crate) fn shown(text: &str) -> String {
    let plain = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    let mut short: String = plain.take(TEXT_CHARS).collect();
    if text.chars().nth(TEXT_CHARS).is_some() {
        short.push('…');
    }
    short.trim().to_owned()
}
