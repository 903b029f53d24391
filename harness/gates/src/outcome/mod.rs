//! From a figure to an outcome: bounds against a limit, and the words for it.

pub mod finding;
pub mod limit;

pub use finding::{Finding, Missing, tokens};
pub use limit::{Estimate, against, judged};
