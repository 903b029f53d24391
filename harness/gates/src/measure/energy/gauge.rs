//! A battery's own gauge: its power, or its voltage times its current, backed by its charge counter.

use edgesoak_record::Quantity;
use edgesoak_record::quality::{self, Convention, Found, SignFound};
use edgesoak_record::session::Channel;

use super::charge::{self, Charge, Counted};
use super::watts::{self, Watts};
use super::{Measured, idle, integral};
use crate::case::{Case, supply};
use crate::defaults::GAUGE_GAIN;
use crate::outcome::{Missing, quoted};

/// Energy that flowed back into the battery, by that which flowed out, from which on it was charged.
const MOST_INFLOW: f64 = 0.01;

/// Energy from the first submit to `end`; `None` without any gauge.
pub fn over(case: &Case, end: f64) -> Option<Result<Measured, Missing>> {
    let gauge = find(case);
    if gauge.is_none() && charge::counter(case, end).is_none() {
        return None;
    }
    Some(honest(case, end).and_then(|()| by_gauge_or_counter(case, gauge.as_ref(), end)))
}

/// Batteries that the kernel numbers, such as `battery/bat0`, with a level of their own.
fn batteries(case: &Case) -> usize {
    let numbered = |owner: &&str| {
        owner
            .strip_prefix("battery/bat")
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let levels = case.telemetry.of(Quantity::ChargeLevel);
    let read = levels.filter(|&channel| case.telemetry.during_soak(channel).next().is_some());
    let mut owners: Vec<&str> = read.map(watts::owner).filter(numbered).collect();
    owners.dedup();
    owners.len()
}

/// The battery carried the load, all of the time.
fn honest(case: &Case, end: f64) -> Result<(), Missing> {
    if batteries(case) > 1 {
        let words = "the device has more than one battery, and nobody knows which of them carried the load";
        return Err(Missing::new("two_batteries", words));
    }
    if case.record.planned.device.power == "mains" {
        return Err(Missing::new("charging", "a battery on mains does not carry the load"));
    }
    match supply::attached(case) {
        Some(attached) => Err(attached),
        None => supply::discharged_throughout(case, end),
    }
}

fn by_gauge_or_counter(case: &Case, gauge: Option<&Watts>, end: f64) -> Result<Measured, Missing> {
    let counted = match charge::over(case, mean_volts(case, end), end) {
        Charge::Fell(counted) => Ok(counted),
        Charge::Unknown(why) => Err(why),
        Charge::Rose(name) => {
            let words = format!("the battery was charged: {} rose", quoted(&name, 60));
            return Err(Missing::new("charging", words).seen(&name, 0.0, end));
        }
    };
    let Some(gauge) = gauge else {
        let why = "its charge counter alone cannot tell it";
        return counted
            .map(by_counter)
            .map_err(|said| Missing::new("coarse_counter", said.unwrap_or_else(|| why.to_owned())));
    };
    match (by_gauge(case, gauge, end), counted) {
        (Ok(measured), Ok(counted)) => agreeing(measured, counted),
        (Ok(mut measured), Err(note)) => {
            measured.notes.extend(note);
            Ok(measured)
        }
        // A gauge that says too little leaves the word to the counter; one that contradicts itself does not.
        (Err(missing), Ok(counted)) if matches!(missing.cause, "slow_gauge" | "low_coverage") => {
            let mut measured = by_counter(counted);
            measured.notes.push(missing.sentence);
            Ok(measured)
        }
        (Err(missing), _) => Err(missing),
    }
}

fn by_counter(counted: Counted) -> Measured {
    Measured {
        joules: counted.joules,
        scope: "battery",
        channel: counted.channel.clone(),
        gain: GAUGE_GAIN,
        sampling: 0.0,
        resolution: counted.reach / counted.joules,
        refresh_s: 0.0,
        counted: Some(counted),
        idle_watts: None,
        notes: Vec::new(),
    }
}

/// Integral and counter speak of the same energy: further apart than both may err, one of them is in a wrong unit.
fn agreeing(mut measured: Measured, counted: Counted) -> Result<Measured, Missing> {
    let apart = (measured.joules - counted.joules).abs();
    let allowed = (measured.uncertainty() + GAUGE_GAIN) * counted.joules + counted.reach;
    if apart > allowed {
        let words = format!(
            "the gauge says {:.0} J and the charge counter {:.0} J ± {:.0} J",
            measured.joules, counted.joules, counted.reach
        );
        return Err(Missing::new("gauges_disagree", words).seen(&counted.channel, 0.0, 0.0));
    }
    measured.counted = Some(counted);
    Ok(measured)
}

fn by_gauge(case: &Case, gauge: &Watts, end: f64) -> Result<Measured, Missing> {
    let name = quoted(&gauge.channel.name, 60);
    if let Some(beyond) = gauge.implausible(case, end) {
        let words = format!("{} read what cannot be, as in a wrong unit", quoted(beyond, 60));
        return Err(Missing::new("implausible", words).seen(beyond, 0.0, end));
    }
    let own: Vec<(f64, f64)> = case.telemetry.values(gauge.channel, 0.0, end).collect();
    let (factor, note) = direction(case, &own, end).map_err(|(cause, why)| {
        Missing::new(cause, format!("{name} {why}")).seen(&gauge.channel.name, 0.0, end)
    })?;
    let watts = |from: f64, to: f64| -> Vec<(f64, f64)> {
        let watts = gauge.readings(case, from, to);
        watts.into_iter().map(|(t, watts)| (t, factor.map_or(watts.abs(), |factor| factor * watts))).collect()
    };
    let readings = watts(0.0, end);
    let flow =
        |out: bool| readings.iter().map(|(_, watts)| watts).filter(|w| (**w > 0.0) == out).sum::<f64>();
    if -flow(false) > MOST_INFLOW * flow(true) {
        let words = format!("{name} shows that current flowed into the battery");
        return Err(Missing::new("charging", words).seen(&gauge.channel.name, 0.0, end));
    }
    let found = integral::trapezoid(&readings, end, case.longest_gap(gauge.channel), "the battery")?;
    // The voltage may change more often than the current, which is what counts.
    let own = quality::refresh_s(&own).unwrap_or(f64::INFINITY);
    if !own.is_finite() {
        return Err(Missing::new("slow_gauge", format!("{name} changed fewer than five times")));
    }
    let refresh_s = own.max(found.refresh_s);
    Ok(Measured {
        joules: found.joules,
        scope: "battery",
        channel: gauge.channel.name.clone(),
        gain: GAUGE_GAIN,
        sampling: found.sampling + (refresh_s - found.refresh_s) / end,
        resolution: 0.0,
        refresh_s,
        counted: None,
        idle_watts: idle::watts(case, watts),
        notes: vec![note],
    })
}

/// Factor that makes outflow positive, `None` for magnitudes, with a sentence on how that is known.
fn direction(
    case: &Case,
    own: &[(f64, f64)],
    end: f64,
) -> Result<(Option<f64>, String), (&'static str, &'static str)> {
    let counter = charge::counter(case, end).map(|(_, readings)| readings).unwrap_or_default();
    let disguised = quality::percent_times_constant(&charge::level(case, end), &counter);
    let counter: &[(f64, f64)] = if disguised { &[] } else { &counter };
    let status = case.telemetry.of(Quantity::ChargeStatus).find(|channel| channel.missing.is_none());
    let status: Vec<_> = status
        .map_or_else(Vec::new, |status| case.telemetry.values(status, -supply::BEFORE_S, end).collect());
    let one_sided = own.iter().all(|(_, value)| *value >= 0.0) || own.iter().all(|(_, value)| *value <= 0.0);
    match quality::sign(own, counter, &status) {
        Some(SignFound::Changes) => Err(("sign_changes", "changes its sign against the charge counter")),
        Some(SignFound::Clear(sign)) => {
            let told = match sign.found {
                Found::ChargeCounter => "the charge counter",
                Found::Status => "the battery's status",
            };
            let (factor, way) = match sign.convention {
                Convention::IntoBattery => (Some(-1.0), "negative discharges"),
                Convention::OutOfBattery => (Some(1.0), "positive discharges"),
                Convention::Unsigned => (None, "without a sign"),
            };
            Ok((factor, format!("{way}, says {told}")))
        }
        None if one_sided => Ok((None, "its sign is not known and never changed".to_owned())),
        None => Err(("sign_unknown", "has both signs, and nothing tells which of them discharges")),
    }
}

/// The battery's power if it is read as such, else its current.
fn find<'a>(case: &'a Case<'a>) -> Option<Watts<'a>> {
    let of_battery = |channel: &&Channel| channel.missing.is_none() && channel.name.starts_with("battery/");
    if let Some(channel) = case.telemetry.of(Quantity::Power).find(of_battery) {
        return Some(Watts { channel, volts: None });
    }
    let averaged = |channel: &Channel| channel.name.contains("avg") || channel.name.contains("average");
    let currents = || case.telemetry.of(Quantity::Current).filter(of_battery);
    let channel = currents().find(|channel| !averaged(channel)).or_else(|| currents().next())?;
    let same = |volts: &&Channel| watts::owner(volts) == watts::owner(channel);
    let volts = || case.telemetry.of(Quantity::Voltage).filter(of_battery);
    // A fuel gauge may read the current, and the charger beside it the voltage.
    let volts = volts().find(same).or_else(|| volts().next())?;
    Some(Watts { channel, volts: Some(volts) })
}

/// Mean voltage of the battery, volts.
fn mean_volts(case: &Case, end: f64) -> Option<f64> {
    let channels =
        case.telemetry.of(Quantity::Voltage).filter(|channel| channel.name.starts_with("battery/"));
    channels.into_iter().find_map(|channel| {
        let volts: Vec<f64> = case.telemetry.values(channel, 0.0, end).map(|(_, volts)| volts).collect();
        (!volts.is_empty()).then(|| volts.iter().sum::<f64>() / volts.len() as f64)
    })
}
