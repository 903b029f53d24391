//! One device: the rule, its looks and its bounds.

use edgesoak_gates::regression::{Arm, Subject};
use edgesoak_record::comparison::{Change, MoreRuns};
use edgesoak_record::slowdown::Cause;
use edgesoak_record::trial::Burst;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{known, single, subject};

#[test]
fn an_equal_candidate_passes_and_a_slow_one_fails() {
    let (comparison, change) = single(known("p1", &[20.0, 20.1, 19.9], &[20.0, 20.1, 19.9]));
    assert_eq!((comparison.verdict, comparison.exit), (Verdict::Pass, 0), "{}", comparison.sentence);
    assert_eq!((change.outcome, change.more_runs), (Outcome::Pass, MoreRuns::default()));
    insta::assert_snapshot!(comparison.sentence, @"p1, policy_qa: Sustained rate changed by +0.0 % against the previous release (bounds -1.6 % and +1.6 %); up to 5 % may be lost.");
    let (comparison, change) = single(known("p1", &[18.2, 18.1, 18.0], &[20.0, 20.1, 19.9]));
    assert_eq!((comparison.verdict, comparison.exit), (Verdict::Fail, 1));
    assert_eq!((comparison.reason.as_str(), change.cause.as_deref()), ("regression", Some("regression")));
    insta::assert_snapshot!(comparison.sentence, @"p1, policy_qa: Sustained rate changed by -9.5 % against the previous release, by -8.0 % at the least; up to 5 % may be lost.");
}

#[test]
fn bounds_by_hand() {
    let (_, change) = single(known("p1", &[19.4, 19.4, 19.4], &[20.0, 20.0, 20.0]));
    // Pooled: (20 * 1 %^2 + 4 * 0) / 24; t(24; 1 - .0232) = 2.102; error = sigma * sqrt(2/3).
    let sigma = (20.0_f64 / 24.0).sqrt() * 0.01;
    assert!((change.sigma.expect("a spread") - sigma).abs() < 1e-9);
    let reach = 2.102 * sigma * (2.0_f64 / 3.0).sqrt();
    let difference = (19.4_f64 / 20.0).ln();
    assert!((change.change.expect("a change") + 0.03).abs() < 1e-9);
    assert!((change.lo.expect("a bound") - (difference - reach).exp_m1()).abs() < 1e-4);
    assert!((change.hi.expect("a bound") - (difference + reach).exp_m1()).abs() < 1e-4);
    assert!((change.p_ranks.expect("ranks") - 1.0).abs() < 1e-9, "all are over the margin");
}

#[test]
fn too_close_says_how_many_more_runs() {
    let (comparison, change) = single(known("p1", &[19.2, 19.3, 19.1], &[20.0, 20.1, 19.9]));
    assert_eq!((comparison.verdict, change.cause.as_deref()), (Verdict::NotProven, Some("too_close")));
    assert_eq!(change.more_runs, MoreRuns { candidate: 2, reference: 2 });
    assert_eq!(comparison.next_actions.len(), 1, "{:?}", comparison.next_actions);
    insta::assert_snapshot!(format!("{}\n{}", comparison.sentence, comparison.next_actions[0]), @"
    p1, policy_qa: Sustained rate changed by -4.0 % against the previous release (bounds -5.5 % and -2.4 %), too close to the 5 % that may be lost; the next decision needs 2 more runs of either side.
    Run p1 again, interleaved with the previous release: 2 more runs of either side.
    ");
}

#[test]
fn nothing_is_decided_before_the_first_look_or_between_looks() {
    let (_, change) = single(known("p1", &[10.0, 10.0], &[20.0, 20.0, 20.0]));
    assert_eq!(change.cause.as_deref(), Some("too_few_runs"));
    assert_eq!(change.more_runs, MoreRuns { candidate: 1, reference: 0 });
    let (_, change) = single(known("p1", &[19.2, 19.3, 19.1, 10.0], &[20.0, 20.1, 19.9, 20.0]));
    assert_eq!(
        (change.outcome, change.candidate_runs),
        (Outcome::NotProven, 3),
        "the fourth waits for the fifth"
    );
    assert_eq!(change.more_runs, MoreRuns { candidate: 1, reference: 1 });
}

#[test]
fn after_the_last_look_nothing_more_is_asked() {
    let slow = [19.2, 19.3, 19.1, 18.9, 19.0, 19.2, 18.8, 19.1, 5.0];
    let (comparison, change) = single(known("p1", &slow, &[20.0; 9]));
    assert_eq!((change.cause.as_deref(), change.candidate_runs), (Some("too_close"), 8));
    assert_eq!((change.more_runs, comparison.next_actions.len()), (MoreRuns::default(), 0));
}

#[test]
fn not_significant_is_never_a_pass() {
    let (comparison, change) = single(subject("p1", &[19.0, 21.5, 18.0], &[20.0, 22.0, 18.5]));
    assert_eq!(comparison.verdict, Verdict::NotProven, "{change:?}");
}

#[test]
fn equal_readings_are_not_believed_to_be_exact() {
    let (comparison, change) = single(subject("p1", &[20.0; 3], &[20.0; 3]));
    assert_eq!(comparison.verdict, Verdict::Pass);
    assert!(change.sigma.expect("a spread") >= 0.002);
    assert!(change.lo.expect("a bound") < -0.003);
}

#[test]
fn a_history_that_the_runs_refute_is_not_used() {
    let (_, calm) = single(known("p1", &[20.0, 20.2, 19.8], &[20.0, 20.2, 19.8]));
    let (_, wild) = single(known("p1", &[20.0, 24.0, 17.0], &[20.0, 20.2, 19.8]));
    assert!(calm.notes[0].contains("21 earlier runs"), "{:?}", calm.notes);
    assert!(wild.notes[0].contains("more than history lets expect"), "{:?}", wild.notes);
    assert_eq!(wild.outcome, Outcome::NotProven);
}

/// Runs of a unit whose cold device has this rate on either side.
fn with_bursts(mut subject: Subject, candidate: f64, previous: f64) -> Subject {
    let told = |arm: &mut Arm, rate: f64| {
        arm.trials.iter_mut().for_each(|trial| trial.burst = Burst::Rate(rate));
    };
    told(&mut subject.candidate, candidate);
    told(&mut subject.references[0].1, previous);
    subject
}

#[test]
fn a_certain_loss_says_why_and_decides_nothing_by_it() {
    let (slow, fast) = ([18.2, 18.1, 18.0], [20.0, 20.1, 19.9]);
    let cause = |change: &Change| change.why.as_ref().map(|why| why.cause);
    let (with, code) = single(with_bursts(known("p1", &slow, &fast), 22.0, 24.4));
    assert_eq!(cause(&code), Some(Cause::Code));
    let (without, unknown) = single(known("p1", &slow, &fast));
    assert_eq!(cause(&unknown), Some(Cause::Unexplained));
    assert_eq!((with.verdict, with.sentence), (without.verdict, without.sentence));
    // Some loss is certain, and whether it is too much is not.
    let (_, close) = single(with_bursts(known("p1", &[19.2, 19.3, 19.1], &fast), 24.4, 24.4));
    assert_eq!((close.outcome, cause(&close)), (Outcome::NotProven, Some(Cause::Unexplained)));
    let (_, none) = single(with_bursts(known("p1", &fast, &fast), 22.0, 24.4));
    assert_eq!(cause(&none), None, "nothing was lost");
}

#[test]
fn one_unit_is_one_unit() {
    let (comparison, _) = single(known("p1", &[20.0, 20.1, 19.9], &[20.0, 20.1, 19.9]));
    assert!(comparison.families[0].sentence.contains(" on 1 unit"), "{}", comparison.families[0].sentence);
    assert!(!comparison.families[0].sentence.contains("1 units"));
}
