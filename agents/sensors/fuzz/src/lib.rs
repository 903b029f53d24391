//! What holds for every text, whoever wrote it. The targets feed texts; this judges what was read from them.
//!
//! An input is one byte that chooses the kind of output, one that chooses a line, and the text.

#![forbid(unsafe_code)]

mod judge;
mod mend;

pub use judge::{feed, judge};
pub use mend::mend;
