//! From a figure to an outcome: bounds against a limit, and the words for it.

pub mod finding;
pub mod limit;
mod quoted;

pub use finding::{Finding, Missing, tokens};
pub use limit::{Estimate, against, judged};
pub use quoted::quoted;
