//! Whole runs in a simulated lab.

mod answers;
mod beside;
mod cable;
mod charge;
mod fake;
mod lost_and_found;
mod memory;
mod runs;
mod sharing;
mod sinks;
