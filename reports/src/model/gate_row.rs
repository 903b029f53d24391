//! A gate of a session as a row, and latencies as a table.

use edgesoak_record::{Direction, Gate, GateResult, Outcome};

use super::basis::{Basis, Ground};
use super::sources::Pair;
use crate::words::gate::{Mood, name as gate_name, sign};
use crate::words::number::{Amount, NONE, count};
use crate::words::text::{name, sentence, word};

/// One gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GateRow {
    pub name: &'static str,
    /// The stable word.
    pub word: &'static str,
    pub mood: Mood,
    pub measured: String,
    pub bounds: String,
    pub limit: String,
    pub n: String,
    pub sentence: String,
    pub cause: String,
    pub blocking: bool,
    pub accepted: Option<String>,
    pub basis: Basis,
}

impl GateRow {
    fn of(result: &GateResult, ground: &Ground<'_>) -> Self {
        let limit = result.limit.map(|limit| {
            format!("{} {}", sign(result.gate), Amount::limit(limit, &result.unit).full())
                .trim_start()
                .to_owned()
        });
        Self {
            name: gate_name(result.gate),
            word: result.gate.word(),
            mood: result.outcome.into(),
            measured: finite(result.measured)
                .map_or_else(|| NONE.to_owned(), |value| Amount::of(value, &result.unit).full()),
            bounds: bounds(result).unwrap_or_default(),
            limit: limit.unwrap_or_default(),
            n: if result.n == 0 { String::new() } else { count(result.n) },
            sentence: sentence(&result.sentence),
            cause: cause(result).unwrap_or_default(),
            blocking: result.blocking,
            accepted: result.accepted.as_deref().map(name),
            basis: Basis::of(result, ground),
        }
    }

    /// Gates with a bar or a promise, worst first; then figures without a bar.
    pub fn split(pair: &Pair<'_>, ground: &Ground<'_>) -> (Vec<Self>, Vec<Self>) {
        let results = pair.verdict.map(|verdict| verdict.gates.as_slice()).unwrap_or_default();
        let (figures, mut gates): (Vec<&GateResult>, Vec<&GateResult>) = results
            .iter()
            .filter(|result| !(is_figure(result) && in_latency_table(result.gate)))
            .partition(|result| is_figure(result));
        gates.sort_by_key(|result| (Mood::from(result.outcome), !result.blocking));
        let rows =
            |results: Vec<&GateResult>| results.into_iter().map(|result| Self::of(result, ground)).collect();
        (rows(gates), rows(figures))
    }
}

/// A figure without a bar; what makes it doubtful is said at the gates that have one.
fn is_figure(result: &GateResult) -> bool {
    !result.blocking
        && result.limit.is_none()
        && result.gate.direction() != Direction::Holds
        && matches!(result.outcome, Outcome::Info | Outcome::NotProven)
}

/// Latencies without a bar stand in their own table.
fn in_latency_table(gate: Gate) -> bool {
    LATENCIES.iter().any(|(_, gates)| gates.contains(&Some(gate)))
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// "16.5 – 17.1": lower and upper one-sided 95 % bound.
pub(super) fn bounds(result: &GateResult) -> Option<String> {
    let shown = |value: f64| Amount::of(value, &result.unit).number;
    match (finite(result.lo), finite(result.hi)) {
        // A count or a ratio of counts has no spread.
        (Some(lo), Some(hi)) if lo.to_bits() == hi.to_bits() => None,
        (Some(lo), Some(hi)) => Some(format!("{} to {}", shown(lo), shown(hi))),
        (Some(lo), None) => Some(format!("from {}", shown(lo))),
        (None, Some(hi)) => Some(format!("up to {}", shown(hi))),
        (None, None) => None,
    }
}

/// The stable word of the cause as people read it.
pub(super) fn cause(result: &GateResult) -> Option<String> {
    result.cause.as_deref().map(word).filter(|word| !word.is_empty())
}

/// A latency at four percentiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LatencyRow {
    pub name: &'static str,
    /// p50, p90, p95, p99; what the verdict does not hold is [`NONE`].
    pub percentiles: [String; 4],
    pub n: String,
}

const LATENCIES: [(&str, [Option<Gate>; 4]); 3] = [
    (
        "Time to first token",
        [Some(Gate::TtftP50), Some(Gate::TtftP90), Some(Gate::TtftP95), Some(Gate::TtftP99)],
    ),
    ("Inter-token latency", [Some(Gate::ItlP50), Some(Gate::ItlP90), Some(Gate::ItlP95), Some(Gate::ItlP99)]),
    ("End to end", [Some(Gate::E2eP50), None, Some(Gate::E2eP95), None]),
];

impl LatencyRow {
    pub fn table(pair: &Pair<'_>) -> Vec<Self> {
        let rows = LATENCIES.iter().filter_map(|(name, gates)| {
            let results = gates.map(|gate| gate.and_then(|gate| pair.gate(gate)));
            let percentiles = results.map(|result| {
                let value = result.and_then(|result| Some((finite(result.measured)?, &result.unit)));
                value.map_or_else(|| NONE.to_owned(), |(value, unit)| Amount::of(value, unit).full())
            });
            let n = results.iter().flatten().map(|result| result.n).max()?;
            Some(Self { name, percentiles, n: count(n) })
        });
        rows.collect()
    }
}
