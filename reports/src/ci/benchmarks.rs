//! Figures for services that keep their history: Bencher's metric format, and lists of benchmark entries.

use edgesoak_record::{Direction, RunVerdict};
use serde_json::{Map, Value, json};

use super::figure::{Figure, figures};
use crate::words::gate;
use crate::words::text::without_tricks;

/// Which figures a list of entries holds: services compare all of a list in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Rates, retention: more is better.
    BiggerIsBetter,
    /// Latencies, temperatures, memory: less is better.
    SmallerIsBetter,
}

/// Figures as Bencher Metric Format: `{"device / route / candidate": {"floor_tps": {"value", "lower_value",
/// "upper_value"}}}`, in the gates' units. Of repetitions the last counts.
#[must_use]
pub fn bencher(verdict: &RunVerdict) -> String {
    let mut document = Map::new();
    for figure in figures(verdict) {
        let subject = document.entry(without_tricks(&figure.subject())).or_insert_with(|| json!({}));
        let mut metric = json!({ "value": figure.value });
        if let Some((lo, hi)) = figure.bounds {
            metric["lower_value"] = json!(lo);
            metric["upper_value"] = json!(hi);
        }
        subject[figure.gate.gate.word()] = metric;
    }
    written(&Value::Object(document))
}

/// Figures as a list of `{"name", "unit", "value", "range", "extra"}`, as github-action-benchmark reads it for a custom tool.
#[must_use]
pub fn benchmark_entries(verdict: &RunVerdict, side: Side) -> String {
    let direction = match side {
        Side::BiggerIsBetter => Direction::AtLeast,
        Side::SmallerIsBetter => Direction::AtMost,
    };
    let entries: Vec<Value> = figures(verdict)
        .filter(|figure| figure.gate.gate.direction() == direction)
        .map(|it| entry(&it))
        .collect();
    written(&Value::Array(entries))
}

fn entry(figure: &Figure<'_>) -> Value {
    let gate = figure.gate.gate;
    let title = without_tricks(&format!("{} | {}", gate::name(gate), figure.subject()));
    let mut entry = json!({ "name": title, "unit": gate.unit(), "value": figure.value });
    if let Some((lo, hi)) = figure.bounds {
        entry["range"] = json!(format!("{lo:.4}..{hi:.4}"));
    }
    entry["extra"] = json!(format!("{} = {}", gate.word(), figure.gate.outcome.word()));
    entry
}

fn written(document: &Value) -> String {
    format!("{document:#}\n")
}
