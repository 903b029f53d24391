//! A comparison of candidates in the formats that runs have.

mod first_screen;
mod page;
mod sessions;
mod summary;
pub(crate) mod tile;

use edgesoak_record::comparison::{Compared, Comparison, Reference};
use edgesoak_record::{NotRun, Run, RunVerdict};

use crate::words::text::name;

pub use page::comparison_html;
pub(crate) use sessions::beside_it;
pub use sessions::comparison_verdict;
pub use summary::comparison_markdown;
pub(crate) use summary::{bounds, runs, signed};

/// A run that was made for a comparison: it is shown beside it, and decides nothing.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The run, in outline.
    pub run: &'a Run,
    /// The verdict on it.
    pub verdict: &'a RunVerdict,
}

/// What stands beside a comparison.
#[derive(Debug, Clone, Default)]
pub struct Beside<'a> {
    /// Runs that were made for it, oldest first.
    pub parts: Vec<Part<'a>>,
    /// What was wanted for it and left out.
    pub not_run: &'a [NotRun],
}

/// Most names that are listed of a side.
const MOST: usize = 4;

/// Names, the first few of them.
pub(crate) fn listed(names: &[String]) -> String {
    first_of(names, MOST)
}

fn first_of(names: &[String], most: usize) -> String {
    let shown: Vec<String> = names.iter().take(most).map(|text| name(text)).collect();
    let more = names.len().saturating_sub(most);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

/// The candidate's side.
fn candidate(comparison: &Comparison) -> Option<&Compared> {
    comparison.sides.iter().find(|side| side.reference.is_none())
}

/// What a side is called, for programs.
pub(crate) fn word(side: &Compared) -> &'static str {
    match side.reference {
        None => "candidate",
        Some(Reference::Previous) => "previous",
        Some(Reference::Pinned) => "pinned",
    }
}

/// What a side is called.
pub(crate) fn title(side: &Compared) -> &'static str {
    side.reference.map_or("the candidate", Reference::title)
}

/// The policy that was judged by, in words.
pub(crate) fn policy(comparison: &Comparison) -> String {
    comparison.policy.as_ref().map_or_else(
        || format!("tier {} as the candidate's run was planned with", name(&comparison.tier)),
        |policy| name(&policy.title()),
    )
}
