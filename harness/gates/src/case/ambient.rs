//! The air around the device.

use crate::case::Case;
use crate::case::host_clock::HostClock;
use crate::statistics::median;

/// Time before the first scored prompt whose readings count, seconds. A room changes slowly.
const BEFORE_S: f64 = 300.0;

/// Temperatures of rooms and of climate chambers, °C. 85 is what a sensor says that has not measured yet.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = -40.0..=80.0;

/// Ambient temperature when the soak began, °C: the median of the last minutes before it.
#[must_use]
pub fn at_start(case: &Case) -> Option<f64> {
    case.telemetry.soak()?;
    let clock = HostClock::of(case.record)?;
    let mut celsius: Vec<f64> = case
        .record
        .ambient
        .iter()
        .filter_map(|reading| {
            let t = case.telemetry.seconds(clock.device_ns(reading.host_mono)?);
            let celsius = reading.celsius.ok()?.0;
            ((-BEFORE_S..=0.0).contains(&t) && PLAUSIBLE.contains(&celsius)).then_some(celsius)
        })
        .collect();
    median(&mut celsius)
}
