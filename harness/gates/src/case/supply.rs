//! What feeds the device: its battery, or something beside it. Every sample of the window counts.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use crate::case::Case;
use crate::defaults::LEAST_COVERAGE;
use crate::figures;
use crate::outcome::{Missing, quoted};

/// Time before the first scored prompt from which the state of the device counts, seconds.
pub const BEFORE_S: f64 = 30.0;

/// Codes of a battery beside a supply: charging, not charging, full. With 1 the system says that it does not know.
const SUPPLIED: [f64; 3] = [2.0, 4.0, 5.0];

/// Code of a battery that feeds the device.
const DISCHARGING: f64 = 3.0;

/// The first sample that shows a supply, from shortly before the soak to its end.
#[must_use]
pub fn attached(case: &Case) -> Option<Missing> {
    let (_, end) = case.telemetry.soak()?;
    let supplied = |status: f64| SUPPLIED.iter().any(|code| (status - code).abs() < 0.5);
    let charging = first(case, Quantity::ChargeStatus, end, supplied);
    let plugged = first(case, Quantity::Plugged, end, |plugged| plugged > 0.5);
    let (t, channel, value) = [charging, plugged].into_iter().flatten().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let name = quoted(&channel.name, 60);
    let words =
        format!("The device was plugged in or charging: {name} read {value:.0} at {}", figures::seconds(t));
    Some(Missing::new("charging", words).seen(&channel.name, t, t))
}

/// The first sample of a quantity that is as wanted, as (seconds, channel, value).
pub fn first<'a>(
    case: &'a Case<'a>,
    quantity: Quantity,
    end: f64,
    wanted: impl Fn(f64) -> bool,
) -> Option<(f64, &'a Channel, f64)> {
    let samples = case.telemetry.of(quantity).filter_map(|channel| {
        let hit = case.telemetry.values(channel, -BEFORE_S, end).find(|(_, value)| wanted(*value))?;
        Some((hit.0, channel, hit.1))
    });
    samples.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Whether the battery is known to have fed the device from the first scored prompt to `end`: a status that said
/// so all the time, or supplies of which every one was read and unplugged all the time. That none says the opposite
/// is settled before.
pub fn discharged_throughout(case: &Case, end: f64) -> Result<(), Missing> {
    let throughout = |channel: &Channel, wanted: fn(f64) -> bool| {
        let said = case.telemetry.values(channel, 0.0, end).filter(|(_, value)| wanted(*value));
        is_covered(said.map(|(t, _)| t), case.longest_gap(channel), end)
    };
    let discharging = |status: f64| (status - DISCHARGING).abs() < 0.5;
    let mut supplies = case.telemetry.of(Quantity::Plugged).peekable();
    if case.telemetry.of(Quantity::ChargeStatus).any(|channel| throughout(channel, discharging))
        // A supply that refuses to be read may be the one that is plugged.
        || (supplies.peek().is_some() && supplies.all(|channel| throughout(channel, |plugged| plugged < 0.5)))
    {
        return Ok(());
    }
    Err(Missing::new(
        "no_sensor",
        "nothing that can be read says that the battery was discharging all the time",
    ))
}

/// Times from 0 to `end` without a hole.
fn is_covered(times: impl Iterator<Item = f64>, longest_gap: f64, end: f64) -> bool {
    let (mut before, mut covered) = (0.0, 0.0);
    for t in times.chain([end]) {
        if t - before <= longest_gap {
            covered += t - before;
        }
        before = t;
    }
    covered >= LEAST_COVERAGE * end
}
