//! A release that others are held against: what its runs showed, kept apart from the database.

use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::trial::SessionTrial;
use crate::units::Nanos;

/// Longest name of a baseline.
pub const MAX_NAME: usize = 80;

/// What was promoted. Nothing in it changes afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Name, such as `release-1.4`.
    pub name: String,
    /// When it was promoted, since the Unix epoch.
    pub promoted: Nanos,
    /// Why, in the words of whoever promoted it.
    pub reason: String,
    /// What its runs were judged by.
    pub policy: Policy,
    /// Runs that it was made from.
    pub runs: Vec<String>,
    /// Their sessions, those that are no evidence included.
    pub trials: Vec<SessionTrial>,
}

/// Whether a text may name a baseline: letters, digits, dots, hyphens and underscores, a letter or digit first.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}
