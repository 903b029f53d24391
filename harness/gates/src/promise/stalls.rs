//! `stalls`: pauses of more than 2 s between two tokens of a prompt. Counted and shown, never averaged away.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::STALL_S;
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::outcome::{Estimate, Finding, against, tokens};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Pauses between two tokens of one prompt that are longer than the setting.",
    decides: "A count is known exactly: more than the bar fails.",
    settings: &[Setting::new("stall", STALL_S, "s")],
    source: "Counted from token times.",
};

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let pauses: Vec<(f64, f64)> = soak
        .spans
        .iter()
        .flat_map(|span| span.stamps.windows(2))
        .filter(|pair| pair[1] - pair[0] > STALL_S)
        .map(|pair| (pair[0], pair[1]))
        .collect();
    let intervals: usize = soak.spans.iter().map(|span| span.stamps.len() - 1).sum();
    let longest = pauses.iter().max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    let mut estimate =
        Estimate::exact("Count of pauses over 2 s inside a prompt:", pauses.len() as f64, intervals as u64);
    if let Some((from, to)) = longest {
        let words =
            format!("the longest of {} began at {}", figures::seconds(to - from), figures::seconds(*from));
        estimate = estimate.note(words);
    }
    estimate.evidence = pauses.iter().take(20).map(|(from, to)| tokens(*from, *to)).collect();
    against(gate, limit, estimate)
}
