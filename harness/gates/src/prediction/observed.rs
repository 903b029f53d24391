//! What a soak shows, on one grid: tokens, clocks, power and temperatures.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use super::LEAST_LOSS;
use super::clocks::{self, Clock};
use crate::case::{Case, supply};
use crate::measure::soak::Soak;

/// A step of the grid, seconds; longer where a soak has more of them than this.
const STEP_S: f64 = 5.0;
const MOST_STEPS: f64 = 720.0;
/// A channel that was not read for so long is not followed, seconds.
const LONGEST_HOLE_S: f64 = 30.0;
/// A minute, and for how long clocks have been taken away and given back before that is the way of a device, seconds.
const MINUTE_S: f64 = 60.0;
const HELD_S: f64 = 300.0;
/// Most zones that are looked at, in the order of their names.
const MOST_ZONES: usize = 8;
/// What stands behind the name of another channel's twin.
const TWIN: char = '#';
/// Power of devices that are held in a hand, watts.
const PLAUSIBLE_W: std::ops::RangeInclusive<f64> = 0.0..=100.0;

/// What was observed, in steps of the same length.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Seconds of a step.
    pub step: f64,
    /// Tokens after the first of each answer.
    pub tokens: Vec<f64>,
    /// Seconds in which they were written.
    pub active: Vec<f64>,
    /// The clocks that may be used, by the highest: what is allowed of what works.
    pub clock: Clock,
    /// Watts; `None` where they are not known.
    pub watts: Option<Vec<f64>>,
    /// Thermometers.
    pub zones: Vec<Zone>,
    /// Of the air, °C.
    pub ambient: f64,
}

/// A thermometer.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its channel.
    pub name: String,
    /// Where it is read.
    pub source: String,
    /// °C at the begin of each step.
    pub celsius: Vec<f64>,
}

impl Observed {
    /// 5th percentile of rolling minutes since clocks were first taken away, where that is long enough ago to tell; of the
    /// last minutes of one that slowed down with no clock that was seen to fall.
    #[must_use]
    pub fn held_floor(&self) -> Option<f64> {
        let [minute, held] = [MINUTE_S, HELD_S].map(|seconds| steps(seconds, self.step));
        let first = match self.clock.changes.first() {
            Some((since, _)) => steps(*since, self.step),
            None => self.tokens.len().checked_sub(held).filter(|_| self.slowed(minute))?,
        };
        let (tokens, active) = (self.tokens.get(first..)?, self.active.get(first..)?);
        let sums = tokens.windows(minute).zip(active.windows(minute));
        let mut rates: Vec<f64> =
            sums.map(|(tokens, active)| rate(tokens, active)).filter(|rate| rate.is_finite()).collect();
        rates.sort_by(f64::total_cmp);
        let rank = (rates.len() * 5).div_ceil(100).checked_sub(1)?;
        (tokens.len() >= held).then(|| rates.get(rank).copied())?
    }

    /// Whether its last steps were slower than its first.
    fn slowed(&self, steps: usize) -> bool {
        let last = self.tokens.len().saturating_sub(steps);
        let first = self.tokens.get(..steps).zip(self.active.get(..steps));
        first.is_some_and(|(tokens, active)| {
            rate(&self.tokens[last..], &self.active[last..]) < rate(tokens, active) * (1.0 - LEAST_LOSS)
        })
    }

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
        let tokens: Vec<f64> = windows.iter().map(|window| window.tokens).collect();
        let active: Vec<f64> = windows.iter().map(|window| window.active).collect();
        let clock = clocks::of(case, &times, step).unwrap_or_else(|| Clock::of_rates(&tokens, &active, step));
        Self {
            step,
            tokens,
            active,
            clock,
            watts: watts(case, &times, step),
            zones: zones(case, &times),
            ambient,
        }
    }
}

fn rate(tokens: &[f64], active: &[f64]) -> f64 {
    tokens.iter().sum::<f64>() / active.iter().sum::<f64>()
}

/// Steps that such a time takes.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast saturates, and times are those of a soak or of a device that goes on for hours"
)]
pub fn steps(seconds: f64, step: f64) -> usize {
    (seconds / step).round() as usize
}

/// Thermometers that were read throughout; of two that show the same, the kernel's own.
fn zones(case: &Case, times: &[f64]) -> Vec<Zone> {
    let all = || case.telemetry.of(Quantity::Temperature);
    let is_file = |channel: &Channel| channel.source.starts_with('/');
    let stem = |channel: &Channel| channel.name.split(TWIN).next().unwrap_or_default().to_owned();
    let has_better = |channel: &Channel| {
        !is_file(channel)
            && all().any(|other| other.name != channel.name && is_file(other) && stem(other) == stem(channel))
    };
    let read = all().filter(|channel| !has_better(channel)).filter_map(|channel| {
        let celsius = on_grid(case, channel, times)?;
        Some(Zone { name: channel.name.clone(), source: channel.source.clone(), celsius })
    });
    read.take(MOST_ZONES).collect()
}

/// The readings of a channel; `None` where it was not read throughout.
fn readings(case: &Case, channel: &Channel, last: f64) -> Option<Vec<(f64, f64)>> {
    let readings: Vec<(f64, f64)> =
        case.telemetry.values(channel, -LONGEST_HOLE_S, last + LONGEST_HOLE_S).collect();
    let is_followed = readings.windows(2).all(|pair| pair[1].0 - pair[0].0 <= LONGEST_HOLE_S);
    let (first, end) = (readings.first()?.0, readings.last()?.0);
    (is_followed && first <= LONGEST_HOLE_S && end >= last - LONGEST_HOLE_S).then_some(readings)
}

/// The readings of a channel joined by straight lines.
fn on_grid(case: &Case, channel: &Channel, times: &[f64]) -> Option<Vec<f64>> {
    let readings = readings(case, channel, *times.last()?)?;
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

/// Means over each step of a channel whose readings tell of the time before them: a gauge of currents averages over the time
/// since its last value.
fn means_before(case: &Case, channel: &Channel, times: &[f64], step: f64) -> Option<Vec<f64>> {
    let readings = readings(case, channel, *times.last()? + step)?;
    let changes: Vec<(f64, f64)> = readings
        .windows(2)
        .filter(|pair| (pair[1].1 - pair[0].1).abs() > 0.0)
        .map(|pair| (pair[1].0, pair[1].1))
        .chain(readings.last().map(|last| (f64::INFINITY, last.1)))
        .collect();
    let mean = |from: &f64| {
        let (mut at, mut sum) = (*from, 0.0);
        let mut place = changes.partition_point(|(t, _)| t <= from);
        while at < from + step {
            let (until, value) = *changes.get(place)?;
            let to = until.min(from + step);
            sum += (to - at) * value;
            (at, place) = (to, place + 1);
        }
        Some(sum / step)
    };
    times.iter().map(mean).collect()
}

/// What the battery gave, where it is known that nothing else fed the device.
fn watts(case: &Case, times: &[f64], step: f64) -> Option<Vec<f64>> {
    let (_, end) = case.telemetry.soak()?;
    if supply::attached(case).is_some() || supply::discharged_throughout(case, end).is_err() {
        return None;
    }
    let mut pairs = case.telemetry.of(Quantity::Voltage).filter_map(|volts| {
        let place = volts.name.strip_prefix("battery/voltage")?;
        let amperes = case.telemetry.named(&format!("battery/current{place}"))?;
        Some((on_grid(case, volts, times)?, means_before(case, amperes, times, step)?))
    });
    let (volts, amperes) = pairs.next()?;
    let watts: Vec<f64> = volts.iter().zip(amperes).map(|(volts, amperes)| (volts * amperes).abs()).collect();
    let is_plausible =
        watts.iter().all(|watts| PLAUSIBLE_W.contains(watts)) && watts.iter().any(|watts| *watts > 0.0);
    is_plausible.then_some(watts)
}
