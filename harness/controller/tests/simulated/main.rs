//! Whole runs in a simulated lab.

mod fake;
mod runs;
mod sinks;
