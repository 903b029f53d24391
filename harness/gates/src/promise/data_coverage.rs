//! `data_coverage`: the share of planned telemetry that was read during the soak.
//!
//! A reason is a reading too: a channel that says why it has no value was asked. Classes of channels that the
//! matrix expects must have values.

use edgesoak_record::ChannelClass;
use edgesoak_record::gate::Gate;
use edgesoak_record::session::Channel;
use edgesoak_record::verdict::Evidence;

use crate::case::{Case, doubt};
use crate::defaults::{LEAST_COVERAGE, LONGEST_GAP_S};
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::series::holds_rates;
use crate::outcome::{Estimate, Finding, Missing, against, quoted};
use crate::promise::clocks;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Readings that were made by readings that were planned, over every channel during the soak; a reading that says why it has no value was made.",
    decides: "Too small a share, a gap, or a class of channels that the matrix expects and nobody could read: not proven.",
    settings: &[
        Setting::new("least_coverage", LEAST_COVERAGE, "ratio"),
        Setting::new("longest_gap", LONGEST_GAP_S, "s"),
    ],
    source: "Counts; no statistics.",
};

/// What was asked of all channels together.
#[derive(Debug)]
pub struct Coverage {
    part: f64,
    expected: f64,
    gap: Gap,
}

/// The worst time without any sample of a channel.
#[derive(Debug)]
struct Gap {
    from: f64,
    to: f64,
    channel: String,
    /// Its length by the longest that is no hole.
    size: f64,
}

impl Gap {
    fn or_worse(&mut self, case: &Case, channel: &Channel, from: f64, to: f64) {
        let size = (to - from) / case.longest_gap(channel);
        if size > self.size {
            *self = Self { from, to, channel: channel.name.clone(), size };
        }
    }
}

fn coverage<'a>(case: &'a Case) -> Option<&'a Coverage> {
    case.once.coverage.get_or_init(|| counted(case)).as_ref()
}

fn counted(case: &Case) -> Option<Coverage> {
    let (from, to) = case.telemetry.soak().filter(|(from, to)| to > from)?;
    let (mut read, mut expected) = (0.0, 0.0);
    let mut gap = Gap { from, to, channel: String::new(), size: 0.0 };
    let mut any_value = false;
    let counts = |channel: &&Channel| channel.missing.is_none() && !holds_rates(channel);
    for channel in case.telemetry.all().filter(counts) {
        let planned = ((to - from) / case.period(channel)?).floor().max(1.0);
        let (mut before, mut longest) = (from, f64::NEG_INFINITY);
        let mut samples = 0.0_f64;
        for sample in &channel.samples {
            let t = case.telemetry.seconds(sample.t.0);
            if t < from || t > to {
                continue;
            }
            any_value |= sample.value.is_ok_and(f64::is_finite);
            samples += 1.0;
            // One that is no longer than another of its channel is no worse either.
            if t - before > longest {
                longest = t - before;
                gap.or_worse(case, channel, before, t);
            }
            before = t;
        }
        gap.or_worse(case, channel, before, to);
        read += samples.min(planned);
        expected += planned;
    }
    (any_value && expected > 0.0).then(|| Coverage { part: read / expected, expected, gap })
}

/// The first expected class without a channel that gave values over the soak.
fn unreadable_class(case: &Case) -> Option<String> {
    case.record.planned.device.expect.iter().find_map(|name| {
        // An unknown class has no channels, and is then missing.
        let class = ChannelClass::from_word(name);
        let belongs =
            |channel: &&Channel| class.is_some_and(|class| class.includes(&channel.name, channel.quantity));
        let readable = case.telemetry.all().filter(belongs).any(|channel| {
            let values = case.telemetry.during_soak(channel).count() as f64;
            values > 0.0 && values >= LEAST_COVERAGE * channel_samples(case, channel)
        });
        let first = class.and_then(|class| class.quantities.first());
        let why = || first.map_or_else(String::new, |first| case.telemetry.why_missing(*first));
        (!readable).then(|| {
            format!("The matrix expects readable `{name}` channels here, and there are none: {}", why())
        })
    })
}

fn channel_samples(case: &Case, channel: &Channel) -> f64 {
    let (from, to) = case.telemetry.soak().unwrap_or_default();
    case.period(channel).map_or(f64::INFINITY, |period| ((to - from) / period).floor())
}

/// A hole that makes the session doubtful: too little telemetry, or a long gap.
pub fn hole(case: &Case) -> Option<Missing> {
    let Some(coverage) = coverage(case) else {
        return Some(Missing::new("no_telemetry", "No telemetry was read during the soak"));
    };
    let gap = &coverage.gap;
    if gap.size > 1.0 {
        let (length, from) = (figures::seconds(gap.to - gap.from), figures::seconds(gap.from));
        let name = quoted(&gap.channel, 60);
        let words = format!("Channel {name} has a gap of {length} from {from} on");
        return Some(Missing::new("gap", words).seen(&gap.channel, gap.from, gap.to));
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
    let (channel, from_s, to_s) = (coverage.gap.channel.clone(), coverage.gap.from, coverage.gap.to);
    let mut estimate = Estimate::exact("Share of planned telemetry that was read:", coverage.part, 0);
    estimate.n = super::burst_tps::count(coverage.expected);
    let judged = against(gate, limit, estimate.evidence(Evidence { channel, from_s, to_s }));
    match hole(case) {
        // A clock that jumps leaves what looks like a hole.
        Some(hole) if hole.cause == "gap" => match clocks::broken(case) {
            Some(why) => judged.lacking(&Missing::new("clock_jump", why)),
            None => judged.lacking(&hole),
        },
        _ => match unreadable_class(case) {
            Some(why) => judged.withdrawn("no_sensor", &why),
            None => doubt::unless_promised(case, gate, judged),
        },
    }
}
