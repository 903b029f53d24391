//! `memory_peak`: the runtime's largest resident set, swap included, against the family's budget.

use edgesoak_record::gate::Gate;
use edgesoak_record::memory::mebibytes;
use edgesoak_record::verdict::Evidence;

use crate::case::Case;
use crate::explain::Explained;
use crate::measure::curve::Curve;
use crate::outcome::{Estimate, Finding, Missing, judged};
use crate::promise::memory_growth::MIB;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Largest sum of the runtime's anonymous, file-backed and swapped memory, its load included.",
    decides: "A sum over the smaller of the family's budget and the bar fails: a bar only tightens.",
    settings: &[],
    source: "The readings themselves.",
};

/// Parts of the resident set, read in the same tick.
const CHANNELS: [&str; 3] = ["runtime/rss_anon", "runtime/rss_file", "runtime/swap"];

/// Judges it. What happened while the artifact was loaded counts too.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let planned = &case.record.planned;
    let budget = planned.device.memory_budget.map(|bytes| bytes.0 as f64 / MIB);
    let limit = case.bar(gate).into_iter().chain(budget).reduce(f64::min);
    let predicted = case.run.plan.memory_of(planned);
    let words = predicted.map(|prediction| format!("{} were predicted", mebibytes(prediction.total)));
    judged(gate, limit, measured(case).map(|peak| peak.note(words.unwrap_or_default())))
}

/// The largest sum, MiB.
pub fn measured(case: &Case) -> Result<Estimate, Missing> {
    let unread = || Missing::new("no_sensor", "The runtime's memory could not be read");
    let (t, peak, n) = peak(case).ok_or_else(unread)?;
    let evidence = Evidence { channel: CHANNELS[0].to_owned(), from_s: t, to_s: t };
    Ok(Estimate::exact("Largest resident set", peak / MIB, n).evidence(evidence))
}

/// Time, bytes and number of readings of the largest sum.
fn peak(case: &Case) -> Option<(f64, f64, u64)> {
    let mut sums: Vec<(f64, f64)> = Vec::new();
    for (index, name) in CHANNELS.iter().enumerate() {
        let channel = case.telemetry.named(name)?;
        let values = case.telemetry.values(channel, f64::NEG_INFINITY, f64::INFINITY);
        if index == 0 {
            sums = values.collect();
            continue;
        }
        let mut curve = Curve::default();
        values.for_each(|(t, value)| curve.push(t, value));
        for (t, sum) in &mut sums {
            *sum += curve.at(*t);
        }
    }
    let n = sums.len() as u64;
    let (t, peak) = sums.into_iter().filter(|(_, sum)| sum.is_finite()).max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((t, peak, n))
}
