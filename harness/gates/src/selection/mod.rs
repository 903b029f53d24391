//! Which candidate a route gets: the smallest that clears every bar on every required family, with the reasons for
//! the others; and which exports of a model may stand in for their baseline.

mod choice;
mod export;
mod held;

pub use choice::{Choice, Considered, Miss, Offer, Standing, Trial, Wanted, select};
pub use export::{Export, ExportFault, ExportRule};
pub use held::Held;

#[cfg(test)]
mod tests;
