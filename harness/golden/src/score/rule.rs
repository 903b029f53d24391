//! What every scorer is to the tree, and the table of all of them.

use super::part::{Finding, Part};
use super::reading::Reading;

/// One node of a prepared tree.
pub(crate) trait Rule: std::fmt::Debug + Send + Sync {
    /// Its name in items.
    fn name(&self) -> &'static str;

    /// Holds an answer against it.
    fn judge(&self, reading: &Reading<'_>) -> Finding;

    /// What is found even in an answer that is too long to be read, here or below.
    fn in_unread(&self, _reading: &Reading<'_>) -> Option<Part> {
        None
    }
}

/// Every scorer with the version of its rule: what a set was sealed with, and what a score was made with.
///
/// A version grows when the same answer to the same item could get another score.
pub const SCORERS: [(&str, u32); 23] = [
    ("abstention", 2),
    ("all", 1),
    ("any", 1),
    ("any_of", 1),
    ("choice", 2),
    ("citation", 1),
    ("contains_all", 2),
    ("contains_any", 2),
    ("exact", 1),
    ("json_schema", 1),
    ("language", 1),
    ("latency", 1),
    ("leak", 1),
    ("length", 1),
    ("norm_exact", 1),
    ("not", 1),
    ("not_contains", 1),
    ("numeric", 2),
    ("regex", 1),
    ("stop_reason", 1),
    ("token_f1", 1),
    ("tool_call", 1),
    ("weighted", 1),
];

/// The version of a scorer's rule; `None` for a name that no scorer has.
#[must_use]
pub fn version_of(scorer: &str) -> Option<u32> {
    SCORERS.iter().find(|(name, _)| *name == scorer).map(|(_, version)| *version)
}

/// Holds an answer against a rule and names who said so.
pub(crate) fn part(rule: &dyn Rule, reading: &Reading<'_>) -> Part {
    named(rule, rule.judge(reading))
}

/// A finding with the name and version of its rule.
pub(crate) fn named(rule: &dyn Rule, finding: Finding) -> Part {
    let Finding { points, outcome, ruins, reason, parts } = finding;
    let version = version_of(rule.name()).unwrap_or_default();
    Part { scorer: rule.name().to_owned(), version, points, outcome, ruins, reason, parts }
}
