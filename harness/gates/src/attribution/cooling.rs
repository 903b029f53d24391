//! Cooling devices and announcements of heat, held against clocks that fell.

use edgesoak_record::Quantity;
use edgesoak_record::is_clock_of;
use edgesoak_record::session::Channel;

use crate::attribution::course::Course;
use crate::attribution::shares;
use crate::attribution::suspects::at_points;
use crate::case::Case;

/// A cooling device that is read more seldom than this says too little of the moment, where another says more. Seconds.
const OFTEN_S: f64 = 2.0;
/// Slack between the moments of two channels that change together, seconds.
const TOGETHER_S: f64 = 2.0;

/// What goes with the loss of clocks.
pub struct Sign {
    /// The channel that says most.
    pub channel: String,
    /// The part of the loss that goes with all of them.
    pub part: f64,
}

/// `None` where nothing of these quantities can be read.
pub fn sign(case: &Case, course: &Course, clock: &[f64], quantities: &[Quantity]) -> Option<Sign> {
    let read: Vec<(&Channel, Vec<f64>)> = quantities
        .iter()
        .flat_map(|quantity| case.telemetry.of(*quantity))
        .filter_map(|channel| Some((channel, at_points(case, channel, &course.points)?)))
        .collect();
    let columns: Vec<&[f64]> = read.iter().map(|(_, values)| values.as_slice()).collect();
    let coefficients = shares::burdening(&columns, clock);
    let gains: Vec<f64> =
        columns.iter().zip(&coefficients).map(|(values, factor)| factor * course.rise(values)).collect();
    let largest = (0..gains.len()).max_by(|a, b| gains[*a].total_cmp(&gains[*b]))?;
    let part = gains.iter().sum::<f64>() / course.rise(clock);
    Some(Sign { channel: read[largest].0.name.clone(), part })
}

/// The part of what caps of clocks lost, step by step, at moments at which one of these rose; `None` where no cap moves.
/// Two that merely changed in the same minute have nothing to do with each other.
pub fn accompanied(case: &Case, quantities: &[Quantity]) -> Option<f64> {
    let rises = rises(case, quantities);
    let placement = &case.record.planned.candidate.placement;
    let (mut all, mut with) = (0.0, 0.0);
    let caps = case.telemetry.of(Quantity::ClockCap);
    for channel in caps.filter(|channel| is_clock_of(placement, &channel.name, channel.quantity)) {
        let mut before: Option<(f64, f64)> = None;
        for (t, cap) in case.telemetry.during_soak(channel).filter(|(_, cap)| *cap > 0.0) {
            if let Some((since, higher)) = before.filter(|(_, before)| *before > cap) {
                let lost = (higher / cap).ln();
                all += lost;
                let together = |(from, to): &(f64, f64)| *from <= t + TOGETHER_S && *to >= since - TOGETHER_S;
                with += if rises.iter().any(together) { lost } else { 0.0 };
            }
            before = Some((t, cap));
        }
    }
    (all > 0.0).then(|| with / all)
}

/// When they rose: between these two readings.
fn rises(case: &Case, quantities: &[Quantity]) -> Vec<(f64, f64)> {
    let signs: Vec<&Channel> = quantities.iter().flat_map(|quantity| case.telemetry.of(*quantity)).collect();
    let is_often = |channel: &&Channel| case.period(channel).is_some_and(|period| period <= OFTEN_S);
    let any_often = signs.iter().any(is_often);
    let mut rises = Vec::new();
    for channel in signs.into_iter().filter(|channel| !any_often || is_often(channel)) {
        let mut before: Option<(f64, f64)> = None;
        for (t, state) in case.telemetry.during_soak(channel) {
            if let Some((since, _)) = before.filter(|(_, lower)| *lower < state) {
                rises.push((since, t));
            }
            before = Some((t, state));
        }
    }
    rises
}
