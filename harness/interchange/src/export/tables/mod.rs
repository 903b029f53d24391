//! The tables of a run: one file for each, and one line in [`TABLES`].

mod answers;
mod beside;
mod channels;
mod clock_offsets;
mod gates;
mod phases;
mod prompts;
mod samples;
mod sessions;
mod tokens;

use std::io;

use super::cell::{Cell, Column};
use super::target::Told;

/// Takes rows, one after the other.
pub(crate) type Rows<'w> = &'w mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>;

/// A table with a row for each of something.
#[derive(Debug)]
pub(crate) struct Table {
    /// Name of its file.
    pub(crate) name: &'static str,
    /// Its columns behind `run` and `session`.
    pub(crate) columns: &'static [Column],
    /// Tells the rows of a session.
    pub(crate) rows: fn(Told<'_>, Rows<'_>) -> io::Result<()>,
}

/// Every table.
pub(crate) const TABLES: &[&Table] = &[
    &sessions::TABLE,
    &phases::TABLE,
    &channels::TABLE,
    &samples::TABLE,
    &prompts::TABLE,
    &tokens::TABLE,
    &beside::TABLE,
    &clock_offsets::TABLE,
    &gates::TABLE,
    &answers::TABLE,
];
