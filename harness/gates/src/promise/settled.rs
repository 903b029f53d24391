//! Whether the device had reached its end state: a soak that still slows down has not shown its floor.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;
use edgesoak_record::verdict::Outcome;

use crate::case::{Case, stuck};
use crate::defaults::{SETTLED_BIN_S, SETTLED_DRIFT, SETTLED_RISE_K, SETTLED_S, SETTLED_TAU_S};
use crate::measure::soak::Soak;
use crate::outcome::{Finding, Missing};
use crate::statistics::{median, theil_sen};

/// Bins of the length that is looked at.
const BINS: [f64; 6] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];

/// What the rule says.
#[derive(Debug)]
pub enum State {
    /// It came to rest.
    Settled,
    /// It was still on its way, as the sentence says.
    Not(String),
    /// Nobody can tell.
    Unknown(Missing),
}

/// Takes a Pass away from a device that has not settled.
pub fn required(case: &Case, finding: Finding) -> Finding {
    if finding.outcome != Outcome::Pass {
        return finding;
    }
    match state(case) {
        State::Settled => finding,
        State::Not(why) => finding.withdrawn("not_settled", why),
        State::Unknown(missing) => finding.lacking(missing),
    }
}

/// Whether the device was shown to have settled.
pub fn is_settled(case: &Case) -> bool {
    matches!(state(case), State::Settled)
}

fn state<'a>(case: &'a Case) -> &'a State {
    case.once.settled.get_or_init(|| seen(case))
}

fn seen(case: &Case) -> State {
    let Ok(soak) = &case.soak else {
        return State::Unknown(Missing::new("no_tokens", "Without token times nothing has settled"));
    };
    if soak.timeline.series().is_some_and(|series| series.resolution() > SETTLED_BIN_S) {
        let words = "Rates over such long windows cannot show that the device has settled";
        return State::Unknown(Missing::new("too_coarse", words));
    }
    let rule = case.record.planned.workload.settle;
    let most = rule.map_or(SETTLED_DRIFT, |rule| rule.max_drift);
    match drift(soak) {
        None => {
            let words =
                format!("Only a soak of {SETTLED_S:.0} s or more can show that the device has settled");
            return State::Unknown(Missing::new("too_short", words));
        }
        Some(drift) if drift > most => {
            let (drift, most) = (drift * 100.0, most * 100.0);
            let words = format!(
                "The device has not settled: over the last {SETTLED_S:.0} s its rate drifted by {drift:.1} %, allowed are {most:.0} %"
            );
            return State::Not(words);
        }
        Some(_) => {}
    }
    if !case.record.planned.device.hardware_heat {
        return State::Settled;
    }
    // The sensor that stopped may be the one that would still have moved.
    if let Some(why) = stuck::any(case) {
        return State::Unknown(why);
    }
    let most = rule.map_or(SETTLED_RISE_K, |rule| rule.max_rise.0);
    let tau = rule.map_or(SETTLED_TAU_S, |rule| rule.tau_s);
    match rise(case, soak.end(), tau) {
        None if temperatures(case).next().is_some() => State::Unknown(Missing::new(
            "stuck_sensor",
            "No temperature moved during the whole soak, so nobody knows whether the device has settled",
        )),
        None => {
            let why = case.telemetry.why_missing(Quantity::Temperature);
            State::Unknown(Missing::new(
                "no_sensor",
                format!("Without a temperature nobody knows whether the device has settled: {why}"),
            ))
        }
        Some(rise) if rise > most => State::Not(format!(
            "The device has not settled: its temperature would move by another {rise:.1} K, allowed are {most:.1} K"
        )),
        Some(_) => State::Settled,
    }
}

/// Drift of the rate over the last 180 s, as a part of its median: Theil-Sen over bins of 30 s.
fn drift(soak: &Soak) -> Option<f64> {
    let begin = soak.end() - SETTLED_S;
    if begin < -1e-6 {
        return None;
    }
    let bins = BINS.map(|bin| begin + bin * SETTLED_BIN_S);
    let points: Option<Vec<(f64, f64)>> = bins
        .into_iter()
        .map(|from| Some((from, soak.timeline.window(from, from + SETTLED_BIN_S).rate()?)))
        .collect();
    let points = points?;
    let level = median(&mut points.iter().map(|(_, rate)| *rate).collect::<Vec<f64>>())?;
    let drift = theil_sen::slope(&points)?.value * SETTLED_S / level;
    drift.is_finite().then_some(drift.abs())
}

/// Channels with a temperature during the soak.
fn temperatures<'a>(case: &'a Case<'a>) -> impl Iterator<Item = &'a Channel> {
    case.telemetry
        .of(Quantity::Temperature)
        .filter(|&channel| case.telemetry.during_soak(channel).next().is_some())
}

/// A sensor that shows one value from a cold start to the end of a soak shows nothing.
fn moves<'a>(case: &'a Case<'a>, channel: &'a Channel) -> bool {
    let mut values = case.telemetry.during_soak(channel).map(|(_, value)| value);
    let first = values.next();
    values.any(|value| Some(value) != first)
}

/// Largest predicted remaining change of any temperature, kelvin: `abs(dT/dt) * tau` over the last 180 s.
fn rise(case: &Case, end: f64, tau: f64) -> Option<f64> {
    temperatures(case)
        .filter(|&channel| moves(case, channel))
        .filter_map(|channel| {
            let bins: Option<Vec<(f64, f64)>> = BINS
                .into_iter()
                .map(|bin| {
                    let from = end - SETTLED_S + bin * SETTLED_BIN_S;
                    let values = case.telemetry.values(channel, from, from + SETTLED_BIN_S);
                    Some((from, median(&mut values.map(|(_, value)| value).collect::<Vec<f64>>())?))
                })
                .collect();
            let slope = theil_sen::slope(&bins?)?.value;
            (slope * tau).is_finite().then_some((slope * tau).abs())
        })
        .max_by(f64::total_cmp)
}
