//! Answers against the bars of their set.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::answer::{Cell, ItemOutcome, Outcome as Answered, ScoredAnswer};
use edgesoak_record::gate::Gate;
use edgesoak_record::golden::{AskedItem, Split};
use edgesoak_record::verdict::{GateResult, Outcome, Verdict};
use serde::Serialize;

use super::proportion::{Counted, Proportion};
use crate::outcome::{Estimate, Finding, against};

/// Bars; a figure without one is information.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bars {
    /// Least share of items that are answered right.
    pub quality: Option<f64>,
    /// Largest share of unanswerable items that are answered all the same.
    pub false_answers: Option<f64>,
}

/// What was asked of one part of a set, and what came back. Bars and shares are of that part alone.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    split: Split,
    answers: Vec<&'a ScoredAnswer>,
    unanswered: Vec<&'a AskedItem>,
    bars: Bars,
    slices: &'a [String],
}

impl<'a> Asked<'a> {
    /// The items of a part, and those of the answers that belong to them; of each item one.
    #[must_use]
    pub fn of(
        split: Split,
        items: impl IntoIterator<Item = &'a AskedItem>,
        answers: impl IntoIterator<Item = &'a ScoredAnswer>,
    ) -> Self {
        let items = items.into_iter().filter(|item| item.split == split);
        let mut lacking: BTreeMap<&str, &AskedItem> = items.map(|item| (item.id.as_str(), item)).collect();
        let answers = answers.into_iter().filter(|answer| lacking.remove(answer.item.as_str()).is_some());
        let answers = answers.collect();
        Self {
            split,
            answers,
            unanswered: lacking.into_values().collect(),
            bars: Bars::default(),
            slices: &[],
        }
    }

    /// Held against these bars.
    #[must_use]
    pub fn with_bars(self, bars: Bars) -> Self {
        Self { bars, ..self }
    }

    /// Shown by these keys too.
    #[must_use]
    pub fn by_slices(self, slices: &'a [String]) -> Self {
        Self { slices, ..self }
    }

    /// Items there are.
    pub(super) fn items(&self) -> u64 {
        (self.answers.len() + self.unanswered.len()) as u64
    }

    /// Those that were answered right.
    pub(super) fn right(&self) -> u64 {
        self.answers.iter().filter(|answer| answer.passed()).count() as u64
    }

    pub(super) fn outcomes(&self) -> Vec<ItemOutcome> {
        self.answers.iter().copied().map(ItemOutcome::from).collect()
    }

    /// Ids of those without an answer.
    pub(super) fn unanswered(&self) -> Vec<String> {
        self.unanswered.iter().map(|item| item.id.clone()).collect()
    }
}

/// The part of a set that bars are for, where these items are asked: the gate split. Where a session asks the smoke split
/// alone, that has to do, and every sentence says so.
#[must_use]
pub fn barred<'a>(items: impl IntoIterator<Item = &'a AskedItem>) -> Split {
    let asks_gate = items.into_iter().any(|item| item.split == Split::Gate);
    if asks_gate { Split::Gate } else { Split::Smoke }
}

/// What the answers show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// Whether every bar is reached, with confidence.
    pub verdict: Verdict,
    /// A stable word for the cause.
    pub reason: String,
    /// `quality` and `false_answers`.
    pub gates: Vec<GateResult>,
    /// Answered or abstained, right or wrong: how many of each.
    pub cells: BTreeMap<Cell, u64>,
    /// Shares by slice.
    pub slices: Vec<Slice>,
    /// Critical items that were not answered right.
    pub critical_wrong: Vec<String>,
    /// Items without an answer.
    pub unanswered: Vec<String>,
}

/// The share of items that were answered right in one slice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// What it is sliced by.
    pub key: String,
    /// The value that its items share.
    pub value: String,
    /// Items answered right.
    pub right: Proportion,
}

/// Holds answers against their bars.
#[must_use]
pub fn judge(asked: &Asked) -> Judged {
    let gates = vec![result(Gate::Quality, quality(asked)), result(Gate::FalseAnswers, false_answers(asked))];
    let (verdict, reason) = concluded(asked, &gates);
    let mut cells: BTreeMap<Cell, u64> = Cell::ALL.into_iter().map(|cell| (cell, 0)).collect();
    for answer in &asked.answers {
        *cells.entry(answer.cell).or_default() += 1;
    }
    let wrong = asked.answers.iter().filter(|answer| answer.critical && !answer.passed());
    Judged {
        verdict,
        reason,
        gates,
        cells,
        slices: slices(asked),
        critical_wrong: wrong.map(|answer| answer.item.clone()).collect(),
        unanswered: asked.unanswered(),
    }
}

fn cluster<'a>(cluster: Option<&'a String>, item: &'a str) -> &'a str {
    cluster.map_or(item, String::as_str)
}

fn counted(answer: &ScoredAnswer) -> Counted<'_> {
    let right = match answer.outcome {
        Answered::Pass => Some(true),
        Answered::Fail => Some(false),
        Answered::Unknown => None,
    };
    (right, cluster(answer.cluster.as_ref(), &answer.item))
}

/// `quality`: the share of items that were answered right.
pub(super) fn quality(asked: &Asked) -> Finding {
    let missing = asked.unanswered.iter().map(|item| (None, cluster(item.cluster.as_ref(), &item.id)));
    let share = Proportion::of(asked.answers.iter().copied().map(counted).chain(missing));
    let nothing = "No item was asked";
    judged((Gate::Quality, asked.bars.quality), asked.split, share, ("Quality:", nothing))
}

/// `false_answers`: the share of unanswerable items that were answered all the same.
pub(super) fn false_answers(asked: &Asked) -> Finding {
    let answered = asked.answers.iter().filter(|answer| !answer.cell.is_answerable()).map(|answer| {
        let is_false = match answer.cell {
            Cell::UnansweredUnanswerable => None,
            cell => Some(cell == Cell::AnsweredUnanswerable),
        };
        (is_false, cluster(answer.cluster.as_ref(), &answer.item))
    });
    let missing = asked.unanswered.iter().filter(|item| !item.answerable);
    let missing = missing.map(|item| (None, cluster(item.cluster.as_ref(), &item.id)));
    let nothing = "No item that was asked is unanswerable";
    let share = Proportion::of(answered.chain(missing));
    let words = ("Answers to the unanswerable:", nothing);
    judged((Gate::FalseAnswers, asked.bars.false_answers), asked.split, share, words)
}

fn judged(
    (gate, bar): (Gate, Option<f64>),
    split: Split,
    share: Option<Proportion>,
    (name, nothing): (&str, &str),
) -> Finding {
    let Some(share) = share else { return Finding::not_proven("no_items", nothing).limit(bar) };
    // Nobody needs to be told what bars are for; of other items that must not be taken for granted.
    let which = if split == Split::Gate { String::new() } else { format!("{} ", split.word()) };
    let mut note = format!("{} of {} {which}items", share.count, share.n);
    if share.unknown > 0 {
        note = format!("{note}, {} of them unknown", share.unknown);
    }
    let estimate = Estimate::exact(name, share.value, share.n).bounds(Some((share.lo, share.hi)));
    against(gate, bar, estimate.note(note))
}

fn result(gate: Gate, finding: Finding) -> GateResult {
    GateResult {
        gate,
        outcome: finding.outcome,
        measured: finding.measured,
        lo: finding.lo,
        hi: finding.hi,
        limit: finding.limit,
        unit: gate.unit().to_owned(),
        n: finding.n,
        sentence: finding.sentence + ".",
        cause: finding.cause,
        blocking: finding.limit.is_some(),
        accepted: None,
        waived: None,
        evidence: finding.evidence,
    }
}

fn concluded(asked: &Asked, gates: &[GateResult]) -> (Verdict, String) {
    let speaking = |outcome| gates.iter().find(|gate| gate.blocking && gate.outcome == outcome);
    let because = |gate: &GateResult| gate.cause.clone().unwrap_or_else(|| gate.gate.word().to_owned());
    if asked.answers.is_empty() {
        (Verdict::Nothing, "no_answers".to_owned())
    } else if let Some(gate) = speaking(Outcome::Fail) {
        (Verdict::Fail, because(gate))
    } else if let Some(gate) = speaking(Outcome::NotProven) {
        (Verdict::NotProven, because(gate))
    } else if speaking(Outcome::Pass).is_some() {
        (Verdict::Pass, "pass".to_owned())
    } else {
        (Verdict::Nothing, "no_bars".to_owned())
    }
}

fn slices(asked: &Asked) -> Vec<Slice> {
    let mut slices = Vec::new();
    for key in asked.slices {
        let values: BTreeSet<&String> =
            asked.answers.iter().filter_map(|answer| answer.slices.get(key)).collect();
        for value in values {
            let of_value = asked.answers.iter().filter(|answer| answer.slices.get(key) == Some(value));
            if let Some(right) = Proportion::of(of_value.copied().map(counted)) {
                slices.push(Slice { key: key.clone(), value: value.clone(), right });
            }
        }
    }
    slices
}

#[cfg(test)]
pub(super) mod tests;
