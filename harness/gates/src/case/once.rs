//! What several gates ask of a session: read from all its samples by the first that asks.

use std::cell::OnceCell;

use crate::attribution::course::Course;
use crate::measure::energy::Measured;
use crate::outcome::Missing;
use crate::promise::background_cpu::Share;
use crate::promise::data_coverage::Coverage;
use crate::promise::latency::Intervals;
use crate::promise::settled::State;

/// Answers so far. What each of them means says the file that gives it.
#[derive(Debug, Default)]
pub struct Once {
    /// Times between tokens, resampled for all their gates.
    pub intervals: OnceCell<Result<Intervals, Missing>>,
    /// What is wrong with the device's clock.
    pub broken_clock: OnceCell<Option<String>>,
    /// How much of the planned telemetry was read.
    pub coverage: OnceCell<Option<Coverage>>,
    /// Processor time of other processes, piece by piece.
    pub background: OnceCell<Option<Vec<Share>>>,
    /// Whether the device came to rest.
    pub settled: OnceCell<State>,
    /// How decoding went over the soak.
    pub decoding: OnceCell<Option<Course>>,
    /// Energy from the first submit to the last token.
    pub energy: OnceCell<Result<Measured, Missing>>,
}
