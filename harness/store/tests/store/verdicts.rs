//! Verdicts and what they tell about the spread between runs.

use edgesoak_record::host_entry::WaiverUses;
use edgesoak_record::policy::{Canary, Waiver};
use edgesoak_record::session::CloseState;
use edgesoak_record::units::Nanos;
use edgesoak_record::{Gate, Plan, RunVerdict, Verdict};
use edgesoak_store::{Store, StoreError};

use crate::made;

#[test]
fn a_verdict_comes_back_and_the_last_one_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let plan = made::plan(2);
    let early = made::judged(&made::verdict("run-1", &plan, 10.0));
    let error = store.apply_host("run-1", 1, &early).expect_err("no such run");
    assert!(matches!(error, StoreError::NeverOpened { .. }));
    store.apply_host("run-1", 1, &made::opening("run-1", &plan, 0)).expect("a run");
    assert_eq!(store.verdict("run-1").expect("none"), None);
    for (line, sustained) in [(2, 10.1), (3, 0.1 + 0.2)] {
        let verdict = made::verdict("run-1", &plan, sustained);
        store.apply_host("run-1", line, &made::judged(&verdict)).expect("a verdict");
        assert_eq!(store.verdict("run-1").expect("stored"), Some(verdict));
    }
    let other = rusqlite::Connection::open(store.path()).expect("the database");
    let rows: i64 =
        other.query_row("SELECT count(*) FROM gate_result", [], |row| row.get(0)).expect("a count");
    assert_eq!(rows, 6);
}

/// Stores judged runs with these sustained rates.
fn judged(rates: &[f64]) -> (tempfile::TempDir, Store) {
    judged_every(rates, 1)
}

/// The same, opened so many thousand seconds apart.
fn judged_every(rates: &[f64], apart: u64) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let plan = made::plan(1);
    for (rate, number) in rates.iter().zip(0..) {
        let run = format!("run-{number:02}");
        store.apply_host(&run, 1, &made::opening(&run, &plan, number * apart)).expect("a run");
        store.apply_host(&run, 2, &made::closed("s01", CloseState::Completed)).expect("an end");
        let verdict = made::judged(&made::verdict(&run, &plan, *rate));
        store.apply_host(&run, 3, &verdict).expect("a verdict");
    }
    (folder, store)
}

#[test]
fn eight_runs_give_a_spread_and_seven_do_not() {
    let rates: Vec<f64> = (0..8).map(|number| 10.0 * (0.01 * f64::from(number)).exp()).collect();
    let (_folder, store) = judged(&rates[..7]);
    assert!(store.history(&made::plan(1), &[]).expect("a history").between_run_sigma.is_empty());
    let (_folder, store) = judged(&rates);
    let history = store.history(&made::plan(1), &[]).expect("a history");
    assert_eq!(history.between_run_sigma.len(), 1);
    let spread = &history.between_run_sigma[0];
    assert_eq!((spread.device.as_str(), spread.candidate.as_str(), spread.runs), ("bench-1", "small-q4", 8));
    // 0 .. 7 times 0.01: the variance of eight equal steps is 6 steps squared.
    assert!((spread.sigma - 0.01 * 6.0_f64.sqrt()).abs() < 1e-12, "{}", spread.sigma);
}

#[test]
fn a_spread_says_on_how_many_days_its_runs_were_made() {
    let days = |apart| {
        let (_folder, store) = judged_every(&[10.0, 10.1, 10.0, 10.2, 10.1, 10.0, 10.1, 10.2], apart);
        store.history(&made::plan(1), &[]).expect("a history").between_run_sigma[0].days
    };
    assert_eq!(days(1), 1, "an afternoon");
    // Every day, and twice a day.
    assert_eq!((days(86), days(43)), (8, 4));
}

#[test]
fn a_canary_tells_the_spread_of_what_is_new_in_its_runtime() {
    let rates: Vec<f64> = (0..8).map(|number| 10.0 * (0.01 * f64::from(number)).exp()).collect();
    let (_folder, store) = judged_every(&rates, 86);
    let mut plan = made::plan(1);
    let known = store.history(&plan, &[]).expect("a history").between_run_sigma;
    let candidate = &mut plan.sessions[0].candidate;
    let canary = Canary {
        candidate: std::mem::replace(&mut candidate.id, "new".to_owned()),
        sha256: std::mem::replace(&mut candidate.sha256, "ff".repeat(32)),
        runtime: candidate.runtime.clone(),
        placement: candidate.placement.clone(),
    };
    let spreads = |plan: &Plan| store.history(plan, &[]).expect("a history").between_run_sigma;
    assert_eq!(spreads(&plan), [], "nobody ran it");
    plan.policy.canary = Some(canary.clone());
    let told = spreads(&plan);
    assert_eq!((told[0].candidate.as_str(), told[0].runs, told[0].days), ("new", 8, 8));
    assert!((told[0].sigma - known[0].sigma).abs() < 1e-12, "{}", told[0].sigma);
    plan.policy.canary = Some(Canary { placement: "gpu".to_owned(), ..canary.clone() });
    assert_eq!(spreads(&plan), [], "another place scatters for other reasons");
    plan.policy.canary = Some(Canary { runtime: "other".to_owned(), ..canary });
    assert_eq!(spreads(&plan), []);
}

#[test]
fn repetitions_within_a_run_do_not_hide_the_spread_of_one_session() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let plan = made::plan(2);
    for number in 0..8_u32 {
        let run = format!("run-{number:02}");
        store.apply_host(&run, 1, &made::opening(&run, &plan, number.into())).expect("a run");
        // The mean of both is the same in every run.
        let part = (0.01 * f64::from(number)).exp();
        let mut verdict = made::verdict(&run, &plan, 10.0 * part);
        verdict.sessions[1].gates = made::verdict(&run, &plan, 10.0 / part).sessions[1].gates.clone();
        for (line, session) in [(2, "s01"), (3, "s02")] {
            store.apply_host(&run, line, &made::closed(session, CloseState::Completed)).expect("an end");
        }
        store.apply_host(&run, 4, &made::judged(&verdict)).expect("a verdict");
    }
    let spread = &store.history(&plan, &[]).expect("a history").between_run_sigma[0];
    assert!((spread.sigma - 0.01 * 6.0_f64.sqrt()).abs() < 1e-12, "{}", spread.sigma);
}

#[test]
fn another_artifact_and_sick_sessions_do_not_count() {
    let (_folder, mut store) = judged(&[10.0; 8]);
    let mut other = made::plan(1);
    other.sessions[0].candidate.sha256 = "ff".repeat(32);
    assert!(store.history(&other, &[]).expect("a history").between_run_sigma.is_empty());
    let mut sick = made::verdict("run-07", &made::plan(1), 10.0);
    sick.sessions[0].verdict = Verdict::Infrastructure;
    store.apply_host("run-07", 4, &made::judged(&sick)).expect("a verdict");
    assert!(store.history(&made::plan(1), &[]).expect("a history").between_run_sigma.is_empty());
}

#[test]
fn a_session_that_ended_early_does_not_count() {
    let (_folder, mut store) = judged(&[10.0; 8]);
    assert_eq!(store.history(&made::plan(1), &[]).expect("a history").between_run_sigma.len(), 1);
    // What it sustained until then is in its verdict all the same.
    store.apply_host("run-07", 4, &made::closed("s01", CloseState::Interrupted)).expect("another end");
    assert!(store.history(&made::plan(1), &[]).expect("a history").between_run_sigma.is_empty());
}

#[test]
fn a_waiver_is_used_once_by_a_run_however_many_devices_it_excused() {
    let (_folder, mut store) = judged(&[10.0; 3]);
    let waiver = |ticket: &str, max_uses| Waiver {
        gate: Gate::FloorTps,
        device: Some("bench-1".to_owned()),
        family: None,
        reason: "fan replaced next week".to_owned(),
        owner: "lab".to_owned(),
        approver: "release".to_owned(),
        ticket: ticket.to_owned(),
        expires: "2027-01-01".to_owned(),
        max_uses,
    };
    let mut plan = made::plan(2);
    plan.policy.waivers = vec![waiver("LAB-7", Some(5)), waiver("LAB-7", Some(5)), waiver("LAB-8", None)];
    assert_eq!(store.history(&plan, &[]).expect("a history").waiver_uses, []);
    for run in ["run-00", "run-02"] {
        let mut verdict = made::verdict(run, &plan, 10.0);
        for (session, ticket) in verdict.sessions.iter_mut().zip(["LAB-7", "LAB-7"]) {
            let gate = session.gates.iter_mut().find(|result| result.gate == Gate::FloorTps);
            gate.expect("a floor").waived = Some(ticket.to_owned());
        }
        store.apply_host(run, 4, &made::judged(&verdict)).expect("a verdict");
    }
    let used = WaiverUses { gate: Gate::FloorTps, ticket: "LAB-7".to_owned(), runs: 2 };
    assert_eq!(store.history(&plan, &[]).expect("a history").waiver_uses, [used]);
    // A verdict that takes the place of an earlier one takes back its use.
    let verdict = made::judged(&made::verdict("run-02", &plan, 10.0));
    store.apply_host("run-02", 5, &verdict).expect("a verdict");
    assert_eq!(store.history(&plan, &[]).expect("a history").waiver_uses[0].runs, 1);
}

#[test]
fn days_are_those_of_one_group_whose_deviations_cross_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let mut number = 0;
    // Four runs on each of three days, each day another route.
    for (day, route) in (0_u64..).zip(["one", "two", "three"]) {
        for minute in 0..4 {
            let (run, mut plan) = (format!("run-{number:02}"), made::plan(1));
            plan.sessions[0].route.id = route.to_owned();
            store.apply_host(&run, 1, &made::opening(&run, &plan, day * 86 + minute)).expect("a run");
            store.apply_host(&run, 2, &made::closed("s01", CloseState::Completed)).expect("an end");
            store.apply_host(&run, 3, &made::judged(&made::verdict(&run, &plan, 10.0))).expect("a verdict");
            number += 1;
        }
    }
    let spread = &store.history(&made::plan(1), &[]).expect("a history").between_run_sigma[0];
    assert_eq!((spread.runs, spread.days), (10, 1), "nothing is known of how far days differ");
}

#[test]
fn a_run_is_not_part_of_a_history_without_it() {
    let (_folder, store) = judged(&[10.0; 8]);
    let without = |run: &str| {
        store.history(&made::plan(1), &[run.to_owned()]).expect("a history").between_run_sigma.len()
    };
    assert_eq!((without("run-03"), without("another")), (0, 1));
}

#[test]
fn only_the_latest_run_that_tells_anything_holds() {
    let (_folder, mut store) = judged(&[10.0; 3]);
    let plan = made::plan(1);
    let decided = |store: &Store, since| store.decided_run(&plan.id, Nanos(since)).expect("a look");
    assert_eq!(decided(&store, 0), None, "none of them was closed");
    for run in ["run-00", "run-01", "run-02"] {
        store.apply_host(run, 4, &made::closing(None)).expect("an end");
    }
    assert_eq!(decided(&store, 0).as_deref(), Some("run-02"));
    let again = |store: &mut Store, line, verdict| {
        let judged = RunVerdict { verdict, ..made::verdict("run-02", &plan, 10.0) };
        store.apply_host("run-02", line, &made::judged(&judged)).expect("a verdict");
    };
    again(&mut store, 5, Verdict::Infrastructure);
    assert_eq!(decided(&store, 0).as_deref(), Some("run-01"), "what the lab lost tells nothing");
    again(&mut store, 6, Verdict::NotProven);
    assert_eq!(decided(&store, 0), None, "an older pass is not what is known now");
    assert_eq!(decided(&store, u64::MAX), None, "too old");
}

#[test]
fn the_newest_run_of_a_candidate_on_a_device_counts_unless_the_lab_lost_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let plan = made::plan(2);
    assert_eq!(store.newest_sessions().expect("none"), []);
    for (number, lost) in [(0, ""), (1, "s02"), (2, "s01")] {
        let run = format!("run-{number}");
        store.apply_host(&run, 1, &made::opening(&run, &plan, number)).expect("a run");
        let mut verdict = made::verdict(&run, &plan, 10.0);
        for session in verdict.sessions.iter_mut().filter(|session| session.session == lost) {
            session.verdict = Verdict::Infrastructure;
        }
        store.apply_host(&run, 2, &made::judged(&verdict)).expect("a verdict");
    }
    store.apply_host("run-3", 1, &made::opening("run-3", &plan, 3)).expect("a run that nobody judged");
    let newest = store.newest_sessions().expect("sessions");
    let places: Vec<_> = newest.iter().map(|place| (place.run.as_str(), place.session.as_str())).collect();
    assert_eq!(places, [("run-2", "s02"), ("run-1", "s01")]);
    let tried = store.tried(None).expect("families");
    assert_eq!(tried, store.tried(Some("run-3")).expect("families of a run that nobody judged"));
    assert_eq!(store.tried(Some("run-9")).expect("none"), []);
    let all = store.sessions_of("run-0").expect("sessions");
    assert_eq!(all.iter().map(|place| place.session.as_str()).collect::<Vec<_>>(), ["s01", "s02"]);
}
