//! Energy by the charge that left the battery: few, coarse steps, and no integral that could be missed.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, quality};

use super::watts;
use crate::case::Case;
use crate::defaults::COUNTER_STEPS;
use crate::outcome::quoted;

/// Fewest steps that tell anything: the interval is two steps to either side.
const FEWEST_STEPS: f64 = 4.0;

/// An energy by the charge counter.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Joules from the first submit to the end.
    pub joules: f64,
    /// Two steps of the counter, joules.
    pub reach: f64,
    /// The counter's channel.
    pub channel: String,
}

/// What the counters say, or why none of them says anything: a note, and whether charge flowed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Charge {
    /// The counter fell by enough steps.
    Fell(Counted),
    /// There is none, or it cannot be used: what a person should know, if anything.
    Unknown(Option<String>),
    /// It rose by this many steps: the battery was charged.
    Rose(String),
}

/// Charge from the first submit to `end` times the mean voltage.
pub fn over(case: &Case, volts: Option<f64>, end: f64) -> Charge {
    let Some((channel, readings)) = counter(case, end) else { return Charge::Unknown(None) };
    let name = quoted(&channel.name, 60);
    if watts::is_implausible(case, channel, end) {
        return Charge::Unknown(Some(format!("{name} read what cannot be and was not used")));
    }
    if quality::percent_times_constant(&level(case, end), &readings) {
        return Charge::Unknown(Some(format!("{name} is the level times a constant and was not used")));
    }
    let (Some(volts), Some(step)) = (volts, quality::resolution(&readings)) else {
        return Charge::Unknown(Some(format!("{name} did not move")));
    };
    let (Some(first), Some(last)) = (readings.first(), readings.last()) else { return Charge::Unknown(None) };
    let fallen = first.1 - last.1;
    if fallen <= -COUNTER_STEPS * step {
        return Charge::Rose(channel.name.clone());
    }
    if fallen < FEWEST_STEPS * step * 0.99 {
        return Charge::Unknown(Some(format!("{name} moved by fewer than four steps")));
    }
    let stretch = end / (last.0 - first.0);
    let joules = |ampere_hours: f64| ampere_hours * 3600.0 * volts * stretch;
    Charge::Fell(Counted {
        joules: joules(fallen),
        reach: joules(COUNTER_STEPS * step),
        channel: channel.name.clone(),
    })
}

/// The first charge counter that was read near both ends, with its readings.
pub fn counter<'a>(case: &'a Case<'a>, end: f64) -> Option<(&'a Channel, Vec<(f64, f64)>)> {
    case.telemetry.of(Quantity::ChargeCounter).find_map(|channel| {
        let readings: Vec<(f64, f64)> = case.telemetry.values(channel, 0.0, end).collect();
        let gap = case.longest_gap(channel);
        let (first, last) = (readings.first()?.0, readings.last()?.0);
        let whole = first <= gap && end - last <= gap && last - first >= 0.5 * end;
        whole.then_some((channel, readings))
    })
}

/// Readings of the battery's level.
pub fn level(case: &Case, end: f64) -> Vec<(f64, f64)> {
    let channel = case.telemetry.of(Quantity::ChargeLevel).find(|channel| channel.missing.is_none());
    channel.map_or_else(Vec::new, |channel| case.telemetry.values(channel, 0.0, end).collect())
}
