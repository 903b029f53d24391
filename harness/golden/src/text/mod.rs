//! Forms of a text in which two writers who mean the same write the same, without losing a digit, a sign or a script.

mod digit;
mod escape;
mod fold;
mod holds;
mod mark;
mod plain;
mod sentence;
mod word;

pub(crate) use fold::{folded, trimmed};
pub(crate) use holds::Needle;
pub(crate) use plain::plain;
pub(crate) use sentence::sentences;
pub(crate) use word::{Word, words};
