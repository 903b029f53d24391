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
    /// How far it moved from the coldest to the warmest reading from then to the soak's end, K.
    pub moves_k: f64,
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
    let (_, end) = case.telemetry.soak()?;
    let readings: Vec<(f64, f64)> = case
        .record
        .ambient
        .iter()
        .filter_map(|reading| {
            let t = case.telemetry.seconds(clock.device_ns(reading.host_mono)?);
            let celsius = reading.celsius.ok()?.0;
            ((-BEFORE_S..=end).contains(&t) && PLAUSIBLE.contains(&celsius)).then_some((t, celsius))
        })
        .collect();
    let (celsius, moves_k) = level(&readings)?;
    let probe = case.record.planned.device.beside.ambient.as_ref();
    let by = probe
        .map_or_else(|| "a probe of the lab".to_owned(), |probe| format!("the probe {}", quoted(probe, 60)));
    Some(Air { celsius, moves_k, by })
}

/// The coldest of the device's own channels: what warms one of them makes it no better witness.
fn by_device(case: &Case) -> Option<Air> {
    let (_, end) = case.telemetry.soak()?;
    let of = |channel| {
        let readings = case.telemetry.values(channel, -BEFORE_S, end);
        level(&readings.filter(|(_, celsius)| PLAUSIBLE.contains(celsius)).collect::<Vec<_>>())
    };
    let own = case.telemetry.of(Quantity::Ambient).filter_map(|channel| Some((channel, of(channel)?)));
    let (channel, (celsius, moves_k)) = own.min_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
    Some(Air { celsius, moves_k, by: format!("the device's own {}", quoted(&channel.name, 60)) })
}

/// The median before the soak, and the span of all.
fn level(readings: &[(f64, f64)]) -> Option<(f64, f64)> {
    let before = readings.iter().filter(|(t, _)| *t <= 0.0);
    let celsius = median(&mut before.map(|reading| reading.1).collect::<Vec<f64>>())?;
    let all = || readings.iter().map(|reading| reading.1);
    Some((celsius, all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min)))
}
