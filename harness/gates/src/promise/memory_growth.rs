//! `memory_growth`: anonymous memory and swap of the runtime, 30 s medians after the first 120 s.
//!
//! Fails when the trend is there (Mann-Kendall, p < 0.05) and its lower bound (Theil-Sen, 95 %) is over the limit;
//! passes when the upper bound is below it.

use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::Evidence;

use crate::case::Case;
use crate::defaults::{MEMORY_BIN_S, MEMORY_BINS, MEMORY_GROWTH, MEMORY_SKIP_S};
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::outcome::{Estimate, Finding, against};
use crate::statistics::{mann_kendall, median, theil_sen};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Slope of 30 s medians of the runtime's anonymous memory and swap, the begin left out.",
    decides: "Fails where the trend is there (p < 0.05) and the slope's lower 95 % bound is over the limit; passes where the upper one is within.",
    settings: &[
        Setting::guess("memory_growth", MEMORY_GROWTH, "MiB/min"),
        Setting::new("memory_skip", MEMORY_SKIP_S, "s"),
        Setting::new("memory_bin", MEMORY_BIN_S, "s"),
        Setting::new("memory_bins", MEMORY_BINS as f64, ""),
    ],
    source: "Slope of Theil and Sen, trend test of Mann and Kendall.",
};

/// Channels that are added up.
const CHANNELS: [&str; 2] = ["runtime/rss_anon", "runtime/swap"];

/// Bytes of a mebibyte.
pub const MIB: f64 = 1_048_576.0;

/// Medians of one channel by bin, from the end of the skipped time on; `None` for a bin without half of its readings.
fn medians(case: &Case, name: &str, from: f64, bins: usize) -> Option<Vec<f64>> {
    let channel = case.telemetry.named(name)?;
    let period = case.record.journal.as_ref()?.group_period.get(usize::from(channel.group))?.as_secs_f64();
    (0..bins)
        .map(|bin| {
            let begin = from + bin as f64 * MEMORY_BIN_S;
            let values = case.telemetry.values(channel, begin, begin + MEMORY_BIN_S - 1e-9);
            let mut values: Vec<f64> = values.map(|(_, value)| value).collect();
            let enough = values.len() as f64 * period >= 0.5 * MEMORY_BIN_S;
            if enough { median(&mut values) } else { None }
        })
        .collect()
}

/// Judges it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bounded, positive count of bins"
)]
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate).unwrap_or(MEMORY_GROWTH);
    let Some((_, end)) = case.telemetry.soak() else {
        return Finding::not_proven("no_tokens", "Without a soak there is no growth over it")
            .limit(Some(limit));
    };
    let bins = ((end - MEMORY_SKIP_S) / MEMORY_BIN_S + 1e-9).floor().clamp(0.0, 512.0) as usize;
    if bins < MEMORY_BINS {
        let needs = MEMORY_SKIP_S + MEMORY_BINS as f64 * MEMORY_BIN_S;
        let words = format!(
            "Memory growth needs a soak of {needs:.0} s ({MEMORY_SKIP_S:.0} s are left out, then {MEMORY_BINS} medians) and this one lasted {}",
            figures::seconds(end)
        );
        return Finding::not_proven("too_short", words).limit(Some(limit));
    }
    let summed = CHANNELS.iter().try_fold(vec![0.0; bins], |mut sum, name| {
        let medians = medians(case, name, MEMORY_SKIP_S, bins)?;
        sum.iter_mut().zip(medians).for_each(|(sum, value)| *sum += value / MIB);
        Some(sum)
    });
    let Some(values) = summed else {
        let words = "The runtime's anonymous memory or its swap could not be read over the whole soak";
        return Finding::not_proven("no_sensor", words).limit(Some(limit));
    };
    let evidence = Evidence { channel: CHANNELS[0].to_owned(), from_s: MEMORY_SKIP_S, to_s: end };
    trend(gate, limit, &values, case).evidence(evidence)
}

fn trend(gate: Gate, limit: f64, values: &[f64], case: &Case) -> Finding {
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().map(|(bin, value)| (bin as f64 * MEMORY_BIN_S / 60.0, *value)).collect();
    let (Some(slope), Some(p)) = (theil_sen::slope(&points), mann_kendall::upward_p(values)) else {
        return Finding::not_proven("too_short", "Too few medians for a trend").limit(Some(limit));
    };
    let prompts = case.soak.as_ref().map_or(0.0, |soak| soak.spans.len() as f64 / (soak.end() / 60.0));
    let per_prompt = slope.value * 1024.0 / prompts;
    let mut note = format!("trend p = {p:.3}");
    if per_prompt.is_finite() && slope.value > 0.0 {
        note = format!("{note}, {per_prompt:.0} KiB per prompt");
    }
    let estimate = Estimate {
        name: "Memory growth".to_owned(),
        value: slope.value,
        // Without a trend that is one, the lower bound cannot speak for a failure.
        lo: slope.lo.map(|lo| if p < 0.05 { lo } else { lo.min(limit) }),
        hi: slope.hi,
        n: values.len() as u64,
        note,
        evidence: Vec::new(),
    };
    against(gate, Some(limit), estimate)
}
