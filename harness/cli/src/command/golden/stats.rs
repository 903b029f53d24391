//! `edgesoak golden stats`: what a set is made of, and what it can show.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use edgesoak_gates::answers::{Showable, showable};
use edgesoak_golden::{Count, Counts, GoldenSet, Item, Split};
use edgesoak_record::Gate;
use serde_json::json;

use super::open;
use crate::args::{Format, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::terminal::{printable, say};

/// Counts a set.
pub fn show(shared: &Shared, set: &Path) -> Result<u8, Failure> {
    let set = open::Place::of(shared, set).set()?;
    let counts = Counts::of(&set);
    let showable = of_bars(&set);
    match shared.format() {
        Format::Json => print_json(&json!({
            "set": set.manifest.reference(), "counts": counts, "showable": showable,
        }))?,
        Format::Human => say(&printable(&told(&set, &counts, &showable)))?,
    }
    Ok(0)
}

/// What the gate split can show about each bar.
fn of_bars(set: &GoldenSet) -> Vec<Showable> {
    let of = |gate: Gate, bar: f64, counts: fn(&Item) -> bool| {
        let items = set.items.iter().filter(|item| item.split == Split::Gate && counts(item));
        let clusters: BTreeSet<&str> =
            items.clone().map(|item| set.cluster(item).unwrap_or(&item.id)).collect();
        showable(gate, bar, items.count() as u64, clusters.len() as u64)
    };
    let gates = &set.manifest.gates;
    let quality = gates.quality.as_ref().map(|bar| of(Gate::Quality, bar.ratio(), |_| true));
    let false_answers =
        gates.false_answers.as_ref().map(|bar| of(Gate::FalseAnswers, bar.ratio(), |item| !item.answerable));
    quality.into_iter().chain(false_answers).collect()
}

fn told(set: &GoldenSet, counts: &Counts, showable: &[Showable]) -> String {
    let mut text = format!(
        "{}: {} items, {} documents, {} clusters\n\n{:<28}{:>7}{:>12}{:>14}{:>10}{:>11}\n",
        set.manifest.reference(),
        counts.all.items,
        counts.documents,
        counts.clusters,
        "",
        "items",
        "answerable",
        "unanswerable",
        "critical",
        "sensitive"
    );
    for (split, count) in &counts.splits {
        text.push_str(&row(&format!("split {}", split.word()), count));
    }
    for (key, values) in &counts.slices {
        for (value, count) in values {
            text.push_str(&row(&format!("{key} {value}"), count));
        }
    }
    if !showable.is_empty() {
        text.push_str("\nWhat the split `gate` can show at 95 % confidence\n");
    }
    text.extend(showable.iter().map(shown));
    text
}

fn row(name: &str, count: &Count) -> String {
    let Count { items, answerable, unanswerable, critical, sensitive } = count;
    format!("{name:<28}{items:>7}{answerable:>12}{unanswerable:>14}{critical:>10}{sensitive:>11}\n")
}

fn shown(showable: &Showable) -> String {
    let Showable { gate, bar, n, clusters, needed, affordable, best } = showable;
    let (grouped, unit) = if clusters == n {
        (String::new(), "items")
    } else {
        (format!(" in {clusters} clusters"), "clusters")
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let mut text = format!("  {:<14} bar {}, {n} of its items{grouped}: ", gate.word(), percent(*bar));
    let _ = match (affordable, needed, best) {
        (Some(wrong), ..) => writeln!(text, "shown where at most {wrong} are wrong"),
        (None, Some(needed), Some(best)) => writeln!(
            text,
            "cannot be shown; {} at best, and {needed} {unit} are needed, not one item wrong",
            percent(*best)
        ),
        (None, Some(needed), None) => writeln!(text, "cannot be shown; {needed} {unit} are needed"),
        (None, None, _) => writeln!(text, "cannot be shown by any number of items"),
    };
    text
}
