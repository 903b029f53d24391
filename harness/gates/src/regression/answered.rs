//! Answers of one device against those of a reference: every item that both sides were asked.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::answer::{ItemOutcome, Outcome as Answered};
use edgesoak_record::comparison::{AnswersChange, Change, MoreRuns};
use edgesoak_record::golden::Split;
use edgesoak_record::trial::{Shown, Trial};
use edgesoak_record::verdict::Outcome;

use crate::answers::{Paired, compare};
use crate::regression::request::{Arm, Subject};

/// Most items of a list.
const MOST_LISTED: usize = 200;

/// Adds to a change what became of the answers. They weigh as much as the rate: a candidate that is not slower and answers
/// worse does not pass.
#[must_use]
pub fn with_answers(change: Change, subject: &Subject) -> Change {
    let arm = subject.references.iter().find(|(which, _)| *which == change.reference).map(|(_, arm)| arm);
    let (ours, theirs) = (Side::of(&subject.candidate, worse), arm.and_then(|arm| Side::of(arm, better)));
    match (ours, theirs) {
        (ours, Some(theirs))
            if theirs.was_asked_more(ours.as_ref()) && !subject.candidate.trials.is_empty() =>
        {
            let title = change.reference.title();
            decided(change, not_asked(title))
        }
        (Some(ours), Some(theirs)) => decided(change, held(&ours, &theirs)),
        (Some(_), None) => noted(change, "The candidate was asked golden items and", false),
        (None, Some(_)) => noted(change, "The candidate was asked no golden items and", true),
        (None, None) => change,
    }
}

/// Who asks less has shown less: nothing is proven of items that bars are for.
fn not_asked(title: &str) -> AnswersChange {
    let sentence = format!(
        "Answers: {title} was asked the items that bars are for, and no run of the candidate that is evidence was."
    );
    let (outcome, cause) = (Outcome::NotProven, Some("answers_not_asked".to_owned()));
    AnswersChange { outcome, cause, sentence, ..told(compare(&[], &[]), Split::Gate, 0) }
}

fn noted(mut change: Change, words: &str, was_asked: bool) -> Change {
    let title = change.reference.title();
    let verb = if was_asked { "was" } else { "was not" };
    change.notes.push(format!("{words} {title} {verb}: no answers were compared."));
    change
}

fn decided(change: Change, answers: AnswersChange) -> Change {
    let is_heavier = match answers.outcome {
        Outcome::Fail => change.outcome != Outcome::Fail,
        Outcome::NotProven => change.outcome == Outcome::Pass,
        Outcome::Pass | Outcome::Info => false,
    };
    if !is_heavier {
        return Change { answers: Some(answers), ..change };
    }
    let (outcome, cause, sentence) = (answers.outcome, answers.cause.clone(), answers.sentence.clone());
    // Greedy answers repeat: more runs would only tell of the rate, which speaks no more.
    let more_runs = MoreRuns::default();
    Change { outcome, cause, sentence, more_runs, answers: Some(answers), ..change }
}

/// What a candidate shows of an item that its sessions do not agree on: the worst of it.
fn worse(one: Answered, other: Answered) -> Answered {
    if [one, other].contains(&Answered::Fail) { Answered::Fail } else { Answered::Unknown }
}

/// What a reference shows of one: it could answer it right. A candidate gains nothing by what nobody can tell.
fn better(one: Answered, other: Answered) -> Answered {
    if [one, other].contains(&Answered::Pass) { Answered::Pass } else { Answered::Unknown }
}

/// A broken promise of integrity is one about answers too. What speaks against a rate leaves them alone.
fn are_evidence(trial: &Trial) -> bool {
    !matches!(trial.shown, Shown::Broken { .. })
}

/// The answers of all sessions of one side that are evidence.
struct Side {
    split: Split,
    items: BTreeMap<(String, String), ItemOutcome>,
    asked: BTreeSet<String>,
    unsteady: BTreeSet<String>,
    settles: fn(Answered, Answered) -> Answered,
}

impl Side {
    /// `None` where no session was asked anything. Where one was asked the gate split, those count that were.
    fn of(arm: &Arm, settles: fn(Answered, Answered) -> Answered) -> Option<Self> {
        let all = || {
            let trials = arm.trials.iter().filter(|trial| are_evidence(trial));
            trials.filter_map(|trial| trial.answers.as_ref())
        };
        let split = all().map(|answers| answers.split).find(|split| *split == Split::Gate);
        let split = split.or_else(|| all().map(|answers| answers.split).next())?;
        let (items, asked, unsteady) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let mut side = Self { split, items, asked, unsteady, settles };
        for answers in all().filter(|answers| answers.split == split) {
            side.asked.extend(answers.unanswered.iter().cloned());
            answers.items.iter().for_each(|answer| side.add(answer));
        }
        Some(side)
    }

    /// Whether bars are for its items, and not for those that the candidate was asked.
    fn was_asked_more(&self, candidate: Option<&Self>) -> bool {
        self.split == Split::Gate && candidate.is_none_or(|candidate| candidate.split != Split::Gate)
    }

    /// Greedy answers are the same in every session. Where they are not, an item is right for a reference that answered it
    /// right once, and for a candidate that always did.
    fn add(&mut self, answer: &ItemOutcome) {
        self.asked.insert(answer.item.clone());
        let key = (answer.item.clone(), answer.item_digest.clone());
        let known = self.items.entry(key).or_insert_with(|| answer.clone());
        known.critical |= answer.critical;
        if known.outcome != answer.outcome {
            self.unsteady.insert(answer.item.clone());
            known.outcome = (self.settles)(known.outcome, answer.outcome);
        }
    }
}

fn held(ours: &Side, theirs: &Side) -> AnswersChange {
    let candidate: Vec<ItemOutcome> = ours.items.values().cloned().collect();
    // What the candidate was not asked, it did not lose.
    let reference = theirs.items.values().filter(|answer| ours.asked.contains(&answer.item));
    let mut reference: Vec<ItemOutcome> = reference.cloned().collect();
    let known: BTreeSet<&str> = theirs.items.values().map(|answer| answer.item.as_str()).collect();
    // What the reference was asked and lost, it may have answered either way.
    let is_lost = |item: &String| theirs.asked.contains(item) && !known.contains(item.as_str());
    let lost = candidate.iter().filter(|answer| is_lost(&answer.item));
    reference.extend(lost.map(|answer| ItemOutcome { outcome: Answered::Unknown, ..answer.clone() }));
    let unsteady = ours.unsteady.union(&theirs.unsteady).count() as u64;
    told(compare(&candidate, &reference), ours.split, unsteady)
}

fn told(paired: Paired, split: Split, unsteady: u64) -> AnswersChange {
    // A few items cannot show that no more than the margin is lost, and bars are not for them.
    let is_told_alone = split != Split::Gate && paired.outcome != Outcome::Fail;
    let cause = paired.cause.filter(|_| !is_told_alone).map(|cause| format!("answers_{cause}"));
    let which = if split == Split::Gate { "" } else { "smoke split, " };
    let listed = |items: Vec<String>| items.into_iter().take(MOST_LISTED).collect();
    AnswersChange {
        outcome: if is_told_alone { Outcome::Info } else { paired.outcome },
        cause,
        sentence: format!("Answers: {which}{}", paired.sentence),
        split,
        n: paired.n,
        not_compared: paired.not_compared,
        both_right: paired.both_right,
        only_reference: paired.only_baseline,
        only_candidate: paired.only_candidate,
        both_wrong: paired.both_wrong,
        difference: paired.difference,
        lo: paired.lo,
        hi: paired.hi,
        p_worse: paired.p_worse,
        lost: listed(paired.lost),
        gained: listed(paired.gained),
        critical_lost: listed(paired.critical_lost),
        unanswered: listed(paired.unanswered),
        unsteady,
    }
}
