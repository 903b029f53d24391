//! Answers to golden items beside rates: a candidate that is no slower and answers worse does not pass.

use edgesoak_gates::regression::{Arm, Shown, Subject, compare};
use edgesoak_record::answer::{ItemOutcome, Outcome as Answered};
use edgesoak_record::comparison::{AnswersChange, Change, Comparison, MoreRuns};
use edgesoak_record::golden::Split;
use edgesoak_record::policy::Waiver;
use edgesoak_record::trial::TrialAnswers;
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{known, request, single};

/// Three runs of one thing, as fast as any.
const STEADY: [f64; 3] = [19.98, 20.0, 20.02];

/// Items of a range, of which these are wrong; every tenth is critical.
fn told(split: Split, items: std::ops::Range<usize>, wrong: &[usize]) -> TrialAnswers {
    let item = |item: usize| ItemOutcome {
        item: format!("item-{item}"),
        item_digest: format!("{item:064}"),
        cluster: None,
        critical: item.is_multiple_of(10),
        outcome: Answered::of(!wrong.contains(&item)),
    };
    TrialAnswers { split, items: items.map(item).collect(), unanswered: Vec::new() }
}

fn gate(wrong: &[usize]) -> TrialAnswers {
    told(Split::Gate, 0..300, wrong)
}

/// Every run of an arm answers the same.
fn answer(arm: &mut Arm, answers: &TrialAnswers) {
    arm.trials.iter_mut().for_each(|trial| trial.answers = Some(answers.clone()));
}

fn subject(candidate: Option<&TrialAnswers>, reference: Option<&TrialAnswers>) -> Subject {
    let mut subject = known("one", &STEADY, &STEADY);
    if let Some(answers) = candidate {
        answer(&mut subject.candidate, answers);
    }
    if let Some(answers) = reference {
        answer(&mut subject.references[0].1, answers);
    }
    subject
}

fn held(candidate: &TrialAnswers, reference: &TrialAnswers) -> (Change, AnswersChange) {
    let (_, change) = single(subject(Some(candidate), Some(reference)));
    let answers = change.answers.clone().expect("both were asked");
    (change, answers)
}

fn said(change: &Change) -> (Outcome, Option<&str>) {
    (change.outcome, change.cause.as_deref())
}

#[test]
fn equal_answers_leave_the_rate_to_decide() {
    let (change, answers) = held(&gate(&[3, 5]), &gate(&[3, 7]));
    assert_eq!(said(&change), (Outcome::Pass, None), "{}", change.sentence);
    assert_eq!(
        (answers.outcome, answers.n, answers.both_right, answers.both_wrong),
        (Outcome::Pass, 300, 297, 1)
    );
    assert_eq!((answers.lost, answers.gained), (vec!["item-5".to_owned()], vec!["item-7".to_owned()]));
    assert!(change.sentence.contains("rate"), "{}", change.sentence);
}

#[test]
fn answers_that_got_worse_fail_a_candidate_that_is_as_fast() {
    let many: Vec<usize> = (1..60_usize).filter(|item| !item.is_multiple_of(10)).collect();
    let (comparison, change) = single(subject(Some(&gate(&many)), Some(&gate(&[]))));
    assert_eq!(said(&change), (Outcome::Fail, Some("answers_worse")));
    assert!(change.sentence.starts_with("Answers: 54 of 300 same items lost"), "{}", change.sentence);
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::Fail, "answers_worse"));
    assert_eq!(comparison.headline(), "WORSE ANSWERS");
    let (change, answers) = held(&gate(&[20]), &gate(&[]));
    assert_eq!(said(&change), (Outcome::Fail, Some("answers_critical")));
    assert_eq!(answers.critical_lost, ["item-20"]);
}

/// With a waiver of `regression`, and a tier that accepts by name that it is not proven.
fn excused(subject: Subject) -> Comparison {
    let mut asked = request(vec![subject, known("two", &STEADY, &STEADY)]);
    let waiver: Waiver = serde_json::from_value(serde_json::json!({
        "gate": "regression", "device": "one", "family": null, "reason": "known", "owner": "team",
        "approver": "lead", "ticket": "LAB-1", "expires": "2100-01-01", "max_uses": null
    }))
    .expect("a waiver");
    asked.rules.waivers.push(waiver);
    asked.rules.opened = Some(Nanos::from_secs(1_900_000_000));
    asked.rules.accepts_not_proven = true;
    compare(&asked)
}

#[test]
fn nothing_excuses_answers_that_are_lost_or_not_shown() {
    let lost = excused(subject(Some(&gate(&[20])), Some(&gate(&[]))));
    assert_eq!((lost.verdict, lost.devices[0].accepted.as_ref()), (Verdict::Fail, None));
    let few = told(Split::Gate, 1..10, &[]);
    let few = excused(subject(Some(&few), Some(&few)));
    assert_eq!((few.verdict, few.devices[0].accepted.as_ref()), (Verdict::NotProven, None));
    // Nor a rate that is too low, behind which they are not shown.
    let mut slow = known("one", &[18.0, 18.1, 17.9], &STEADY);
    answer(&mut slow.references[0].1, &gate(&[]));
    let mut sound = slow.clone();
    assert_eq!(excused(slow).verdict, Verdict::Fail);
    answer(&mut sound.candidate, &gate(&[]));
    assert_eq!(excused(sound).verdict, Verdict::Pass);
}

#[test]
fn a_few_items_prove_nothing_of_the_gate_and_are_told_of_the_smoke_split() {
    let few = |split| told(split, 1..10, &[]);
    let (change, _) = held(&few(Split::Gate), &few(Split::Gate));
    assert_eq!(said(&change), (Outcome::NotProven, Some("answers_too_close")));
    let (change, answers) = held(&few(Split::Smoke), &few(Split::Smoke));
    assert_eq!((said(&change), answers.outcome), ((Outcome::Pass, None), Outcome::Info));
    let (change, _) = held(&told(Split::Smoke, 0..10, &[0]), &told(Split::Smoke, 0..10, &[]));
    assert_eq!(said(&change), (Outcome::Fail, Some("answers_critical")), "a loss is one");
}

#[test]
fn what_one_side_was_not_asked_is_noted_and_lost_by_nobody() {
    let smoke = told(Split::Smoke, 0..10, &[]);
    for (candidate, reference) in [(Some(gate(&[])), None), (None, Some(smoke))] {
        let (_, change) = single(subject(candidate.as_ref(), reference.as_ref()));
        assert_eq!((said(&change), change.answers.as_ref()), ((Outcome::Pass, None), None));
        assert!(
            change.notes.iter().any(|note| note.contains("no answers were compared")),
            "{:?}",
            change.notes
        );
    }
    // Another draw of items: those that the candidate was not asked are not missing.
    let (change, answers) = held(&told(Split::Gate, 100..300, &[]), &gate(&[]));
    assert_eq!((said(&change), answers.n, answers.unanswered.len()), ((Outcome::Pass, None), 200, 0));
    let mut lacking = told(Split::Gate, 1..300, &[]);
    lacking.unanswered.push("item-0".to_owned());
    let (change, answers) = held(&lacking, &gate(&[]));
    assert_eq!(said(&change), (Outcome::NotProven, Some("answers_critical_unanswered")));
    assert_eq!(answers.unanswered, ["item-0"]);
}

#[test]
fn an_item_that_is_right_now_and_wrong_then_is_wrong_in_whatever_order() {
    let mut one = subject(Some(&gate(&[])), Some(&gate(&[])));
    one.candidate.trials[1].answers = Some(gate(&[7]));
    let mut other = one.clone();
    other.candidate.trials.reverse();
    for subject in [one, other] {
        let (_, change) = single(subject);
        let answers = change.answers.expect("both were asked");
        assert_eq!((answers.unsteady, answers.lost), (1, vec!["item-7".to_owned()]));
    }
}

#[test]
fn a_reference_that_was_right_once_is_right_and_a_critical_item_is_not_lost_behind_it() {
    let mut subject = subject(Some(&gate(&[20])), Some(&gate(&[])));
    subject.references[0].1.trials[1].answers = Some(gate(&[20]));
    let (_, change) = single(subject);
    assert_eq!(said(&change), (Outcome::Fail, Some("answers_critical")), "{}", change.sentence);
}

#[test]
fn runs_that_break_a_promise_of_integrity_say_nothing_of_answers() {
    // It was right once, on a processor that it was not to run on.
    let mut subject = subject(Some(&gate(&[20])), Some(&gate(&[20])));
    let arm = &mut subject.references[0].1;
    let mut broken = arm.trials[0].clone();
    broken.shown = Shown::Broken { cause: "placement".to_owned(), sentence: String::new() };
    broken.answers = Some(gate(&[]));
    arm.trials.push(broken);
    arm.scheduled += 1;
    let (_, change) = single(subject);
    let answers = change.answers.clone().expect("both were asked");
    assert_eq!((said(&change), answers.unsteady), ((Outcome::Pass, None), 0), "{}", change.sentence);
}

#[test]
fn what_speaks_against_a_rate_leaves_answers_alone() {
    let mut subject = subject(Some(&gate(&[])), Some(&gate(&[])));
    let mut wrong = subject.candidate.trials[0].clone();
    wrong.shown = Shown::Invalid { cause: "fast_but_wrong".to_owned() };
    wrong.answers = Some(gate(&[20]));
    subject.candidate.trials.push(wrong);
    subject.candidate.scheduled += 1;
    let (_, change) = single(subject);
    assert_eq!(said(&change), (Outcome::Fail, Some("answers_critical")), "{}", change.sentence);
}

#[test]
fn a_candidate_that_was_asked_less_has_shown_less() {
    for candidate in [None, Some(told(Split::Smoke, 0..10, &[]))] {
        let (comparison, change) = single(subject(candidate.as_ref(), Some(&gate(&[]))));
        assert_eq!(said(&change), (Outcome::NotProven, Some("answers_not_asked")), "{}", change.sentence);
        assert_eq!(comparison.verdict, Verdict::NotProven);
    }
}

#[test]
fn what_a_reference_lost_of_a_critical_item_clears_no_candidate() {
    let mut reference = told(Split::Gate, 1..300, &[]);
    reference.unanswered.push("item-0".to_owned());
    let (change, _) = held(&gate(&[0]), &reference);
    assert_eq!(said(&change), (Outcome::NotProven, Some("answers_critical_unknown")), "{}", change.sentence);
    let (change, _) = held(&gate(&[]), &reference);
    assert_eq!(said(&change), (Outcome::Pass, None), "{}", change.sentence);
}

#[test]
fn no_more_runs_are_asked_for_where_answers_decide() {
    let close = [19.2, 19.3, 19.1];
    let mut subject = known("one", &close, &STEADY);
    answer(&mut subject.candidate, &gate(&[20]));
    answer(&mut subject.references[0].1, &gate(&[]));
    let (_, change) = single(subject);
    assert_eq!(said(&change), (Outcome::Fail, Some("answers_critical")));
    assert_eq!(change.more_runs, MoreRuns::default());
}
