//! Where a query goes: answered on the device, put before a person on site, or sent out after redaction; and what a policy
//! of that kind did to the items of a golden set.

mod cost;
mod evaluation;
mod policy;

pub use cost::Costs;
pub use evaluation::{Evaluation, Routed, SweepPoint};
pub use policy::{Confidence, Destination, PlannedRouting, RoutingPolicy, Sensitivity};
