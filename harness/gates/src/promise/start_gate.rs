//! `start_gate`: the device was cold, unplugged, rested and neither full nor empty when the soak began.

use edgesoak_record::gate::Gate;
use edgesoak_record::plan::ChargeWindow;
use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, follows_the_air};

use crate::case::ambient::Air;
use crate::case::settings::heat_counts_from;
use crate::case::supply::{self, BEFORE_S};
use crate::case::{Case, ambient, settings};
use crate::explain::Explained;
use crate::outcome::{Finding, Missing, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Before the soak: no cooling at work, no heat announced, battery or skin close to the air, unplugged, charge in its window, settings as planned.",
    decides: "A device that began otherwise is not proven, and so is one of which it is not known.",
    settings: &[],
    source: "The plan's `start_gate`, held against the first readings of the session.",
};

/// What the telemetry itself shows against the start: a stable word and a sentence.
///
/// Devices on mains are always plugged; a family without hardware heat has no hot start. A battery outside of its window
/// gives another power than the planned one.
pub fn hot_or_charging(case: &Case) -> Option<Missing> {
    let device = &case.record.planned.device;
    let charging = if device.power == "mains" { None } else { supply::attached(case) };
    charging
        .or_else(|| if device.hardware_heat { hot(case) } else { None })
        .or_else(|| charge(case).and_then(Result::err))
}

/// The charge that the session began with, per cent: the first readings, each battery's own, of which the lowest counts.
/// `Err` where one lies outside of the planned window; `None` where none was planned, or none was read.
fn charge(case: &Case) -> Option<Result<f64, Missing>> {
    let window = window(case)?;
    let first = |channel| {
        // Its first reading may come late: commands are asked seldom.
        case.telemetry.values(channel, f64::NEG_INFINITY, BEFORE_S).next()
    };
    let outside = case.telemetry.of(Quantity::ChargeLevel).find_map(|channel| {
        let (t, level) = first(channel).filter(|(_, level)| !window.holds(*level))?;
        let name = quoted(&channel.name, 60);
        let words = format!("The session began at {level:.0} % of charge by {name}, planned are {window}");
        Some(Missing::new("charge_window", words).seen(&channel.name, t, t))
    });
    let levels = case.telemetry.of(Quantity::ChargeLevel).filter_map(first).map(|(_, level)| level);
    outside.map(Err).or_else(|| levels.reduce(f64::min).map(Ok))
}

/// The planned window; only where conditions for the start were planned.
fn window(case: &Case) -> Option<ChargeWindow> {
    case.record.planned.start_gate?;
    case.record.planned.device.beside.charge_window
}

fn hot(case: &Case) -> Option<Missing> {
    case.telemetry.soak()?;
    let already = |quantity, begin, words: &str| {
        case.telemetry.of(quantity).find_map(|channel| {
            let (t, state) = case.telemetry.values(channel, begin, 0.0).last()?;
            (state > 0.0).then(|| Missing::new("hot_start", words).seen(&channel.name, t, t))
        })
    };
    let announced = "The system already announced heat when the soak began";
    already(Quantity::CoolingState, -BEFORE_S, "A cooling device was already at work when the soak began")
        .or_else(|| already(Quantity::ThermalStatus, heat_counts_from(case), announced))
        .or_else(|| excess(case).and_then(Result::err))
}

/// Battery or skin over the air around it when the session began, in kelvin, with the air; `Err` where that is more than
/// planned.
///
/// What loading the model adds is planned and the same in every session, so that the first reading counts. `None` where nothing was planned, or one of the two was not read.
fn excess(case: &Case) -> Option<Result<(f64, Air), Missing>> {
    let planned = case.record.planned.start_gate?.max_over_ambient.0;
    let air = ambient::at_start(case)?;
    let (channel, t, warmest) = touchable(case)
        .filter_map(|channel| {
            let (t, celsius) = case.telemetry.values(channel, f64::NEG_INFINITY, 0.0).next()?;
            Some((channel, t, celsius))
        })
        .max_by(|a, b| a.2.total_cmp(&b.2))?;
    let over = warmest - air.celsius;
    if over <= planned {
        return Some(Ok((over, air)));
    }
    let name = quoted(&channel.name, 60);
    let words = format!(
        "The session began hot: {name} was {over:.1} K over the ambient {:.1} °C by {}, allowed are {planned:.1} K",
        air.celsius, air.by
    );
    Some(Err(Missing::new("hot_start", words).seen(&channel.name, t, t)))
}

fn touchable<'a>(case: &'a Case<'a>) -> impl Iterator<Item = &'a Channel> {
    case.telemetry.of(Quantity::Temperature).filter(|channel| follows_the_air(&channel.name))
}

/// Judges it.
pub fn judge(case: &Case, _: Gate) -> Finding {
    if let Some(why) = hot_or_charging(case) {
        return why.into();
    }
    if let Some(why) = settings::unverified(case) {
        return why.into();
    }
    if let Some(window) = window(case).filter(|_| charge(case).is_none()) {
        let why = case.telemetry.why_missing(Quantity::ChargeLevel);
        let words = format!("Nobody knows whether the battery began at the planned {window}: {why}");
        return Finding::not_proven("no_charge", words);
    }
    if !case.record.planned.device.hardware_heat {
        let why = case.telemetry.why_missing(Quantity::Temperature);
        let words =
            format!("Heat at the start was unchecked, as the family declares no thermal sensor: {why}");
        return Finding::not_proven("unchecked", words);
    }
    let Some(planned) = case.record.planned.start_gate else {
        return Finding::not_proven("not_planned", "The profile sets no conditions for the start");
    };
    let readable = case.telemetry.of(Quantity::Temperature).any(|channel| channel.missing.is_none());
    if !readable {
        let why = case.telemetry.why_missing(Quantity::Temperature);
        return Finding::not_proven("no_sensor", format!("The temperature at the start is not known: {why}"));
    }
    let allowed = planned.max_over_ambient.0;
    if let Some(Ok((over, air))) = excess(case) {
        let charge = charge(case).and_then(Result::ok);
        let charge = charge.map_or_else(String::new, |level| format!(", with its battery at {level:.0} %"));
        let words = format!(
            "The session began {over:.1} K over the ambient {:.1} °C by {}, allowed are {allowed:.1} K{charge}",
            air.celsius, air.by
        );
        return Finding::pass(words);
    }
    if ambient::at_start(case).is_some() {
        let words = "No temperature of battery or skin can be compared with the ambient one at the start";
        return Finding::not_proven("no_sensor", words);
    }
    let words = format!(
        "Nothing measured the ambient temperature, so nobody knows whether the device began within {allowed:.1} K of it"
    );
    Finding::not_proven("no_ambient", words)
}
