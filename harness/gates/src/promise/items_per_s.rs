//! `items_per_s`: finished prompts by busy seconds.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::PRIOR_SIGMA;
use crate::explain::{Explained, Setting};
use crate::measure::series::Series;
use crate::measure::soak::Soak;
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::statistics::bootstrap::{Block, ln_ratio_deviation};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Finished prompts by busy seconds.",
    decides: "Pass where the lower 95 % bound reaches the bar, fail where the upper one is under it, else not proven.",
    settings: &[Setting::guess("prior_sigma", PRIOR_SIGMA, "ratio")],
    source: "Bootstrap within the run, combined with the spread between runs: from history where it is known, else a prior.",
};

/// By the rates of an imported session.
fn of_series(case: &Case, gate: Gate, soak: &Soak, series: &Series) -> Finding {
    let limit = case.bar(gate);
    if !series.is_of_items {
        let words = "The file counts tokens, and nobody knows how many answers they were";
        return Finding::not_proven("no_items", words).limit(limit);
    }
    let (items, seconds) = series.totals();
    let within = ln_ratio_deviation(&series.blocks(0.0, soak.end()), &mut case.random(gate));
    let estimate = Estimate::exact("Items per busy second:", items / seconds, series.len() as u64)
        .bounds(within.map(|within| case.spread.bounds(items / seconds, within)));
    against(gate, limit, estimate.evidence(tokens(0.0, soak.end())))
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    if let Some(series) = soak.timeline.series() {
        return of_series(case, gate, soak, series);
    }
    let blocks: Vec<Block> = soak
        .prompts
        .iter()
        .zip(soak.spans.iter())
        .map(|(prompt, span)| Block {
            above: f64::from(u8::from(prompt.finish.is_some())),
            below: span.last() - span.submit,
        })
        .collect();
    let items: f64 = blocks.iter().map(|block| block.above).sum();
    let rate = items / soak.timeline.total_busy();
    let within = ln_ratio_deviation(&blocks, &mut case.random(gate));
    let bounds = within.map(|within| case.spread.bounds(rate, within));
    let mut estimate = Estimate::exact("Answers per busy second:", rate, blocks.len() as u64);
    (estimate.lo, estimate.hi) = (bounds.map(|bounds| bounds.0), bounds.map(|bounds| bounds.1));
    against(gate, limit, estimate.evidence(tokens(0.0, soak.end())))
}
