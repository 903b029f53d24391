//! What was not shown never counts as passed.

use edgesoak_record::{Gate, GateResult, Outcome, Run, RunVerdict, Verdict};
use proptest::prelude::*;
use roxmltree::Node;

use crate::junit_xml::{all, parsed};
use crate::made_up;

/// The ending of a case: the name and type of its only child.
fn ending(case: Node<'_, '_>) -> (String, String) {
    let child = case.children().find(Node::is_element);
    child.map_or(("passed".to_owned(), String::new()), |child| {
        (child.tag_name().name().to_owned(), child.attribute("type").unwrap_or_default().to_owned())
    })
}

/// One session with these gates and this verdict.
fn run_of(verdict: Verdict, gates: Vec<GateResult>) -> (Run, RunVerdict) {
    let course = made_up::decode::Course { seconds: 20.0, ..made_up::decode::Course::default() };
    let record = made_up::session::record("s01", "made-up-1", &course, 1.0);
    let judged = made_up::gates::verdict(&record, verdict, "It came to this.", gates);
    made_up::run_of(vec![(record, judged)])
}

/// The endings of the session's cases, by name.
fn endings(verdict: Verdict, gates: Vec<GateResult>) -> Vec<(String, (String, String))> {
    let (run, verdict) = run_of(verdict, gates);
    let xml = edgesoak_reports::junit(&run, &verdict);
    let document = parsed(&xml);
    let suite = all(document.root(), "testsuite").nth(1).expect("a suite of the session");
    let cases = all(suite, "testcase");
    cases.map(|case| (case.attribute("name").expect("a name").to_owned(), ending(case))).collect()
}

fn floor(outcome: Outcome, blocking: bool, accepted: Option<&str>) -> GateResult {
    let accepted = accepted.map(str::to_owned);
    GateResult {
        blocking,
        accepted,
        ..made_up::gates::gate(Gate::FloorTps, outcome, Some(7.0), Some(8.0), "Words.")
    }
}

#[test]
fn every_outcome_has_its_element() {
    use Outcome::{Fail, NotProven, Pass};
    let of = |verdict, gate| {
        let found = endings(verdict, vec![gate]);
        let (name, (element, kind)) = found.last().expect("a case").clone();
        assert_eq!(name, "floor_tps (virtual)");
        format!("{element} {kind}").trim().to_owned()
    };
    let waived = Some("is waived by T-1");
    assert_eq!(of(Verdict::Pass, floor(Pass, true, None)), "passed");
    assert_eq!(of(Verdict::Fail, floor(Fail, true, None)), "failure fail");
    assert_eq!(of(Verdict::Pass, floor(Fail, false, None)), "failure fail");
    assert_eq!(of(Verdict::Pass, floor(Fail, true, waived)), "skipped");
    assert_eq!(of(Verdict::NotProven, floor(NotProven, true, None)), "error not_proven");
    assert_eq!(of(Verdict::Infrastructure, floor(NotProven, true, None)), "error infra");
    assert_eq!(of(Verdict::Pass, floor(NotProven, false, None)), "skipped");
    assert_eq!(of(Verdict::Pass, floor(NotProven, true, waived)), "skipped");
}

#[test]
fn a_session_that_no_gate_speaks_for_speaks_for_itself() {
    let one = |verdict, gates| endings(verdict, gates).into_iter().next().expect("a case");
    let session =
        |element: &str, kind: &str| ("session (virtual)".to_owned(), (element.to_owned(), kind.to_owned()));
    assert_eq!(one(Verdict::Infrastructure, Vec::new()), session("error", "infra"));
    assert_eq!(one(Verdict::Nothing, Vec::new()), session("error", "nothing"));
    assert_eq!(
        one(Verdict::NotProven, vec![floor(Outcome::Pass, true, None)]),
        session("error", "not_proven")
    );
}

#[test]
fn planned_sessions_that_were_not_judged_and_repetitions_are_told_apart() {
    let (mut run, mut verdict) = made_up::example();
    run.plan.sessions[1] = run.plan.sessions[0].clone();
    run.plan.sessions[1].session = "s02".to_owned();
    run.plan.sessions[1].repeat = 2;
    let first = verdict.sessions[0].clone();
    verdict.sessions[1] =
        edgesoak_record::SessionVerdict { session: "s02".to_owned(), is_virtual: true, ..first };
    verdict.sessions.pop();
    let xml = edgesoak_reports::junit(&run, &verdict);
    let document = parsed(&xml);
    let names: Vec<_> =
        all(document.root(), "testsuite").filter_map(|suite| suite.attribute("name")).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    let lost = all(document.root(), "testcase").last().expect("a case");
    assert_eq!((lost.attribute("name"), ending(lost).1.as_str()), (Some("session (virtual)"), "not_proven"));
    let again = all(document.root(), "testcase").filter(|case| {
        case.attribute("name") == Some("floor_tps repeat 2 (virtual)")
            && case.attribute("classname").is_some_and(|class| class.contains(" (virtual) / "))
    });
    assert_eq!(again.count(), 1);
}

#[test]
fn a_run_that_is_red_without_a_red_session_is_red() {
    let (run, mut verdict) = run_of(Verdict::Pass, vec![floor(Outcome::Pass, true, None)]);
    verdict.verdict = Verdict::NotProven;
    let xml = edgesoak_reports::junit(&run, &verdict);
    let document = parsed(&xml);
    let case = all(document.root(), "testcase").next().expect("a case");
    assert_eq!((case.attribute("name"), ending(case).0.as_str()), (Some("verdict"), "error"));
}

#[test]
fn what_was_left_out_for_want_of_time_is_a_case_that_is_not_passed() {
    let (run, mut verdict) = run_of(Verdict::Pass, vec![floor(Outcome::Pass, true, None)]);
    verdict.not_run.push(made_up::left_out("phone-2"));
    let xml = edgesoak_reports::junit(&run, &verdict);
    let document = parsed(&xml);
    let case = all(document.root(), "testcase").nth(1).expect("a second case");
    assert_eq!(
        (case.attribute("name"), ending(case).0.as_str()),
        (Some("not run: device phone-2"), "skipped")
    );
    assert!(xml.contains("not_run (budget): Device phone-2 is not run"), "{xml}");
    assert!(edgesoak_reports::markdown(&run, &verdict).contains("- not run (budget): Device"));
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![Just(Outcome::Pass), Just(Outcome::Fail), Just(Outcome::NotProven), Just(Outcome::Info)]
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    use Verdict::{Fail, Infrastructure, NotProven, Nothing, Pass};
    prop_oneof![Just(Pass), Just(Fail), Just(NotProven), Just(Infrastructure), Just(Nothing)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn only_what_passed_is_passed(
        of_session in any_verdict(),
        of_run in any_verdict(),
        gates in prop::collection::vec((outcome(), any::<bool>(), any::<bool>(), any::<f64>()), 0..12),
        words in any::<String>(),
    ) {
        let results: Vec<GateResult> = gates.iter().zip(Gate::ALL).map(|((outcome, blocking, is_waived, figure), gate)| {
            let mut result = made_up::gates::gate(*gate, *outcome, Some(*figure), None, &words);
            result.blocking = *blocking;
            result.accepted = is_waived.then(|| words.clone());
            result.cause = Some(words.clone());
            result
        }).collect();
        let passes = results.iter().filter(|result| result.outcome == Outcome::Pass).count();
        let judged = results.iter().filter(|result| result.outcome != Outcome::Info).count();
        let found = endings(of_session, results.clone());
        let own = usize::from(found.first().is_some_and(|case| case.0.starts_with("session")));
        prop_assert_eq!(found.len(), judged + own);
        let passed = found.iter().filter(|case| case.1.0 == "passed" && !case.0.starts_with("session")).count();
        prop_assert_eq!(passed, passes);
        let is_red = found.iter().any(|case| case.1.0 == "failure" || case.1.0 == "error");
        prop_assert!(is_red || of_session == Verdict::Pass);

        let (run, mut verdict) = run_of(of_session, results);
        verdict.verdict = of_run;
        verdict.sentence = words;
        let xml = edgesoak_reports::junit(&run, &verdict);
        let document = parsed(&xml);
        let first = all(document.root(), "testcase").next().expect("the run's own case");
        prop_assert_eq!(ending(first).0 == "passed", of_run == Verdict::Pass);
    }
}
