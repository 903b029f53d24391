//! What a soak shows, on one grid: tokens, power and temperatures.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use super::throttling::Observed;
use crate::case::Case;
use crate::measure::soak::Soak;

/// A step of the grid, seconds; longer where a soak has more of them than this.
const STEP_S: f64 = 5.0;
const MOST_STEPS: f64 = 720.0;
/// A zone that was not read for so long is not followed, seconds.
const LONGEST_HOLE_S: f64 = 30.0;
/// Most zones that are looked at, in the order of their names.
const MOST_ZONES: usize = 8;
/// Power of devices that are held in a hand, watts.
const PLAUSIBLE_W: std::ops::RangeInclusive<f64> = 0.0..=100.0;

/// The grid with the names of its zones.
#[derive(Debug)]
pub struct Seen {
    /// What was observed.
    pub observed: Observed,
    /// Channel of each zone.
    pub names: Vec<String>,
}

impl Seen {
    /// A soak in air of this temperature.
    pub fn of(case: &Case, soak: &Soak, ambient: f64) -> Self {
        let step = STEP_S.max(soak.end() / MOST_STEPS);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast saturates, and a soak has at most as many steps as are wanted"
        )]
        let count = (soak.end() / step + 1e-6) as u32;
        let times: Vec<f64> = (0..count).map(|place| f64::from(place) * step).collect();
        let windows: Vec<_> = times.iter().map(|from| soak.timeline.window(*from, from + step)).collect();
        let zones = case.telemetry.of(Quantity::Temperature);
        let read = zones.filter_map(|channel| Some((channel.name.clone(), on_grid(case, channel, &times)?)));
        let (names, zones) = read.take(MOST_ZONES).unzip();
        let observed = Observed {
            step,
            tokens: windows.iter().map(|window| window.tokens).collect(),
            active: windows.iter().map(|window| window.active).collect(),
            watts: watts(case, &times).unwrap_or_default(),
            zones,
            ambient,
        };
        Self { observed, names }
    }
}

/// The readings of a channel joined by straight lines; `None` where it was not read throughout.
fn on_grid(case: &Case, channel: &Channel, times: &[f64]) -> Option<Vec<f64>> {
    let last = *times.last()?;
    let readings: Vec<(f64, f64)> =
        case.telemetry.values(channel, -LONGEST_HOLE_S, last + LONGEST_HOLE_S).collect();
    let is_followed = readings.windows(2).all(|pair| pair[1].0 - pair[0].0 <= LONGEST_HOLE_S);
    let (first, end) = (readings.first()?.0, readings.last()?.0);
    if !is_followed || first > LONGEST_HOLE_S || end < last - LONGEST_HOLE_S {
        return None;
    }
    let at = |time: &f64| {
        let after = readings.partition_point(|(t, _)| t < time);
        let next = readings.get(after).or_else(|| readings.last())?;
        let before = readings.get(after.saturating_sub(1))?;
        let span = next.0 - before.0;
        let part = if span > 0.0 { ((time - before.0) / span).clamp(0.0, 1.0) } else { 1.0 };
        Some(before.1 + (next.1 - before.1) * part)
    };
    times.iter().map(at).collect()
}

/// What the battery gave, where nothing else fed the device.
fn watts(case: &Case, times: &[f64]) -> Option<Vec<f64>> {
    let plugged = |channel: &Channel| case.telemetry.during_soak(channel).any(|(_, value)| value >= 0.5);
    if case.telemetry.of(Quantity::Plugged).any(plugged) {
        return None;
    }
    let mut pairs = case.telemetry.of(Quantity::Voltage).filter_map(|volts| {
        let place = volts.name.strip_prefix("battery/voltage")?;
        let amperes = case.telemetry.named(&format!("battery/current{place}"))?;
        Some((on_grid(case, volts, times)?, on_grid(case, amperes, times)?))
    });
    let (volts, amperes) = pairs.next()?;
    let mut watts: Vec<f64> =
        volts.iter().zip(amperes).map(|(volts, amperes)| (volts * amperes).abs()).collect();
    // A gauge tells what was: its first values are those of the rest before.
    let typical = crate::statistics::median(&mut watts.clone())?;
    let awake = watts.iter().position(|watts| *watts > typical / 2.0)?;
    let (early, late) = watts.split_at_mut(awake);
    early.fill(*late.first()?);
    let is_plausible = typical > 0.0 && watts.iter().all(|watts| PLAUSIBLE_W.contains(watts));
    is_plausible.then_some(watts)
}
