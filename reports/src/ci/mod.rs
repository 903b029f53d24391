//! A run and its verdict in the formats of other people's CI.

mod annotations;
mod benchmarks;
mod figure;
mod markup;
mod openmetrics;
mod summary;

pub use annotations::annotations;
pub use benchmarks::{Side, bencher, benchmark_entries};
pub use openmetrics::openmetrics;
pub use summary::markdown;
