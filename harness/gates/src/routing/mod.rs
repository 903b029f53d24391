//! What a routing policy does to the queries of a golden set: how many go where, what that costs, and whether anything
//! sensitive would leave.

mod evaluation;
mod routed;
mod sweep;

pub use evaluation::{Labelled, evaluate};
pub use routed::{Decided, decided, routed};
pub use sweep::sweep;

#[cfg(test)]
mod tests;
