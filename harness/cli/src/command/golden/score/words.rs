//! Scores as a person reads them: shares and ids, never a word of an answer.

use std::fmt::Write as _;

use edgesoak_gates::answers::{Paired, Repeated, Slice};
use edgesoak_record::answer::Cell;
use edgesoak_record::verdict::{GateResult, Outcome};

use super::Scored;
use crate::sentences::{some_of, symbol};

/// Most ids that are listed at once.
const MOST: usize = 12;

/// The whole of it.
pub fn told(scored: &Scored) -> String {
    let judged = &scored.judged;
    let unanswered = judged.unanswered.len();
    let mut text = format!(
        "{}, split {}: {} items, {} answered\n",
        scored.set,
        scored.split.word(),
        scored.answers.len() + unanswered,
        scored.answers.len()
    );
    text.extend(judged.gates.iter().map(gate));
    let cell = |cell: Cell| judged.cells.get(&cell).copied().unwrap_or_default();
    let _ = writeln!(
        text,
        "  answerable: {} right, {} wrong, {} abstained; unanswerable: {} abstained, {} answered, {} refused by the runtime",
        cell(Cell::AnsweredRight),
        cell(Cell::AnsweredWrong),
        cell(Cell::OverAbstained),
        cell(Cell::AbstainedRight),
        cell(Cell::AnsweredUnanswerable),
        cell(Cell::UnansweredUnanswerable)
    );
    text.push_str(&listed("critical and not right", &judged.critical_wrong));
    text.push_str(&listed("not answered", &judged.unanswered));
    if !judged.slices.is_empty() {
        text.push_str("\nRight, by slice\n");
    }
    text.extend(judged.slices.iter().map(slice));
    text.extend(scored.baseline.as_ref().map(paired));
    text.extend(scored.again.as_ref().map(again));
    text
}

fn gate(gate: &GateResult) -> String {
    format!("  {} {:<14} {}\n", symbol(gate.outcome), gate.gate.word(), gate.sentence)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn slice(slice: &Slice) -> String {
    let right = &slice.right;
    let name = format!("{} {}", slice.key, slice.value);
    let (lo, hi) = (percent(right.lo), percent(right.hi));
    format!("  {name:<28} {:>8} of {:>4}   95 % bounds {lo} and {hi}\n", percent(right.value), right.n)
}

fn paired(paired: &Paired) -> String {
    let mut text = format!("\nAgainst the baseline\n  {} {}\n", symbol(paired.outcome), paired.sentence);
    let _ = writeln!(
        text,
        "  right on both sides {}, baseline alone {}, candidate alone {}, neither {}; exact p that it is worse {:.3}",
        paired.both_right, paired.only_baseline, paired.only_candidate, paired.both_wrong, paired.p_worse
    );
    if paired.not_compared > 0 {
        let _ = writeln!(
            text,
            "  not compared: {} items that are not the same on both sides",
            paired.not_compared
        );
    }
    text + &listed("lost", &paired.lost) + &listed("gained", &paired.gained)
}

fn again(repeated: &Repeated) -> String {
    let Repeated { n, texts_differ, outcomes_differ } = repeated;
    let outcome = if texts_differ.is_empty() { Outcome::Pass } else { Outcome::Info };
    let mut text = format!(
        "\nAsked again\n  {} {n} items; texts that differ: {}, outcomes that differ: {}\n",
        symbol(outcome),
        texts_differ.len(),
        outcomes_differ.len()
    );
    text.push_str(&listed("other texts", texts_differ));
    text
}

fn listed(what: &str, ids: &[String]) -> String {
    if ids.is_empty() {
        return String::new();
    }
    format!("  {what} ({}): {}\n", ids.len(), some_of(ids, MOST))
}
