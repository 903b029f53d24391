//! Energy over the soak, with what was measured and how well.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, Unit};

use crate::case::Case;
use crate::defaults::{GAUGE_GAIN, LONGEST_GAP_S, RAIL_GAIN, SLOWEST_GAUGE_S};
use crate::outcome::Missing;
use crate::promise::start_gate;
use crate::statistics::median;

/// An energy and its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Joules.
    pub joules: f64,
    /// `package`, `battery` or `power rail`.
    pub scope: &'static str,
    /// Channel that it rests on.
    pub channel: String,
    /// Relative uncertainty of gain and sampling.
    pub uncertainty: f64,
}

/// Energy from the first submit to `end`.
pub fn over(case: &Case, end: f64) -> Result<Measured, Missing> {
    if let Some(measured) = counters(case, end) {
        return Ok(measured);
    }
    let power: Vec<&Channel> =
        case.telemetry.of(Quantity::Power).filter(|channel| channel.missing.is_none()).collect();
    let gauge = |channel: &Channel| channel.name.starts_with("battery/");
    if let Some(rail) = power.iter().find(|channel| !gauge(channel)) {
        return integrated(
            &case.telemetry.values(rail, 0.0, end).collect::<Vec<_>>(),
            end,
            "power rail",
            &rail.name,
            RAIL_GAIN,
        );
    }
    let readings = match power.first() {
        Some(channel) => {
            Some((case.telemetry.values(channel, 0.0, end).collect::<Vec<_>>(), channel.name.clone()))
        }
        None => volts_by_amperes(case, end),
    };
    let Some((readings, name)) = readings else {
        return Err(Missing::new("no_sensor", case.telemetry.why_missing(Quantity::Power)));
    };
    if case.record.planned.device.power == "mains" {
        return Err(Missing::new("charging", "a battery on mains does not carry the load"));
    }
    if let Some(charging) = start_gate::hot_or_charging(case).filter(|why| why.cause == "charging") {
        return Err(charging);
    }
    if !runs_on_battery(case, end) {
        let words = "nothing that can be read says whether the battery was discharging";
        return Err(Missing::new("no_sensor", words));
    }
    // Signs differ between drivers; the direction was settled above.
    let readings: Vec<(f64, f64)> = readings.into_iter().map(|(t, watts)| (t, watts.abs())).collect();
    integrated(&readings, end, "battery", &name, GAUGE_GAIN)
}

/// A status or a supply says that the battery fed the device; that none says the opposite was settled before.
fn runs_on_battery(case: &Case, end: f64) -> bool {
    let read = |quantity, wanted: fn(f64) -> bool| {
        case.telemetry
            .of(quantity)
            .any(|channel| case.telemetry.values(channel, 0.0, end).any(|(_, value)| wanted(value)))
    };
    read(Quantity::ChargeStatus, |status| (status - start_gate::DISCHARGING).abs() < 0.5)
        || read(Quantity::Plugged, |plugged| plugged < 0.5)
}

/// Sum of the package counters. A counter that starts again from zero loses one step, which its neighbours replace.
fn counters(case: &Case, end: f64) -> Option<Measured> {
    // `rapl/package-0/core` is a part of `rapl/package-0`: only whole packages add up.
    let packages: Vec<&Channel> = case
        .telemetry
        .of(Quantity::Energy)
        .filter(|channel| channel.missing.is_none() && channel.unit == Unit::Joule)
        .filter(|channel| channel.name.contains("package") && channel.name.matches('/').count() == 1)
        .collect();
    let first = packages.first()?.name.clone();
    let mut joules = 0.0;
    for channel in packages {
        let values: Vec<(f64, f64)> =
            case.telemetry.values(channel, -LONGEST_GAP_S, end + LONGEST_GAP_S).collect();
        let steps: Vec<(f64, f64)> =
            values.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1)).collect();
        let good = || {
            steps.iter().filter(|(seconds, gain)| *gain >= 0.0 && *seconds > 0.0 && *seconds <= LONGEST_GAP_S)
        };
        let (seconds, gain) = good().fold((0.0, 0.0), |sum, step| (sum.0 + step.0, sum.1 + step.1));
        if seconds < 0.95 * end || gain <= 0.0 {
            return None;
        }
        joules += gain / seconds * end;
    }
    Some(Measured { joules, scope: "package", channel: first, uncertainty: RAIL_GAIN })
}

/// Battery power from voltage and current of the same battery.
fn volts_by_amperes(case: &Case, end: f64) -> Option<(Vec<(f64, f64)>, String)> {
    let current = case.telemetry.of(Quantity::Current).find(|channel| channel.missing.is_none())?;
    let (owner, _) = current.name.rsplit_once('/')?;
    let voltage = case.telemetry.of(Quantity::Voltage).find(|channel| {
        channel.missing.is_none() && channel.name.rsplit_once('/').is_some_and(|(other, _)| other == owner)
    })?;
    let volts: Vec<(f64, f64)> = case.telemetry.values(voltage, 0.0, end).collect();
    let watts = case.telemetry.values(current, 0.0, end).filter_map(|(t, amperes)| {
        let nearest = volts.partition_point(|(at, _)| *at <= t).saturating_sub(1);
        let (at, volts) = volts.get(nearest)?;
        ((at - t).abs() <= LONGEST_GAP_S).then_some((t, volts * amperes))
    });
    Some((watts.collect(), current.name.clone()))
}

/// Trapezoid over readings; gaps of more than 5 s are not bridged.
fn integrated(
    readings: &[(f64, f64)],
    end: f64,
    scope: &'static str,
    channel: &str,
    gain: f64,
) -> Result<Measured, Missing> {
    let (mut joules, mut covered) = (0.0, 0.0);
    for pair in readings.windows(2) {
        let seconds = pair[1].0 - pair[0].0;
        if seconds > 0.0 && seconds <= LONGEST_GAP_S {
            joules += seconds * f64::midpoint(pair[0].1, pair[1].1);
            covered += seconds;
        }
    }
    if covered < 0.95 * end || joules <= 0.0 || !joules.is_finite() {
        return Err(Missing::new(
            "low_coverage",
            format!("the {scope} was read for {covered:.0} s of {end:.0} s"),
        ));
    }
    let refresh = refresh_s(readings);
    if refresh > SLOWEST_GAUGE_S {
        return Err(Missing::new(
            "slow_gauge",
            format!("the {scope} gauge refreshes only every {refresh:.0} s"),
        ));
    }
    // The reading may be one refresh old at either end.
    let uncertainty = gain + refresh / end;
    Ok(Measured { joules: joules * end / covered, scope, channel: channel.to_owned(), uncertainty })
}

/// Refresh period of a gauge: the median length of runs of equal readings.
fn refresh_s(readings: &[(f64, f64)]) -> f64 {
    let runs = readings.chunk_by(|a, b| a.1.to_bits() == b.1.to_bits());
    let begins: Vec<f64> = runs.map(|run| run[0].0).collect();
    let mut lengths: Vec<f64> = begins.windows(2).map(|pair| pair[1] - pair[0]).collect();
    median(&mut lengths).unwrap_or(f64::INFINITY)
}
