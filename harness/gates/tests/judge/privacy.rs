//! What the agent noted of everything that left a runtime, or would have.

use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::session::Note;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::verdict::Outcome;

use crate::made::{Made, at};
use crate::{gate, outcome};

/// A good run with this note on it.
fn noting(code: &str) -> Run {
    let mut run = Made::default().run();
    let text = "1 of them: tcp 443 (1)".to_owned();
    run.sessions[0].notes.push(Note { t: at(600.0), code: code.to_owned(), text });
    run
}

#[test]
fn one_attempt_or_one_endpoint_breaks_the_promise() {
    // The second is all that an agent tells which dies before its last sentence.
    for code in ["egress-attempts", "egress-attempt", "egress-sockets"] {
        let mut run = noting(code);
        // Whatever else was noted.
        run.sessions[0].notes.extend(noting("egress-proven-a").sessions.remove(0).notes);
        assert_eq!(outcome(&run, Gate::Privacy), (Outcome::Fail, "privacy".to_owned()));
        let result = gate(&edgesoak_gates::judge(&run), Gate::Privacy);
        assert!(result.sentence.contains("tcp 443 (1)"), "{}", result.sentence);
    }
}

#[test]
fn nothing_seen_is_never_green() {
    for (code, cause) in [
        ("egress-none-seen", "egress_unproven"),
        ("egress-not-cut-off", "egress_unproven"),
        ("egress-unchecked", "egress_unchecked"),
        ("egress-possible", "egress_possible"),
        ("egress-unfinished", "egress_unchecked"),
        ("egress-radios", "not_run"),
        ("egress-bytes", "not_run"),
    ] {
        assert_eq!(outcome(&noting(code), Gate::Privacy), (Outcome::NotProven, cause.to_owned()), "{code}");
    }
}

#[test]
fn a_doubt_is_stronger_than_a_proof() {
    for code in ["egress-possible", "egress-unfinished"] {
        let mut run = noting("egress-proven-a");
        run.sessions[0].notes.extend(noting(code).sessions.remove(0).notes);
        assert_eq!(outcome(&run, Gate::Privacy).0, Outcome::NotProven, "{code}");
    }
}

#[test]
fn looks_that_prove_nothing_take_no_proof_away() {
    for code in ["egress-none-seen", "egress-unchecked", "egress-not-cut-off", "egress-radios"] {
        let mut run = noting("egress-proven-b");
        run.sessions[0].notes.extend(noting(code).sessions.remove(0).notes);
        assert_eq!(outcome(&run, Gate::Privacy).0, Outcome::Pass, "{code}");
    }
}

#[test]
fn a_proof_passes_where_the_family_owes_no_better_one() {
    for (code, owed, passes) in [
        ("egress-proven-a", None, true),
        ("egress-proven-b", None, true),
        ("egress-proven-a", Some(Grade::A), true),
        ("egress-proven-b", Some(Grade::B), true),
        ("egress-proven-b", Some(Grade::A), false),
    ] {
        let mut run = noting(code);
        let family = run.sessions[0].planned.device.family.clone();
        run.plan.policy.proofs = owed.map(|least| OwedEvidence { family, least }).into_iter().collect();
        let expected = if passes { Outcome::Pass } else { Outcome::NotProven };
        let result = gate(&edgesoak_gates::judge(&run), Gate::Privacy);
        assert_eq!(result.outcome, expected, "{code} {owed:?}: {}", result.sentence);
        assert!(passes || result.cause.as_deref() == Some("egress_grade"));
    }
}

#[test]
fn a_route_that_may_leave_the_device_promises_nothing() {
    let mut run = noting("egress-sockets");
    run.plan.policy.blocking.push(Gate::Privacy);
    run.sessions[0].planned.route.local_only = false;
    run.plan.sessions[0].route.local_only = false;
    let mut closed = Made::default().session("s02");
    closed.notes = noting("egress-proven-a").sessions.remove(0).notes;
    run.plan.sessions.push(closed.planned.clone());
    run.sessions.push(closed);
    let verdict = edgesoak_gates::judge(&run);
    let of = |session: usize| {
        verdict.sessions[session].gates.iter().find(|result| result.gate == Gate::Privacy).expect("judged")
    };
    assert_eq!((of(0).outcome, of(0).blocking), (Outcome::Info, false), "{}", of(0).sentence);
    assert_eq!((of(1).outcome, of(1).blocking), (Outcome::Pass, true), "{}", of(1).sentence);
}
