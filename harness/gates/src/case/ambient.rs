//! The air around the device.

use edgesoak_record::Quantity;

use crate::case::Case;
use crate::case::host_clock::HostClock;
use crate::outcome::quoted;
use crate::statistics::median;

/// Time before the first scored prompt whose readings count, seconds. A room changes slowly.
const BEFORE_S: f64 = 300.0;

/// Temperatures of rooms and of climate chambers, °C. 85 is what a sensor says that has not measured yet.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = -40.0..=80.0;

/// The air around the device when the soak began.
#[derive(Debug, Clone, PartialEq)]
pub struct Air {
    /// °C.
    pub celsius: f64,
    /// Who measured it, as the end of a sentence.
    pub by: String,
}

/// What is known of the air: the median of the last minutes before the soak. A probe of the lab comes before the
/// device's own channels, which its own warmth may reach.
#[must_use]
pub fn at_start(case: &Case) -> Option<Air> {
    case.telemetry.soak()?;
    by_probe(case).or_else(|| by_device(case))
}

fn by_probe(case: &Case) -> Option<Air> {
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
    let celsius = median(&mut celsius)?;
    let probe = case.record.planned.device.beside.ambient.as_ref();
    let by = probe
        .map_or_else(|| "a probe of the lab".to_owned(), |probe| format!("the probe {}", quoted(probe, 60)));
    Some(Air { celsius, by })
}

/// The coldest of the device's own channels: what warms one of them makes it no better witness.
fn by_device(case: &Case) -> Option<Air> {
    let of = |channel| {
        let readings = case.telemetry.values(channel, -BEFORE_S, 0.0).map(|(_, celsius)| celsius);
        median(&mut readings.filter(|celsius| PLAUSIBLE.contains(celsius)).collect::<Vec<f64>>())
    };
    let own = case.telemetry.of(Quantity::Ambient).filter_map(|channel| Some((channel, of(channel)?)));
    let (channel, celsius) = own.min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Air { celsius, by: format!("the device's own {}", quoted(&channel.name, 60)) })
}
