//! Every way in which two sides cannot be compared has its own reason.

use edgesoak_gates::regression::{Arm, Shown, Subject, Trial, compare};
use edgesoak_record::comparison::Reference;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{known, request, single};

const RATES: [f64; 3] = [20.0, 20.1, 19.9];

fn good() -> Subject {
    known("p1", &RATES, &RATES)
}

fn previous(subject: &mut Subject) -> &mut Arm {
    &mut subject.references[0].1
}

/// What one change to a good subject comes to.
fn cause(change: impl FnOnce(&mut Subject)) -> String {
    let mut subject = good();
    change(&mut subject);
    let (comparison, change) = single(subject);
    assert_eq!(comparison.verdict, Verdict::NotProven, "{}", comparison.sentence);
    assert_eq!(Some(&comparison.reason), change.cause.as_ref());
    comparison.reason
}

#[test]
fn sessions_of_items_are_not_compared_and_no_further_run_is_asked_for() {
    let counted = |trial: &mut Trial| trial.shown = Shown::Invalid { cause: "counted_by_items".to_owned() };
    for of_candidate in [true, false] {
        let mut subject = good();
        let arm = if of_candidate { &mut subject.candidate } else { previous(&mut subject) };
        arm.trials.iter_mut().for_each(counted);
        let (comparison, change) = single(subject);
        assert_eq!(
            (comparison.verdict, change.cause.as_deref()),
            (Verdict::NotProven, Some("counted_by_items"))
        );
        assert_eq!(
            (change.more_runs.candidate, change.more_runs.reference),
            (0, 0),
            "they show no rate either"
        );
    }
}

#[test]
fn each_has_its_own() {
    assert_eq!(cause(|subject| subject.references.clear()), "no_baseline");
    assert_eq!(cause(|subject| previous(subject).trials.clear()), "no_baseline");
    assert_eq!(cause(|subject| subject.candidate.trials.clear()), "not_run");
    let setup = |subject: &mut Subject| previous(subject).trials[1].setup.clone();
    for (want, field) in [
        ("other_unit", 0),
        ("other_os_build", 1),
        ("other_route", 2),
        ("other_workload", 3),
        ("other_template", 4),
        ("other_power", 5),
    ] {
        let got = cause(|subject| {
            let mut setup = setup(subject);
            match field {
                0 => setup.unit = "other".to_owned(),
                1 => setup.os_build = Some("other".to_owned()),
                2 => setup.route = "other".to_owned(),
                3 => setup.workload = "other".to_owned(),
                5 => setup.power = Some("mains".to_owned()),
                _ => setup.template = "other".to_owned(),
            }
            previous(subject).trials[1].setup = setup;
        });
        assert_eq!(got, want);
    }
    assert_eq!(cause(|subject| subject.candidate.trials[2].setup.os_build = None), "os_build_unknown");
}

#[test]
fn a_pass_needs_the_evidence_that_the_family_owes_and_a_loss_does_not() {
    let judged = |rates: &[f64], grade, is_imported| {
        let mut request = request(vec![known("p1", rates, &RATES)]);
        request.rules.evidence = vec![OwedEvidence { family: "pixel8".to_owned(), least: Grade::B }];
        for trial in &mut request.subjects[0].candidate.trials {
            (trial.grade, trial.is_imported) = (grade, is_imported);
        }
        let mut found = compare(&request).devices.remove(0);
        (found.outcome, found.cause.take(), found.sentence)
    };
    assert_eq!(judged(&RATES, Some(Grade::B), false).0, Outcome::Pass);
    let (outcome, cause, words) = judged(&RATES, Some(Grade::C), false);
    assert_eq!((outcome, cause.as_deref()), (Outcome::NotProven, Some("evidence_grade")), "{words}");
    assert!(words.contains("grade B, and 3 of 3 runs of the candidate have less, C at the least"), "{words}");
    assert_eq!(judged(&RATES, None, false).1.as_deref(), Some("evidence_grade"));
    assert_eq!(judged(&RATES, Some(Grade::C), true).0, Outcome::Pass, "a file can show no more");
    assert_eq!(judged(&[15.0, 15.1, 14.9], None, false).0, Outcome::Fail);
}

#[test]
fn a_run_that_never_began_is_counted_and_says_nothing_of_its_setup() {
    let lost = |subject: &mut Subject| {
        let trial = &mut subject.candidate.trials[0];
        trial.setup.os_build = None;
        trial.shown = Shown::Invalid { cause: "device_absent".to_owned() };
    };
    assert_eq!(cause(lost), "too_few_runs", "one of three");
    let all = |subject: &mut Subject| {
        for trial in &mut subject.candidate.trials {
            trial.setup.os_build = None;
            trial.shown = Shown::Invalid { cause: "device_absent".to_owned() };
        }
    };
    assert_eq!(cause(all), "invalid_runs");
}

#[test]
fn a_pinned_reference_that_is_asked_for_and_missing() {
    let mut request = request(vec![good()]);
    request.rules.references.push(Reference::Pinned);
    let comparison = compare(&request);
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::NotProven, "no_pinned"));
}

#[test]
fn runs_that_vanished_or_were_no_evidence() {
    assert_eq!(cause(|subject| subject.candidate.scheduled = 4), "missing_runs");
    assert_eq!(cause(|subject| previous(subject).scheduled = 4), "missing_runs");
    let invalid = || Shown::Invalid { cause: "background_cpu".to_owned() };
    assert_eq!(cause(|subject| subject.candidate.trials[0].shown = invalid()), "too_few_runs");
    let bad = |subject: &mut Subject| {
        let trial = subject.candidate.trials[0].clone();
        subject.candidate.trials.extend([trial.clone(), trial.clone()]);
        subject.candidate.trials[3].shown = invalid();
        subject.candidate.trials[4].shown = invalid();
    };
    assert_eq!(cause(bad), "invalid_runs");
    let hostile = |rate: f64| {
        move |subject: &mut Subject| subject.candidate.trials[1].shown = Shown::Rate { rate, settled: true }
    };
    for rate in [f64::NAN, f64::INFINITY, 0.0, -3.0] {
        assert_eq!(cause(hostile(rate)), "too_few_runs", "{rate}");
    }
}

#[test]
fn more_runs_are_asked_for_only_where_they_can_help() {
    let asked = |change: &dyn Fn(&mut Subject)| {
        let mut subject = good();
        change(&mut subject);
        let (comparison, change) = single(subject);
        (change.cause, change.more_runs.candidate, comparison.next_actions.len())
    };
    let invalid = |bad: usize| {
        move |subject: &mut Subject| {
            let shown = Shown::Invalid { cause: "background_cpu".to_owned() };
            let trial = Trial { shown, ..subject.candidate.trials[0].clone() };
            subject.candidate.trials[1..].fill(trial.clone());
            subject.candidate.trials.extend(vec![trial; bad - 2]);
        }
    };
    assert_eq!(asked(&invalid(2)), (Some("invalid_runs".to_owned()), 2, 1));
    assert_eq!(asked(&invalid(3)), (Some("invalid_runs".to_owned()), 0, 0), "repeating does not mend them");
    let updated = |subject: &mut Subject| subject.candidate.trials[2].setup.os_build = Some("new".to_owned());
    assert_eq!(asked(&updated), (Some("other_os_build".to_owned()), 0, 0));
}

#[test]
fn a_device_that_has_not_settled_cannot_pass() {
    let moving = |subject: &mut Subject| {
        subject.candidate.trials[1].shown = Shown::Rate { rate: 20.0, settled: false }
    };
    assert_eq!(cause(moving), "not_settled");
}

#[test]
fn one_after_the_other_needs_history_and_more_distance() {
    let later =
        |subject: &mut Subject| subject.candidate.trials.iter_mut().for_each(|trial| trial.began_s += 1e6);
    assert_eq!(
        cause(|subject| {
            later(subject);
            subject.history = None;
        }),
        "not_interleaved"
    );
    assert_eq!(
        cause(|subject| {
            later(subject);
            subject.history = Some(crate::made::history(0.03, 21));
        }),
        "too_close"
    );
    let mut subject = good();
    later(&mut subject);
    let (comparison, change) = single(subject);
    assert_eq!(comparison.verdict, Verdict::Pass, "one occasion each, at 1 %: {change:?}");
    let (_, interleaved) = single(good());
    assert!(change.lo < interleaved.lo && change.notes[0].contains("not interleaved"));
}

#[test]
fn margins_that_are_none() {
    for margin in [0.0, 1.0, -0.1, f64::NAN] {
        let mut request = request(vec![good()]);
        request.rules.margin = margin;
        assert_eq!(compare(&request).reason, "bad_margin", "{margin}");
    }
}

#[test]
fn a_broken_candidate_fails_before_any_statistic() {
    let mut subject = good();
    let sentence = "most of the model ran on the processor".to_owned();
    subject.candidate.trials[0].shown = Shown::Broken { cause: "placement".to_owned(), sentence };
    let slow = known("a0", &[15.0, 15.1, 14.9], &RATES);
    let comparison = compare(&request(vec![slow, subject]));
    assert_eq!((comparison.verdict, comparison.reason.as_str()), (Verdict::Fail, "placement"));
    assert!(comparison.sentence.contains("ran on the processor."), "{}", comparison.sentence);
}
