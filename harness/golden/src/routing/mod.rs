//! Where a query goes: answered on the device, put before a person on site, or sent out after redaction; and what a
//! policy of that kind does to the items of a golden set.
//!
//! Whether a query is sensitive is told before anything may leave: [`SensitiveTerms`] tells it from the query alone,
//! [`RoutingPolicy`] decides, [`evaluate`] and [`sweep`] show what the decisions would have done.

mod cost;
mod evaluation;
mod policy;
mod sensitivity;
mod sweep;

pub use cost::Costs;
pub use evaluation::{Evaluation, Labelled, evaluate};
pub use policy::{Confidence, Destination, RoutingPolicy, Sensitivity};
pub use sensitivity::SensitiveTerms;
pub use sweep::{SweepPoint, sweep};

#[cfg(test)]
mod tests;
