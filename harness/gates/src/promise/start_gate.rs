//! `start_gate`: the device was cold, unplugged and rested when the soak began.

use edgesoak_record::Quantity;
use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::figures;
use crate::outcome::{Finding, Missing};

/// Time before the first scored prompt from which the state at the start is taken, seconds.
const BEFORE_S: f64 = 30.0;

/// Code of a battery that feeds the device.
pub const DISCHARGING: f64 = 3.0;

/// Codes of a battery beside a supply: charging, not charging, full.
const SUPPLIED: [f64; 3] = [2.0, 4.0, 5.0];

/// What the telemetry itself shows against the start: a stable word and a sentence.
///
/// Devices on mains are always plugged; a family without hardware heat has no hot start.
pub fn hot_or_charging(case: &Case) -> Option<Missing> {
    let (_, end) = case.telemetry.soak()?;
    let device = &case.record.planned.device;
    if device.power != "mains" {
        let charging = case.telemetry.of(Quantity::ChargeStatus).any(|channel| {
            case.telemetry
                .values(channel, -BEFORE_S, end)
                .any(|(_, value)| SUPPLIED.iter().any(|code| (value - code).abs() < 0.5))
        });
        let plugged = case
            .telemetry
            .of(Quantity::Plugged)
            .any(|channel| case.telemetry.values(channel, -BEFORE_S, end).any(|(_, value)| value > 0.5));
        if charging || plugged {
            return Some(Missing::new("charging", "The device was plugged in or charging"));
        }
    }
    if !device.hardware_heat {
        return None;
    }
    case.telemetry.of(Quantity::CoolingState).find_map(|channel| {
        let (_, state) = case.telemetry.values(channel, -BEFORE_S, 0.0).last()?;
        (state > 0.0)
            .then(|| Missing::new("hot_start", "A cooling device was already at work when the soak began"))
    })
}

/// Judges it.
pub fn judge(case: &Case, _: Gate) -> Finding {
    if let Some(why) = hot_or_charging(case) {
        return why.into();
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
    let allowed = figures::seconds(planned.max_over_ambient.0);
    let allowed = allowed.trim_end_matches(" s");
    let words = format!(
        "Nothing measured the ambient temperature, so nobody knows whether the device began within {allowed} K of it"
    );
    Finding::not_proven("no_ambient", words)
}
