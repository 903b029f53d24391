//! `stalls`: pauses of more than 2 s between two tokens of a prompt. Counted and shown, never averaged away.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::STALL_S;
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::soak::Soak;
use crate::outcome::{Estimate, Finding, against, tokens};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Pauses between two tokens of one prompt that are longer than the setting.",
    decides: "A count is known exactly: more than the bar fails.",
    settings: &[Setting::new("stall", STALL_S, "s")],
    source: "Counted from token times, or from the rates of an imported session that has none.",
};

/// Pauses as (from, to), and the number of intervals in which they were looked for.
pub fn between_tokens(soak: &Soak) -> (Vec<(f64, f64)>, usize) {
    let pairs = soak.spans.iter().flat_map(|span| span.stamps.windows(2));
    let pauses = long(pairs.map(|pair| (pair[0], pair[1])));
    (pauses, soak.spans.iter().map(|span| span.stamps.len() - 1).sum())
}

/// Shorter ones are how an engine writes: a second without a token is no stall of a slow one.
fn long(pauses: impl IntoIterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    pauses.into_iter().filter(|(from, to)| to - from > STALL_S).collect()
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let (pauses, intervals) = match soak.timeline.series() {
        Some(series) => (long(series.pauses()), series.len()),
        None => between_tokens(soak),
    };
    let longest = pauses.iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    let mut estimate =
        Estimate::exact("Count of pauses over 2 s inside a prompt:", pauses.len() as f64, intervals as u64);
    if let Some((from, to)) = longest {
        let words =
            format!("the longest of {} began at {}", figures::seconds(to - from), figures::seconds(*from));
        estimate = estimate.note(words);
    }
    if soak.timeline.series().is_some() {
        // A pause that leaves a token in every window is not to be seen.
        estimate.hi = None;
    }
    estimate.evidence = pauses.iter().take(20).map(|(from, to)| tokens(*from, *to)).collect();
    against(gate, limit, estimate)
}
