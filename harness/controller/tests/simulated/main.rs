//! Whole runs in a simulated lab.

mod beside;
mod fake;
mod lost_and_found;
mod runs;
mod sinks;
