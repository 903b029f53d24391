//! `temperature` and `battery_temperature`: the hottest reading of the soak against a cap.

use edgesoak_record::gate::Gate;
use edgesoak_record::session::Channel;
use edgesoak_record::verdict::{Evidence, Outcome};
use edgesoak_record::{Quantity, Reason};

use crate::case::{Case, stuck};
use crate::defaults::{LEAST_COVERAGE, STUCK_S, STUCK_TIMES};
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::outcome::{Estimate, Finding, Missing, against, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "The hottest reading of any temperature channel during the soak, or of the battery.",
    decides: "A reading over the bar fails. A pass needs every sensor to be read to the end, one of them to move, and none to stop.",
    settings: &[
        Setting::new("stuck", STUCK_S, "s"),
        Setting::new("stuck_times", STUCK_TIMES, ""),
        Setting::new("least_coverage", LEAST_COVERAGE, "ratio"),
    ],
    source: "The readings themselves.",
};

/// Readings outside of this are a sensor's fault, not heat. °C.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = -40.0..=150.0;

/// What one channel showed during the soak.
struct Shown<'a> {
    channel: &'a Channel,
    hottest: (f64, f64),
    values: u64,
    stuck: bool,
}

fn channels<'a>(case: &'a Case<'a>, gate: Gate) -> impl Iterator<Item = &'a Channel> {
    case.telemetry
        .of(Quantity::Temperature)
        .filter(move |channel| gate == Gate::Temperature || is_battery(channel))
}

fn is_battery(channel: &Channel) -> bool {
    channel.name.to_ascii_lowercase().contains("battery")
}

fn shown<'a>(case: &'a Case<'a>, channel: &'a Channel) -> Option<Shown<'a>> {
    let (from, to) = case.telemetry.soak()?;
    let readings = || case.telemetry.during_soak(channel).filter(|(_, value)| PLAUSIBLE.contains(value));
    let hottest = readings().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let coldest = readings().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let stuck = to - from >= STUCK_S && hottest.1 - coldest.1 <= 0.0;
    Some(Shown { channel, hottest, values: readings().count() as u64, stuck })
}

/// Judges one of the two.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let what = if gate == Gate::Temperature { "thermal sensor" } else { "battery temperature" };
    let shown: Vec<Shown> = channels(case, gate).filter_map(|channel| shown(case, channel)).collect();
    let Some(hottest) = shown.iter().max_by(|a, b| a.hottest.1.total_cmp(&b.hottest.1)) else {
        let why = case.telemetry.why_missing(Quantity::Temperature);
        let words = format!("This device has no {what} that can be read: {why}");
        return Finding::not_proven("no_sensor", words).limit(limit);
    };
    let (t, value) = hottest.hottest;
    let place = quoted(&hottest.channel.name, 60);
    let mut note = format!("{place} at {}", figures::seconds(t));
    if gate == Gate::Temperature && shown.iter().all(|shown| is_battery(shown.channel)) {
        // A pack follows its device by minutes and hides what the processor does.
        note.push_str("; battery temperature only");
    }
    let evidence = Evidence { channel: hottest.channel.name.clone(), from_s: t, to_s: t };
    let values = shown.iter().map(|shown| shown.values).sum();
    let judged =
        against(gate, limit, Estimate::exact("Hottest reading", value, values).note(note).evidence(evidence));
    if !case.record.planned.device.hardware_heat && limit.is_some() {
        return judged.withdrawn("unchecked", "The family declares no thermal sensor, so heat is not judged");
    }
    match doubtful(case, &shown) {
        Some(why) if judged.outcome == Outcome::Pass => judged.lacking(&why),
        _ => judged,
    }
}

/// A sensor that stands still or was not read all the time may have missed the heat.
fn doubtful(case: &Case, shown: &[Shown]) -> Option<Missing> {
    if shown.iter().all(|shown| shown.stuck) {
        return Some(Missing::new(
            "stuck_sensor",
            "No temperature moved during the soak, as a stuck sensor would show it",
        ));
    }
    if let Some(why) = shown.iter().find_map(|shown| stuck::seen(case, shown.channel)) {
        return Some(why);
    }
    let lost = shown.iter().find(|shown| !is_watched(case, shown.channel))?;
    let name = quoted(&lost.channel.name, 60);
    Some(Missing::new("low_coverage", format!("Thermal sensor {name} was not read over the whole soak")))
}

/// The sensor was read up to the end of the soak. A part that is switched off is not hot: it counts as read.
fn is_watched(case: &Case, channel: &Channel) -> bool {
    let Some((from, to)) = case.telemetry.soak() else { return false };
    let Some(period) = case.period(channel) else { return false };
    let read = || {
        let known = channel.samples.iter().filter(|sample| match sample.value {
            Ok(value) => PLAUSIBLE.contains(&value),
            Err(reason) => reason == Reason::Offline,
        });
        known.map(|sample| case.telemetry.seconds(sample.t.0)).filter(|t| (from..=to).contains(t))
    };
    let last = read().fold(from, f64::max);
    read().count() as f64 >= LEAST_COVERAGE * ((to - from) / period).floor() && to - last <= 2.0 * period
}
