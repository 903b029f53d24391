//! A small part of the simulation study: what it promises holds for every build. The whole of it is the example
//! `regression_study`.

#[path = "../../examples/regression_study/dice.rs"]
mod dice;
#[path = "../../examples/regression_study/fleet.rs"]
mod fleet;
#[path = "../../examples/regression_study/lab.rs"]
mod lab;

use edgesoak_record::verdict::Verdict;

use fleet::Cell;

/// How many of 60 fleets come to this verdict.
fn count(sigma: f64, effects: [f64; 3], verdict: Verdict) -> usize {
    let cell = Cell { sigma, effects: effects.to_vec(), history: true };
    (0..60).filter(|seed| fleet::run(&cell, *seed).comparison.verdict == verdict).count()
}

#[test]
fn what_did_not_change_does_not_fail_and_what_lost_a_tenth_does_not_pass() {
    for sigma in [0.01, 0.03] {
        assert_eq!(count(sigma, [0.0; 3], Verdict::Fail), 0);
        assert_eq!(count(sigma, [-0.03; 3], Verdict::Fail), 0);
        assert_eq!(count(sigma, [-0.1, 0.0, 0.0], Verdict::Pass), 0);
    }
}

#[test]
fn quiet_devices_are_decided() {
    assert!(count(0.01, [0.0; 3], Verdict::Pass) >= 58);
    assert!(count(0.01, [-0.1, 0.0, 0.0], Verdict::Fail) >= 58);
}

#[test]
fn an_early_decision_saves_runs() {
    let cell = Cell { sigma: 0.01, effects: vec![0.0; 3], history: true };
    let early = (0..60).map(|seed| fleet::run(&cell, seed)).filter(|outcome| outcome.runs == 18);
    assert!(early.filter(|outcome| !outcome.was_suspect).count() >= 50);
}
