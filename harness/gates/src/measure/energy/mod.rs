//! Energy over the soak: what was measured, by what, and how well.
//!
//! External meters outrank what the device says of itself; there, counters of whole packages outrank rails, and
//! those a battery's gauge, which counts only while the battery feeds the device.

mod charge;
mod counters;
mod gauge;
mod idle;
mod integral;
mod load_edges;
mod meter;
mod rails;
mod watts;

use edgesoak_record::Quantity;

use crate::case::Case;
use crate::defaults::{COUNTER_AGREES, SLOWEST_GAUGE_S};
use crate::outcome::Missing;

pub use charge::Counted;

/// How late a command that is asked every ten seconds may be without being a slower one, seconds.
const LATENESS_S: f64 = 0.5;

/// An energy, its origin and its error.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Joules.
    pub joules: f64,
    /// What the figure includes: `battery`, `rail`, `board`, `wall`, `package`.
    pub scope: &'static str,
    /// Channel or meter that it rests on.
    pub channel: String,
    /// Relative error of its gain.
    pub gain: f64,
    /// Relative error of sampling.
    pub sampling: f64,
    /// Relative error of its resolution.
    pub resolution: f64,
    /// Time for which a reading stays the same, seconds.
    pub refresh_s: f64,
    /// What the battery's charge counter says of the same time.
    pub counted: Option<Counted>,
    /// Power while the device rested, watts, by the same source.
    pub idle_watts: Option<f64>,
    /// What a person should know of it.
    pub notes: Vec<String>,
}

impl Measured {
    /// Relative uncertainty of the gross figure.
    #[must_use]
    pub fn uncertainty(&self) -> f64 {
        self.gain + self.sampling + self.resolution
    }

    /// The source renews its reading so rarely that it needs support, and the charge counter gives none.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        let agrees = |counted: &Counted| (self.joules / counted.joules - 1.0).abs() <= COUNTER_AGREES;
        self.refresh_s > SLOWEST_GAUGE_S + LATENESS_S && !self.counted.as_ref().is_some_and(agrees)
    }
}

/// Energy from the first submit to `end`, by the best source that there is.
pub fn over(case: &Case, end: f64) -> Result<Measured, Missing> {
    let (metered, refused) = match meter::over(case, end) {
        Ok(metered) => (metered, Vec::new()),
        Err(refused) => (None, refused),
    };
    if let Some(metered) = metered {
        return Ok(metered);
    }
    match of_the_device(case, end) {
        Ok(mut measured) => {
            measured.notes.extend(refused.into_iter().map(|why| why.sentence));
            Ok(measured)
        }
        // A meter that cannot be used is nearer to a figure than a sensor that is not there.
        Err(missing) => Err(refused.into_iter().next().unwrap_or(missing)),
    }
}

fn of_the_device(case: &Case, end: f64) -> Result<Measured, Missing> {
    if let Some(measured) = counters::over(case, end) {
        return Ok(measured);
    }
    if let Some(found) = rails::over(case, end) {
        return found;
    }
    match gauge::over(case, end) {
        Some(found) => found,
        None => Err(Missing::new("no_sensor", case.telemetry.why_missing(Quantity::Power))),
    }
}
