//! Numbers with units in running text, in English and German notation.

mod count_word;
mod find;
mod notation;
mod tolerance;
mod unit;
mod unit_table;

pub(crate) use find::{Quantity, find};
pub(crate) use notation::Notation;
pub(crate) use tolerance::Tolerance;
pub(crate) use unit::Unit;
