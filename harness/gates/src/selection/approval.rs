//! Exports as sessions measured them: held against their baseline on the same items.

use std::collections::BTreeSet;

use edgesoak_record::SessionRecord;
use edgesoak_record::answer::ItemOutcome;
use edgesoak_record::golden::{GoldenRecord, Heat};
use edgesoak_record::policy::ExportPolicy;
use edgesoak_record::verdict::Outcome;
use serde::Serialize;

use super::choice::{Miss, open};
use super::measured::Measured;
use crate::answers::{Paired, barred, compare_within, given};

/// What an export lost on one family of a route.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportHeld {
    /// Id of the route.
    pub route: String,
    /// Id of the family.
    pub family: String,
    /// Id of the export.
    pub candidate: String,
    /// Id of the candidate that it was made from.
    pub baseline: String,
    /// `Pass`: no more was lost than accepted, with confidence.
    pub outcome: Outcome,
    /// A stable word for a `Fail` or `NotProven`.
    pub cause: Option<String>,
    /// In one sentence, without a full stop.
    pub sentence: String,
    /// Item by item; `None` where there is nothing to compare.
    pub paired: Option<Paired>,
}

impl ExportHeld {
    /// Nothing could be compared.
    pub(super) fn not_compared(self, cause: &str, sentence: String) -> Self {
        Self { outcome: Outcome::NotProven, cause: Some(cause.to_owned()), sentence, paired: None, ..self }
    }

    pub(super) fn is_of(&self, route: &str, candidate: &str) -> bool {
        self.route == route && self.candidate == candidate
    }

    /// What keeps the export from being chosen.
    pub(super) fn miss(&self) -> Option<Miss> {
        let cause = self.cause.as_deref().unwrap_or("export");
        let why = format!("export of `{}`: {}", self.baseline, self.sentence);
        (self.outcome != Outcome::Pass)
            .then(|| Miss { outcome: self.outcome, ..open(&self.family, cause, why) })
    }

    /// Holds the sessions of an export on one family against those of its baseline: each against one of the same device, where
    /// there is one. The worst of them speaks.
    pub(super) fn over(
        self,
        rule: Option<ExportPolicy>,
        exports: &[&SessionRecord],
        baselines: &[&Measured<'_>],
    ) -> Self {
        let Some(rule) = rule else {
            return self.not_compared("no_export_rule", "the policy says nothing of exports".to_owned());
        };
        let held = exports.iter().map(|export| self.clone().held(rule, export, baselines));
        let rank = |held: &Self| match held.outcome {
            Outcome::Fail => 0,
            Outcome::NotProven => 1,
            Outcome::Pass | Outcome::Info => 2,
        };
        held.min_by_key(rank)
            .unwrap_or_else(|| self.not_compared("not_run", "it answered nothing there".to_owned()))
    }

    fn held(self, rule: ExportPolicy, export: &SessionRecord, baselines: &[&Measured<'_>]) -> Self {
        let Some(ours) = &export.golden else {
            return self.not_compared("not_asked", "it was asked no golden items there".to_owned());
        };
        let mut baselines: Vec<_> = baselines.iter().filter(|it| it.record.golden.is_some()).collect();
        let are_asked = !baselines.is_empty();
        baselines.retain(|baseline| baseline.ran_as_planned());
        let device = &export.planned.device.id;
        let same = baselines.iter().find(|it| it.record.planned.device.id == *device);
        let theirs = same.or(baselines.first()).and_then(|it| it.record.golden.as_ref());
        let Some(theirs) = theirs else {
            let what = if are_asked {
                "answered there in no session that ran as planned and to its end"
            } else {
                "answered no golden items there"
            };
            let sentence = format!("`{}` {what}", self.baseline);
            return self.not_compared("no_baseline", sentence);
        };
        let paired = paired(rule, ours, theirs);
        Self {
            outcome: paired.outcome,
            cause: paired.cause.map(str::to_owned),
            sentence: paired.sentence.trim_end_matches('.').to_owned(),
            paired: Some(paired),
            ..self
        }
    }
}

/// Item by item, of those that bars are for and the export was asked: which ones a round draws is no merit and no fault
/// of it. Prompts that the baseline refused, and should not have, tell nothing of what it knows: whoever answers them has gained
/// nothing.
fn paired(rule: ExportPolicy, ours: &GoldenRecord, theirs: &GoldenRecord) -> Paired {
    let split = barred(&ours.asked.items);
    let asked = ours.asked.items.iter().filter(|item| item.split == split);
    let asked: BTreeSet<&str> = asked.map(|item| item.id.as_str()).collect();
    let refused = theirs.answers.iter().filter(|answer| answer.is_refused() && !answer.scored.passed());
    let refused: BTreeSet<&str> = refused.map(|answer| answer.scored.item.as_str()).collect();
    let outcomes = |record| {
        let answers = given(record, Heat::Rested);
        let of_both = answers.iter().filter(|answer| asked.contains(answer.item.as_str()));
        of_both.map(ItemOutcome::from).collect::<Vec<_>>()
    };
    let mut baseline = outcomes(theirs);
    baseline.retain(|answer| !refused.contains(answer.item.as_str()));
    compare_within(rule.largest_drop, &outcomes(ours), &baseline)
}
