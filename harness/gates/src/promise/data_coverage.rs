//! `data_coverage`: the share of planned telemetry that was read during the soak.
//!
//! A reason is a reading too: a channel that says why it has no value was asked. Classes of channels that the
//! matrix expects must have values.

use edgesoak_record::gate::Gate;
use edgesoak_record::session::Channel;
use edgesoak_record::verdict::Evidence;
use edgesoak_record::{ChannelClass, Quantity};

use crate::case::{Case, doubt};
use crate::defaults::{LEAST_COVERAGE, LONGEST_GAP_S};
use crate::figures;
use crate::outcome::{Estimate, Finding, Missing, against, quoted};

/// What was asked of all channels together.
struct Coverage {
    part: f64,
    expected: f64,
    /// The longest time without any sample of a channel: (seconds, from, to, channel).
    gap: (f64, f64, f64, String),
}

/// Seconds between two samples of a group; `None` when the journal does not say.
fn period(case: &Case, channel: &Channel) -> Option<f64> {
    let journal = case.record.journal.as_ref()?;
    let period = journal.group_period.get(usize::from(channel.group))?.as_secs_f64();
    (period > 0.0).then_some(period)
}

fn coverage(case: &Case) -> Option<Coverage> {
    let (from, to) = case.telemetry.soak().filter(|(from, to)| to > from)?;
    let (mut read, mut expected) = (0.0, 0.0);
    let mut gap = (0.0, from, to, String::new());
    let mut any_value = false;
    for channel in case.telemetry.all().filter(|channel| channel.missing.is_none()) {
        let planned = ((to - from) / period(case, channel)?).floor().max(1.0);
        let mut before = from;
        let mut samples = 0.0_f64;
        for sample in &channel.samples {
            let t = case.telemetry.seconds(sample.t.0);
            if t < from || t > to {
                continue;
            }
            any_value |= sample.value.is_ok_and(f64::is_finite);
            samples += 1.0;
            if t - before > gap.0 {
                gap = (t - before, before, t, channel.name.clone());
            }
            before = t;
        }
        if to - before > gap.0 {
            gap = (to - before, before, to, channel.name.clone());
        }
        read += samples.min(planned);
        expected += planned;
    }
    (any_value && expected > 0.0).then(|| Coverage { part: read / expected, expected, gap })
}

/// Quantities of a class of the matrix. An unknown class has none, and is then missing.
fn class(word: &str) -> &'static [Quantity] {
    ChannelClass::from_word(word).map_or(&[], |class| class.quantities)
}

/// The first expected class without a channel that gave values over the soak.
fn unreadable_class(case: &Case) -> Option<String> {
    case.record.planned.device.expect.iter().find_map(|name| {
        let quantities = class(name);
        let readable =
            case.telemetry.all().filter(|channel| quantities.contains(&channel.quantity)).any(|channel| {
                let values = case.telemetry.during_soak(channel).count() as f64;
                values > 0.0 && values >= LEAST_COVERAGE * channel_samples(case, channel)
            });
        let why = || quantities.first().map_or_else(String::new, |first| case.telemetry.why_missing(*first));
        (!readable).then(|| {
            format!("The matrix expects readable `{name}` channels here, and there are none: {}", why())
        })
    })
}

fn channel_samples(case: &Case, channel: &Channel) -> f64 {
    let (from, to) = case.telemetry.soak().unwrap_or_default();
    period(case, channel).map_or(f64::INFINITY, |period| ((to - from) / period).floor())
}

/// A hole that makes the session doubtful: too little telemetry, or a long gap.
pub fn hole(case: &Case) -> Option<Missing> {
    let Some(coverage) = coverage(case) else {
        return Some(Missing::new("no_telemetry", "No telemetry was read during the soak"));
    };
    let (length, from, _, channel) = &coverage.gap;
    if *length > LONGEST_GAP_S {
        let (length, from) = (figures::seconds(*length), figures::seconds(*from));
        let name = quoted(channel, 60);
        return Some(Missing::new("gap", format!("Channel {name} has a gap of {length} from {from} on")));
    }
    (coverage.part < LEAST_COVERAGE).then(|| {
        let part = figures::with_unit(coverage.part, "ratio");
        Missing::new("low_coverage", format!("Only {part} of the planned telemetry was read"))
    })
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = Some(case.bar(gate).unwrap_or(LEAST_COVERAGE));
    let Some(coverage) = coverage(case) else {
        return Finding::not_proven("no_telemetry", "No telemetry was read during the soak").limit(limit);
    };
    let (_, from_s, to_s, channel) = coverage.gap.clone();
    let mut estimate = Estimate::exact("Share of planned telemetry that was read:", coverage.part, 0);
    estimate.n = super::burst_tps::count(coverage.expected);
    let judged = against(gate, limit, estimate.evidence(Evidence { channel, from_s, to_s }));
    match hole(case) {
        Some(hole) if hole.cause == "gap" => judged.lacking(&hole),
        _ => match unreadable_class(case) {
            Some(why) => judged.withdrawn("no_sensor", &why),
            None => doubt::unless_promised(case, gate, judged),
        },
    }
}
