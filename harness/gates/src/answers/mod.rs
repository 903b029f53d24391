//! What answers to golden items show: shares against their bars, a candidate against its baseline on the same items,
//! the same candidate against itself.
//!
//! An item that was asked and not answered, or of which it could not be told, counts as wrong for the lower bound and
//! as right for the upper one: it can take a Pass and a Fail away and make neither. Where a session lost the rested
//! answer to any item, of whatever part of the set, no Pass is left at all.

mod judged;
mod paired;
mod proportion;
mod repeated;
mod session;
mod showable;

pub use judged::{Asked, Bars, Judged, Slice, barred, judge};
pub use paired::{MARGIN, Paired, compare, compare_within};
pub use proportion::Proportion;
pub use repeated::{Repeated, repeated};
pub(crate) use session::{SessionAnswers, given};
pub use showable::{Showable, showable};
