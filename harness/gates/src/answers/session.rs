//! The answers of one session: what its gates rest on, and what is shown of them.

use std::collections::BTreeSet;

use edgesoak_record::answer::{Outcome as Answered, Part, ScoredAnswer};
use edgesoak_record::examined::{Examined, SliceShare, WrongItem};
use edgesoak_record::gate::Gate;
use edgesoak_record::golden::{AskedItem, GoldenRecord, Heat, Split};
use edgesoak_record::trial::TrialAnswers;
use edgesoak_record::verdict::Outcome;

use super::judged::{Asked, Bars, barred, false_answers, judge, quality};
use super::repeated::repeated;
use crate::outcome::Finding;

/// Most items that are listed by name.
const MOST_LISTED: usize = 200;
/// Most reasons of one item.
const MOST_REASONS: usize = 4;
/// Most items that a sentence names.
const MOST_NAMED: usize = 3;

/// A session's answers, sorted by when they were given.
pub(crate) struct SessionAnswers<'a> {
    record: &'a GoldenRecord,
    /// Right after the soak.
    hot: Vec<ScoredAnswer>,
    /// Behind the rest: these are judged.
    rested: Vec<ScoredAnswer>,
}

/// Scored answers that were given then.
pub(crate) fn given(record: &GoldenRecord, heat: Heat) -> Vec<ScoredAnswer> {
    let answers = record.answers.iter().filter(|answer| answer.heat == heat);
    answers.map(|answer| answer.scored.clone()).collect()
}

impl<'a> SessionAnswers<'a> {
    pub(crate) fn of(record: &'a GoldenRecord) -> Self {
        let (hot, rested) = (given(record, Heat::Hot), given(record, Heat::Rested));
        Self { record, hot, rested }
    }

    /// The part of them that bars are for.
    fn split(&self) -> Split {
        barred(&self.record.asked.items)
    }

    fn asked(&self) -> Asked<'_> {
        Asked::of(self.split(), &self.record.asked.items, &self.rested).by_slices(&self.record.asked.slices)
    }

    /// What one of the two gates says of the answers; the set's items hold whatever the heat.
    pub(crate) fn finding(&self, gate: Gate, bar: Option<f64>) -> Finding {
        let asked = self.asked();
        // Of the smoke split too: what is right hot is held against the same item rested.
        let items = self.record.asked.items.len();
        let came: BTreeSet<&str> = self.rested.iter().map(|answer| answer.item.as_str()).collect();
        let lacking = self.record.asked.items.iter().filter(|item| !came.contains(item.id.as_str())).count();
        let finding = match gate {
            Gate::FalseAnswers => false_answers(&asked.with_bars(Bars { quality: None, false_answers: bar })),
            _ => self.quality(&asked.with_bars(Bars { quality: bar, false_answers: None })),
        };
        if lacking > 0 && finding.outcome == Outcome::Pass {
            let words = format!("{lacking} of {items} items have no answer");
            return finding.withdrawn("answers_missing", &words);
        }
        finding
    }

    fn quality(&self, asked: &Asked<'_>) -> Finding {
        let mut finding = quality(asked);
        let critical = self.rested.iter().filter(|answer| answer.critical && !answer.passed()).count();
        if critical > 0 {
            let items = if critical == 1 { "item is" } else { "items are" };
            finding.sentence = format!("{}; {critical} critical {items} wrong", finding.sentence);
        }
        let hot = self.wrong_when_hot();
        let unknown = self.unknown_when_hot();
        let is_pass = finding.outcome == Outcome::Pass;
        if hot.is_empty() && unknown > 0 && is_pass {
            let asked = self.hot_items().len();
            let known = asked - unknown;
            let words = format!("Of {asked} items asked right after the soak, {known} have a known answer");
            return finding.withdrawn("heat_not_shown", &words);
        }
        if hot.is_empty() {
            return finding;
        }
        let named: Vec<&str> = hot.iter().take(MOST_NAMED).map(String::as_str).collect();
        let more = if hot.len() > named.len() { ", ..." } else { "" };
        let count = format!("{} of {} items", hot.len(), self.hot.len());
        let words = format!("Right when rested, wrong when hot: {count} ({}{more})", named.join(", "));
        if is_pass {
            return finding.withdrawn("wrong_when_hot", &words);
        }
        finding.sentence =
            format!("{}; {}", finding.sentence, crate::outcome::finding::decapitalised(&words));
        finding
    }

    /// Items that were to be asked right after the soak.
    fn hot_items(&self) -> &[AskedItem] {
        let items = &self.record.asked.items;
        &items[..items.len().min(self.record.asked.hot as usize)]
    }

    /// So many of them have no answer from then that is known to be right or wrong.
    fn unknown_when_hot(&self) -> usize {
        let is_known = |item: &&AskedItem| {
            let mut hot = self.hot.iter().filter(|answer| answer.outcome != Answered::Unknown);
            hot.any(|answer| answer.item == item.id)
        };
        self.hot_items().len() - self.hot_items().iter().filter(is_known).count()
    }

    fn wrong_when_hot(&self) -> Vec<String> {
        let right = |item: &str, answers: &[ScoredAnswer]| {
            answers.iter().any(|answer| answer.item == item && answer.passed())
        };
        let hot = self.hot.iter().filter(|answer| answer.outcome == Answered::Fail);
        hot.map(|answer| answer.item.clone()).filter(|item| right(item, &self.rested)).collect()
    }

    /// What a comparison with other sessions rests on.
    pub(crate) fn of_trial(&self) -> TrialAnswers {
        let asked = self.asked();
        TrialAnswers { split: self.split(), items: asked.outcomes(), unanswered: asked.unanswered() }
    }

    /// Everything that is shown beside the gates.
    pub(crate) fn examined(&self) -> Examined {
        let asked = &self.record.asked;
        let (of_split, judged) = (self.asked(), judge(&self.asked()));
        let wrong: Vec<&ScoredAnswer> = self.rested.iter().filter(|answer| !answer.passed()).collect();
        let slice = |slice: super::Slice| SliceShare {
            key: slice.key,
            value: slice.value,
            right: slice.right.count,
            n: slice.right.n,
            lo: slice.right.lo,
            hi: slice.right.hi,
        };
        Examined {
            set: asked.set.clone(),
            set_digest: asked.set_digest.clone(),
            split: Some(self.split()),
            asked: of_split.items(),
            right: of_split.right(),
            cells: judged.cells,
            slices: judged.slices.into_iter().map(slice).collect(),
            wrong: wrong.iter().take(MOST_LISTED).map(|answer| wrong_item(answer)).collect(),
            more_wrong: wrong.len().saturating_sub(MOST_LISTED) as u64,
            unanswered: judged.unanswered,
            hot: self.hot_items().len() as u64,
            hot_unknown: self.unknown_when_hot() as u64,
            wrong_when_hot: self.wrong_when_hot(),
            other_when_hot: repeated(&self.hot, &self.rested).texts_differ,
            routing: None,
        }
    }
}

fn wrong_item(answer: &ScoredAnswer) -> WrongItem {
    let mut reasons = Vec::new();
    collect(&answer.part, &mut reasons);
    reasons.truncate(MOST_REASONS);
    let (item, critical, cell) = (answer.item.clone(), answer.critical, answer.cell);
    WrongItem { item, critical, cell, reasons }
}

/// What the scorers at the ends of the tree say that do not hold.
fn collect(part: &Part, reasons: &mut Vec<String>) {
    if part.outcome == Answered::Pass {
        return;
    }
    if part.parts.is_empty() {
        reasons.push(format!("{}: {}", part.scorer, part.reason));
    }
    part.parts.iter().for_each(|part| collect(part, reasons));
}
