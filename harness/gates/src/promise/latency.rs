//! Latencies at p50, p90, p95 and p99: exact order statistics over every stored event.
//!
//! Prompts of repeated sessions of one run are pooled. A Pass needs enough events for an upper bound to exist;
//! a Fail is possible from the first one on. Token latencies within a prompt depend on each other: their bounds
//! come from resampling whole prompts.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::FEWEST_PROMPTS;
use crate::explain::{Explained, Setting};
use crate::measure::{duration, soak::Soak};
use crate::outcome::{Estimate, Finding, Missing, against};
use crate::statistics::cluster::{self, Resampled};
use crate::statistics::quantile;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Nearest rank over every stored event: submit to first token, between tokens, submit to last token. Valid repetitions in one run pool their prompts.",
    decides: "Pass where the upper bound is within the bar, which needs 5 (p50), 29 (p90), 59 (p95) or 299 (p99) prompts. Fail where the lower bound is over it, at any number. Engines that tell several tokens at a time have no times between tokens.",
    settings: &[Setting::new("fewest_prompts", FEWEST_PROMPTS as f64, "prompts")],
    source: "Exact order statistics; bounds from the binomial distribution. Times between tokens: bootstrap by prompt.",
};

/// The gates of this file.
pub const GATES: &[Gate] = Gate::LATENCIES;

/// What is timed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Event {
    FirstToken,
    BetweenTokens,
    EndToEnd,
}

fn meaning(gate: Gate) -> (Event, f64) {
    let quantile = match gate {
        Gate::TtftP50 | Gate::ItlP50 | Gate::E2eP50 => 0.50,
        Gate::TtftP90 | Gate::ItlP90 => 0.90,
        Gate::TtftP99 | Gate::ItlP99 => 0.99,
        _ => 0.95,
    };
    let event = match gate {
        Gate::TtftP50 | Gate::TtftP90 | Gate::TtftP95 | Gate::TtftP99 => Event::FirstToken,
        Gate::ItlP50 | Gate::ItlP90 | Gate::ItlP95 | Gate::ItlP99 => Event::BetweenTokens,
        _ => Event::EndToEnd,
    };
    (event, quantile)
}

/// Judges one of them.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    if let Err(fault) = &case.soak {
        return Finding::not_proven(fault.cause(), fault.sentence()).limit(limit);
    }
    let (event, q) = meaning(gate);
    let finding = if event == Event::BetweenTokens {
        between_tokens(case, gate, q)
    } else {
        per_prompt(case, gate, event, q)
    };
    finding.limit(limit)
}

fn name(event: Event, q: f64) -> String {
    let what = match event {
        Event::FirstToken => "Time to first token",
        Event::BetweenTokens => "Time between tokens",
        Event::EndToEnd => "Time from submit to last token",
    };
    format!("{what} (p{:.0})", q * 100.0)
}

/// The soaks that count: those of all evaluated repetitions, or the session's own.
fn pooled<'a>(case: &'a Case) -> Vec<&'a Soak<'a>> {
    match &case.soak {
        _ if !case.pool.is_empty() => case.pool.iter().collect(),
        Ok(soak) => vec![soak],
        Err(_) => Vec::new(),
    }
}

fn per_prompt(case: &Case, gate: Gate, event: Event, q: f64) -> Finding {
    let measure = if event == Event::FirstToken { duration::first_token_ms } else { duration::end_to_end_ms };
    let mut values: Vec<f64> = pooled(case).into_iter().flat_map(|soak| measure(&soak.spans)).collect();
    values.sort_unstable_by(f64::total_cmp);
    let Some(value) = quantile::of_sorted(&values, q) else {
        return Finding::not_proven("no_tokens", "No prompt was timed");
    };
    let mut estimate = Estimate::exact(&name(event, q), value, values.len() as u64);
    estimate.lo = quantile::lower_position(values.len(), q).map(|position| values[position]);
    estimate.hi = quantile::upper_position(values.len(), q).map(|position| values[position]);
    with_needed_count(case, gate, q, "prompts", estimate)
}

fn between_tokens(case: &Case, gate: Gate, q: f64) -> Finding {
    let (prompts, resampled) = match case.token_intervals() {
        Ok(intervals) => intervals,
        Err(missing) => return missing.clone().into(),
    };
    let index = QUANTILES.iter().position(|known| known.total_cmp(&q).is_eq());
    let resampled = resampled[index.unwrap_or_default()];
    let mut estimate = Estimate::exact(&name(Event::BetweenTokens, q), resampled.value, resampled.n);
    let enough = quantile::needed(q).is_some_and(|needed| resampled.n >= needed);
    (estimate.lo, estimate.hi) = (resampled.lo, resampled.hi.filter(|_| enough));
    if *prompts < FEWEST_PROMPTS {
        (estimate.lo, estimate.hi) = (None, None);
    }
    with_needed_count(case, gate, q, "token intervals", estimate)
}

/// Quantiles that are judged.
pub const QUANTILES: [f64; 4] = [0.50, 0.90, 0.95, 0.99];

/// Number of prompts, and the quantiles of the times between their tokens.
pub type Intervals = (usize, [Resampled; 4]);

/// Times between tokens, resampled by prompt: one pass for all quantiles.
pub fn intervals(case: &Case) -> Result<Intervals, Missing> {
    let soaks = pooled(case);
    if soaks.iter().any(|soak| soak.spans.iter().any(|span| span.per_stamp > 1.0)) {
        let words =
            "The engine reports several tokens at a time, so the time between two of them is not known";
        return Err(Missing::new("batched_tokens", words));
    }
    let prompts: Vec<_> =
        soaks.iter().flat_map(|soak| soak.spans.iter()).map(duration::between_tokens_ms).collect();
    let count = prompts.len();
    let resampled = cluster::quantiles(prompts, QUANTILES, &mut case.random(Gate::ItlP50));
    Ok((count, resampled.ok_or_else(|| Missing::new("no_tokens", "No prompt has two tokens"))?))
}

/// Judges against the bar; where the upper bound is missing the sentence says how many events it needs.
fn with_needed_count(case: &Case, gate: Gate, q: f64, what: &str, estimate: Estimate) -> Finding {
    let (n, bounded) = (estimate.n, estimate.hi.is_some());
    let mut finding = against(gate, case.bar(gate), estimate);
    if !bounded && finding.cause.as_deref() == Some("too_few") {
        let needed = quantile::needed(q).unwrap_or(u64::MAX);
        let have = if n < needed {
            format!("needs {needed} {what} to pass and has {n}")
        } else {
            format!("needs {FEWEST_PROMPTS} prompts to pass and has fewer")
        };
        let head = finding.sentence.split(" against ").next().unwrap_or_default().to_owned();
        finding.sentence = format!("{head} {have}");
    }
    finding
}
