//! What may have slowed a device down, each as a burden over time: more of it should take longer.

use edgesoak_record::session::Channel;
use edgesoak_record::slowdown::{Slowed, Suspect};
use edgesoak_record::{Quantity, is_clock_of};

use crate::attribution::course::{Course, Point};
use crate::case::Case;
use crate::measure::curve::Curve;
use crate::measure::soak::Soak;
use crate::promise::background_cpu;
use crate::statistics::least_squares;

/// Time in which something waited for memory, for the processor; pages of the runtime that had to be read again.
pub const MEMORY_WAITS: &str = "pressure/memory/some";
pub const PROCESSOR_WAITS: &str = "pressure/cpu/some";
pub const MAJOR_FAULTS: &str = "runtime/major_faults";
/// Least length over which a channel is averaged, seconds: slow channels have a reading in it, or close to it.
const LEAST_S: f64 = 5.0;
/// A reading that is no further away than this stands for an observation without one, seconds.
const NEAR_S: f64 = 15.0;
/// Larger readings are damage: squares of them would overflow.
const LARGEST: f64 = 1e60;
/// Part of the observations that must have a reading.
const LEAST_READ: f64 = 0.9;

/// A suspect with its burden at every observation.
#[derive(Debug, Clone)]
pub struct Burden {
    /// Who.
    pub suspect: Suspect,
    /// The channel that tells of it.
    pub channel: String,
    /// Its values; on scales of their own.
    pub values: Vec<f64>,
    /// The most that it can explain of a loss, as a natural logarithm: no device loses more of its speed than of the clock
    /// that lost most.
    pub most: f64,
}

/// A channel's name with the burden that it tells of.
type Told = (String, Vec<f64>);

/// Every suspect that the telemetry can speak of.
#[must_use]
pub fn of(case: &Case, soak: &Soak, course: &Course) -> Vec<Burden> {
    let clock = clock(case, course);
    let status = if clock.is_none() { announced(case, &course.points) } else { None };
    let all = [
        (Suspect::Clock, clock),
        (Suspect::ThermalStatus, status),
        (Suspect::Memory, memory(case, &course.points)),
        (Suspect::BackgroundCpu, background(case, &course.points)),
        (Suspect::Context, context(soak, course)),
    ];
    let told = |(suspect, told): (Suspect, Option<Told>)| {
        let (channel, values) = told.filter(|(_, values)| moves(values))?;
        let most = if suspect == Suspect::Clock { fallen_most(case, course) } else { f64::INFINITY };
        Some(Burden { suspect, channel, values, most })
    };
    all.into_iter().filter_map(told).collect()
}

/// A channel's values at every observation.
#[must_use]
pub fn at_points(case: &Case, channel: &Channel, points: &[Point]) -> Option<Vec<f64>> {
    let samples: Vec<(f64, f64)> = case.telemetry.during_soak(channel).collect();
    filled(points.iter().map(|point| {
        let (from, to) = widened(point);
        mean_between(&samples, from, to)
    }))
}

/// The clocks of what decodes that can be read, each as a logarithm at every observation.
#[must_use]
pub fn clocks<'a>(case: &'a Case, quantity: Quantity, points: &[Point]) -> Vec<(&'a Channel, Vec<f64>)> {
    let placement = &case.record.planned.candidate.placement;
    case.telemetry
        .of(quantity)
        .filter(|channel| is_clock_of(placement, &channel.name, channel.quantity))
        .filter_map(|channel| {
            let values = at_points(case, channel, points)?;
            let positive = values.iter().all(|value| *value > 0.0);
            positive.then(|| (channel, values.into_iter().map(f64::ln).collect()))
        })
        .collect()
}

/// Lower clocks are a burden. Nobody says which cluster does how much of the work: the one that goes best with the course,
/// or all alike.
fn clock(case: &Case, course: &Course) -> Option<Told> {
    let clocks = clocks(case, Quantity::ClockCurrent, &course.points);
    let count = clocks.len() as f64;
    let mean = |place: usize| clocks.iter().map(|(_, values)| -values[place]).sum::<f64>() / count;
    let (first, _) = clocks.first()?;
    let all = (first.name.clone(), (0..course.points.len()).map(mean).collect());
    let each = clocks.iter().map(|(channel, values)| {
        let burden: Vec<f64> = values.iter().map(|clock| -clock).collect();
        (channel.name.clone(), burden)
    });
    let slowness = course.slowness();
    let explained = |(_, burden): &Told| {
        let fit = least_squares::fit(&[burden.as_slice()], &slowness);
        if fit.coefficients[0] > 0.0 { fit.r2 } else { 0.0 }
    };
    each.chain([all]).max_by(|a, b| explained(a).total_cmp(&explained(b)))
}

/// What the clock lost that lost most.
fn fallen_most(case: &Case, course: &Course) -> f64 {
    let clocks = clocks(case, Quantity::ClockCurrent, &course.points);
    clocks.iter().map(|(_, values)| -course.rise(values)).fold(0.0, f64::max)
}

/// Heat that the system announces or counters.
fn announced(case: &Case, points: &[Point]) -> Option<Told> {
    let told = |channel: &Channel| {
        let values = at_points(case, channel, points).filter(|values| moves(values))?;
        Some((channel.name.clone(), values))
    };
    [Quantity::ThermalStatus, Quantity::CoolingState, Quantity::Headroom]
        .into_iter()
        .find_map(|quantity| case.telemetry.of(quantity).find_map(told))
}

fn memory(case: &Case, points: &[Point]) -> Option<Told> {
    let waits = pace(case, MEMORY_WAITS, points).filter(|values| moves(values));
    let waits = waits.map(|waits| (MEMORY_WAITS.to_owned(), left(waits)));
    // Each page that is read again costs its time.
    waits.or_else(|| Some((MAJOR_FAULTS.to_owned(), pace(case, MAJOR_FAULTS, points)?)))
}

/// What is left of the time when others had their share of it, as a burden; nobody has all of it for long.
fn left(shares: Vec<f64>) -> Vec<f64> {
    shares.into_iter().map(|share| -(1.0 - share.clamp(0.0, 0.99)).ln()).collect()
}

/// What a counter gained per second.
#[must_use]
pub fn pace(case: &Case, name: &str, points: &[Point]) -> Option<Vec<f64>> {
    let channel = case.telemetry.named(name)?;
    let (mut curve, mut before) = (Curve::default(), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    for (t, value) in case.telemetry.during_soak(channel) {
        if t < before.0 || value < before.1 {
            return None;
        }
        before = (t, value);
        curve.push(t, value);
    }
    let of_point = |point: &Point| {
        let (from, to) = widened(point);
        (curve.at(to) - curve.at(from)) / (to - from)
    };
    before.0.is_finite().then(|| points.iter().map(of_point).collect())
}

fn background(case: &Case, points: &[Point]) -> Option<Told> {
    let shares = background_cpu::shares(case)?;
    let shares = filled(points.iter().map(|point| {
        let (from, to) = widened(point);
        mean_between(shares, from, to)
    }))?;
    Some(("cpu/user".to_owned(), left(shares)))
}

/// Tokens in front of the one that is written, where their effect was not removed already.
fn context(soak: &Soak, course: &Course) -> Option<Told> {
    if course.effect.is_some() {
        return None;
    }
    let lengths: Vec<f64> =
        soak.spans.iter().map(|span| Some(f64::from(span.prompt_tokens?))).collect::<Option<_>>()?;
    let of_point = |point: &Point| match course.slowed {
        Slowed::FirstToken => {
            let place = soak.spans.partition_point(|span| span.submit < point.from);
            lengths.get(place).map(|length| length.max(1.0).ln())
        }
        Slowed::Decode => {
            let first = soak.spans.partition_point(|span| span.last() <= point.from);
            let end = soak.spans.partition_point(|span| span.first() < point.to);
            let inside = first..end.max(first);
            let count = inside.len() as f64;
            (count > 0.0).then(|| inside.map(|place| lengths[place]).sum::<f64>() / count)
        }
    };
    Some(("prompts".to_owned(), filled(course.points.iter().map(of_point))?))
}

fn widened(point: &Point) -> (f64, f64) {
    let middle = f64::midpoint(point.from, point.to);
    let half = (point.to - point.from).max(LEAST_S) / 2.0;
    (middle - half, middle + half)
}

/// Mean of the readings within, else the nearest one.
fn mean_between(samples: &[(f64, f64)], from: f64, to: f64) -> Option<f64> {
    let (first, end) =
        (samples.partition_point(|(t, _)| *t < from), samples.partition_point(|(t, _)| *t <= to));
    let inside = &samples[first..end.max(first)];
    if inside.is_empty() {
        let middle = f64::midpoint(from, to);
        let near = [first.checked_sub(1), Some(first)].into_iter().flatten();
        let near = near.filter_map(|place| samples.get(place)).map(|(t, value)| ((t - middle).abs(), *value));
        return near
            .filter(|(away, _)| *away <= NEAR_S)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|near| near.1);
    }
    Some(inside.iter().map(|(_, value)| value).sum::<f64>() / inside.len() as f64)
}

/// Readings with their few holes filled by the one before.
fn filled(values: impl Iterator<Item = Option<f64>>) -> Option<Vec<f64>> {
    let values: Vec<Option<f64>> = values.collect();
    let read = values.iter().flatten().count();
    let mut last = *values.iter().flatten().next()?;
    let enough = read as f64 >= LEAST_READ * values.len() as f64;
    let fill = |value: Option<f64>| {
        last = value.unwrap_or(last);
        last
    };
    enough.then(|| values.into_iter().map(fill).collect())
}

/// What never changes explains nothing, nor does what no sensor reads.
fn moves(values: &[f64]) -> bool {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let size = high.abs().max(low.abs());
    size < LARGEST && high - low > 1e-9 * size
}
