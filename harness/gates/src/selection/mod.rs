//! Which candidate a route gets: the smallest that clears every bar on every required family, with the reasons for
//! the others; and which exports of a model may stand in for their baseline.
//!
//! [`conclude`] reads judged sessions; [`select`] is the rule itself, on figures of any origin.

mod approval;
mod choice;
mod conclusion;
mod export;
mod held;
mod measured;
mod next;
mod sets;

pub use approval::ExportHeld;
pub use choice::{Choice, Considered, Miss, Offer, Required, Standing, Trial, Wanted, select};
pub use conclusion::{RouteChoice, Selection, SessionUsed, conclude};
pub use export::{Export, ExportFault, ExportRule};
pub use held::Held;
pub use measured::{Measured, as_measured_last};
pub(crate) use sets::{OTHER_SET, of_another_set};

#[cfg(test)]
mod tests;
