//! Queries that would have left the device: what fails a release, and what shows that none would.

use edgesoak_gates::judge;
use edgesoak_gates::routing::decided;
use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::golden::GoldenAnswer;
use edgesoak_record::plan::{Bar, SourceFile};
use edgesoak_record::routing::Destination::{CloudAllowedAfterRedaction, HumanReviewLocalOnly, LocalAnswer};
use edgesoak_record::routing::Sensitivity::{Public, Sensitive};
use edgesoak_record::routing::{Confidence, Costs, PlannedRouting};
use edgesoak_record::session::JournalEnding;
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::answers::asked;
use crate::{gate, outcome};

fn routing(threshold: f64) -> PlannedRouting {
    let costs = Costs { local_answer: 0.0, human_review: 5.0, cloud: 1.0, wrong_answer: 20.0 };
    PlannedRouting {
        threshold: Confidence::new(threshold).expect("a confidence"),
        sensitive_terms: SourceFile { path: "terms.txt".to_owned(), sha256: "c".repeat(64), bytes: 9 },
        costs: Some(costs),
    }
}

/// A run whose route hands queries on: the first four are sensitive and told to be so, and the device is unsure of every
/// third answer.
fn routed() -> Run {
    let mut run = asked(|_, _| true, true);
    for planned in [&mut run.sessions[0].planned, &mut run.plan.sessions[0]] {
        planned.route.routing = Some(routing(0.75));
    }
    run.plan.policy.blocking.push(Gate::Routing);
    each(&mut run, |number, answer| {
        answer.scored.sensitive = number < 4;
        answer.classified = Some(if number < 4 { Sensitive } else { Public });
        answer.scored.confidence = Some(if number.is_multiple_of(3) { 0.41 } else { 0.94 });
    });
    run
}

/// Changes every answer, which is told the number of its item.
fn each(run: &mut Run, change: impl Fn(usize, &mut GoldenAnswer)) {
    for answer in &mut run.sessions[0].golden.as_mut().expect("it was asked").answers {
        let number = answer.scored.item.trim_start_matches("item-").parse().expect("a number");
        change(number, answer);
    }
}

#[test]
fn nothing_sensitive_leaves_and_the_evaluation_stands_beside_the_verdict() {
    let run = routed();
    let verdict = judge(&run);
    assert_eq!(verdict.verdict, Verdict::Pass, "{}", verdict.sentence);
    let told = gate(&verdict, Gate::Routing);
    assert_eq!((told.outcome, told.n), (Outcome::Pass, 4));
    assert_eq!(told.sentence, "None of 4 sensitive queries would leave at a threshold of 0.75.");
    let routing = verdict.sessions[0].examined.as_ref().and_then(|examined| examined.routing.clone());
    let routing = routing.expect("its route routes");
    let evaluation = routing.evaluation;
    assert_eq!(
        [LocalAnswer, HumanReviewLocalOnly, CloudAllowedAfterRedaction].map(|to| evaluation.to(to)),
        [66, 2, 32]
    );
    let costs: Vec<_> = routing.sweep.iter().map(|point| (point.threshold.get(), point.cost)).collect();
    assert_eq!(costs, [(0.41, Some(0.0)), (0.94, Some(42.0))]);
    let escalated = gate(&verdict, Gate::Escalation);
    assert_eq!((escalated.outcome, escalated.measured), (Outcome::Info, Some(0.34)));
}

#[test]
fn one_sensitive_query_that_would_leave_fails_hot_or_rested() {
    let mut run = routed();
    each(&mut run, |number, answer| {
        if number == 3 {
            answer.classified = Some(Public);
        }
    });
    assert_eq!(outcome(&run, Gate::Routing), (Outcome::Fail, "sensitive_left".to_owned()));
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::Fail, "routing"));
    assert!(gate(&verdict, Gate::Routing).sentence.contains("1 query (`item-3`)"));
    // Sure behind the rest, and unsure while it was hot: it would have left then.
    each(&mut run, |number, answer| {
        let rested = answer.index >= 10;
        answer.scored.confidence = Some(if number == 3 && !rested { 0.41 } else { 0.94 });
    });
    assert_eq!(outcome(&run, Gate::Routing).0, Outcome::Fail);
    each(&mut run, |_, answer| answer.scored.confidence = Some(0.94));
    let kept = gate(&judge(&run), Gate::Routing);
    assert_eq!(kept.outcome, Outcome::Pass);
    assert!(
        kept.sentence.contains("kept by their confidence alone: 1 query (`item-3`)"),
        "{}",
        kept.sentence
    );
    // The label takes no part in the decision: a public query that is told to be sensitive stays.
    each(&mut run, |_, answer| answer.scored.confidence = None);
    assert_eq!(outcome(&run, Gate::Routing).0, Outcome::Fail, "without a confidence the words alone decide");
}

#[test]
fn a_pass_needs_answers_confidences_and_sensitive_queries() {
    let not_proven = |change: &dyn Fn(&mut Run)| {
        let mut run = routed();
        change(&mut run);
        let (outcome, cause) = outcome(&run, Gate::Routing);
        assert_eq!(outcome, Outcome::NotProven, "{cause}");
        cause
    };
    let unsure = |run: &mut Run| each(run, |_, answer| answer.scored.confidence = None);
    assert_eq!(not_proven(&unsure), "no_confidence");
    assert_eq!(
        outcome(
            &{
                let mut run = routed();
                unsure(&mut run);
                run
            },
            Gate::Escalation
        )
        .1,
        "no_confidence"
    );
    let public = |run: &mut Run| each(run, |_, answer| answer.scored.sensitive = false);
    assert_eq!(not_proven(&public), "no_sensitive");
    let unread = |run: &mut Run| each(run, |_, answer| answer.classified = None);
    assert_eq!(not_proven(&unread), "not_classified");
    let lost = |run: &mut Run| {
        run.sessions[0].golden.as_mut().expect("it was asked").answers.pop();
    };
    assert_eq!(not_proven(&lost), "unanswered");
    // The first ten were to be asked right after the soak too.
    let lost_when_hot = |run: &mut Run| {
        run.sessions[0].golden.as_mut().expect("it was asked").answers.remove(4);
    };
    assert_eq!(not_proven(&lost_when_hot), "unanswered");
    let twice = |run: &mut Run| {
        let answers = &mut run.sessions[0].golden.as_mut().expect("it was asked").answers;
        answers[4] = answers[5].clone();
    };
    assert_eq!(not_proven(&twice), "unanswered", "an answer stands for no other");
    let refused = |run: &mut Run| {
        each(run, |_, answer| {
            answer.scored.confidence = None;
            answer.finish = "refused".to_owned();
        });
    };
    assert_eq!(not_proven(&refused), "no_confidence", "nobody was sure or unsure of anything");
}

#[test]
fn what_would_have_left_fails_however_the_session_ended() {
    let mut run = routed();
    each(&mut run, |number, answer| {
        if number == 3 {
            answer.classified = Some(Public);
        }
    });
    let ending = JournalEnding::Finished { reason: "battery-limit".to_owned(), detail: String::new() };
    run.sessions[0].journal.as_mut().expect("a journal").ending = ending;
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::Fail, "routing"));
    each(&mut run, |_, answer| answer.classified = Some(Sensitive));
    assert_eq!(outcome(&run, Gate::Routing), (Outcome::NotProven, "battery_limit".to_owned()));
}

#[test]
fn escalations_are_held_against_a_bar_and_routes_without_a_policy_are_not() {
    let mut run = routed();
    for planned in [&mut run.sessions[0].planned, &mut run.plan.sessions[0]] {
        planned.route.bars.push(Bar { gate: Gate::Escalation, limit: 0.2 });
    }
    assert_eq!(outcome(&run, Gate::Escalation).0, Outcome::Fail);
    let mut plain = asked(|_, _| true, true);
    plain.plan.policy.blocking.push(Gate::Routing);
    let verdict = judge(&plain);
    assert_eq!(verdict.verdict, Verdict::NotProven, "what blocks must be promised somewhere");
    assert!(gate(&verdict, Gate::Routing).blocking);
}

#[test]
fn three_queries_go_three_ways() {
    let mut run = routed();
    let known = [(0.94, Public), (0.41, Public), (0.38, Sensitive)];
    each(&mut run, |number, answer| {
        if let Some((confidence, classified)) = known.get(number) {
            answer.scored.confidence = Some(*confidence);
            answer.classified = Some(*classified);
        }
    });
    let record = &run.sessions[0];
    let policy = record.planned.route.routing.as_ref().expect("a policy");
    let decided = decided(policy, record.golden.as_ref().expect("it was asked"));
    let ways: Vec<_> = decided.iter().take(3).map(|query| query.destination).collect();
    assert_eq!(ways, [LocalAnswer, CloudAllowedAfterRedaction, HumanReviewLocalOnly]);
}
