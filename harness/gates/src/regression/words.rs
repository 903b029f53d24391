//! Sentences about changes of a rate.

use edgesoak_record::comparison::{Change, MoreRuns, Reference};
use edgesoak_record::verdict::Outcome;

use crate::figures;
use crate::outcome::{Missing, quoted};
use crate::regression::air::Air;

/// A change with its sign: `-3.1 %`.
#[must_use]
pub fn signed(part: f64) -> String {
    format!("{:+.1} %", part * 100.0)
}

fn accepted(change: &Change) -> String {
    figures::with_unit(-change.limit, "ratio")
}

fn seen(change: &Change) -> String {
    change.change.map(signed).unwrap_or_default()
}

fn bounds(change: &Change) -> String {
    match (change.lo, change.hi) {
        (Some(lo), Some(hi)) => format!("bounds {} and {}", signed(lo), signed(hi)),
        _ => "no bounds".to_owned(),
    }
}

/// What the next decision needs; empty where none falls any more.
#[must_use]
pub fn more(more: MoreRuns) -> Option<String> {
    match (more.candidate, more.reference) {
        (0, 0) => None,
        (a, b) if a == b => Some(format!("{a} more {} of either side", runs(a))),
        (a, 0) => Some(format!("{a} more {} of the candidate", runs(a))),
        (0, b) => Some(format!("{b} more {} of the reference", runs(b))),
        (a, b) => Some(format!("{a} more {} of the candidate and {b} of the reference", runs(a))),
    }
}

fn runs(n: u32) -> &'static str {
    if n == 1 { "run" } else { "runs" }
}

fn then(change: &Change) -> String {
    more(change.more_runs).map_or_else(
        || format!(", and no further decision falls after {} runs", change.candidate_runs),
        |more| format!("; the next decision needs {more}"),
    )
}

/// The promise is kept.
pub fn passed(change: &mut Change) {
    change.cause = None;
    change.sentence = format!(
        "Sustained rate changed by {} against {} ({}); up to {} may be lost.",
        seen(change),
        change.reference.title(),
        bounds(change),
        accepted(change)
    );
}

/// The promise is broken.
pub fn failed(change: &mut Change) {
    let cause = match change.reference {
        Reference::Previous => "regression",
        Reference::Pinned => "creep",
    };
    change.cause = Some(cause.to_owned());
    change.sentence = format!(
        "Sustained rate changed by {} against {}, by {} at the least; up to {} may be lost.",
        seen(change),
        change.reference.title(),
        change.hi.map(signed).unwrap_or_default(),
        accepted(change)
    );
}

/// Neither, with figures.
pub fn too_close(change: &mut Change) {
    change.outcome = Outcome::NotProven;
    change.cause = Some("too_close".to_owned());
    change.sentence = format!(
        "Sustained rate changed by {} against {} ({}), too close to the {} that may be lost{}.",
        seen(change),
        change.reference.title(),
        bounds(change),
        accepted(change),
        then(change)
    );
}

/// Significant by itself and not among so many devices.
pub fn suspect(change: &mut Change) {
    change.outcome = Outcome::NotProven;
    change.cause = Some("suspect".to_owned());
    change.sentence = format!(
        "Sustained rate changed by {} against {}: suspect, as it would fail alone and may be chance among so many devices{}.",
        seen(change),
        change.reference.title(),
        then(change)
    );
}

/// Neither, for this reason.
pub fn not_proven(change: &mut Change, missing: &Missing) {
    change.outcome = Outcome::NotProven;
    change.cause = Some(missing.cause.to_owned());
    let figure = match change.change {
        Some(seen) => format!(" (sustained rate {} against {})", signed(seen), change.reference.title()),
        None => String::new(),
    };
    change.sentence = format!("{}{figure}.", missing.sentence);
}

/// What was done about the air.
#[must_use]
pub fn air(air: &Air) -> String {
    match air {
        Air::Left(why) => why.clone(),
        Air::Removed { slope, apart, .. } => format!(
            "The air is accounted for: {} per kelvin, the candidate's {:.1} K {}.",
            signed(slope.exp_m1()),
            apart.abs(),
            if *apart > 0.0 { "warmer" } else { "cooler" }
        ),
    }
}

/// A cause as a stable word, whatever it holds.
#[must_use]
pub fn word(text: &str) -> String {
    crate::case::obstacle::word(text)
}

/// A sentence of somebody else, bounded and without a full stop.
#[must_use]
pub fn plain(text: &str) -> String {
    quoted(text, 300).trim_end_matches('.').to_owned()
}
