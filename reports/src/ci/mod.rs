//! A run and its verdict in the formats of other people's CI.

mod annotations;
mod benchmarks;
mod figure;
pub(crate) mod markup;
mod openmetrics;
pub(crate) mod summary;

pub use annotations::annotations;
pub use benchmarks::{Side, bencher, benchmark_entries};
pub use openmetrics::openmetrics;
pub use summary::markdown;
