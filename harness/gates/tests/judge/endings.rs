//! Sessions that did not reach their end: never green, and red only on evidence that does not need the end.

use edgesoak_gates::judge;
use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::session::{CloseState, JournalEnding, RuntimeExit, SessionClose, SessionRecord};
use edgesoak_record::verdict::{Outcome, Verdict};

use crate::made::{self, Made};
use crate::outcome;

fn close(state: CloseState, cause: &str, whose: &str) -> SessionClose {
    let (cause, whose) = (cause.to_owned(), whose.to_owned());
    SessionClose { state, cause, detail: "made up".to_owned(), whose }
}

/// A session that was cut after half of its prompts, without an end of its journal.
fn cut(name: &str, cause: &str, whose: &str) -> SessionRecord {
    let mut session = Made { soak_s: 60.0, ..Made::default() }.session(name);
    let half = session.prompts.len() / 2;
    session.prompts.truncate(half);
    session.close = Some(close(CloseState::Interrupted, cause, whose));
    session.journal.as_mut().expect("a journal").ending = JournalEnding::Open;
    session
}

/// A session that never began.
fn not_run(name: &str, cause: &str, whose: &str) -> SessionRecord {
    let complete = Made { soak_s: 10.0, ..Made::default() }.session(name);
    SessionRecord {
        close: Some(close(CloseState::NotRun, cause, whose)),
        journal: None,
        phases: Vec::new(),
        prompts: Vec::new(),
        channels: Vec::new(),
        runtime: None,
        placement: None,
        verified: Vec::new(),
        overheads: Vec::new(),
        clock_offsets: Vec::new(),
        ..complete
    }
}

/// The agent finished early with this word.
fn finished(name: &str, reason: &str) -> SessionRecord {
    let mut session = cut(name, "", "");
    session.close = Some(close(CloseState::Completed, "", ""));
    let ending = JournalEnding::Finished { reason: reason.to_owned(), detail: "made up".to_owned() };
    session.journal.as_mut().expect("a journal").ending = ending;
    session
}

fn word(run: &Run) -> (Verdict, u8, String) {
    let verdict = judge(run);
    (verdict.verdict, verdict.exit, verdict.reason)
}

#[test]
fn each_close_has_its_verdict() {
    let infrastructure = |reason: &str| (Verdict::Infrastructure, 4, reason.to_owned());
    let not_proven = |reason: &str| (Verdict::NotProven, 3, reason.to_owned());
    let rows = vec![
        (not_run("s01", "device-absent", "device"), infrastructure("device_absent")),
        (not_run("s01", "busy", "lab"), infrastructure("busy")),
        (not_run("s01", "provisioning-failed", "device"), infrastructure("provisioning_failed")),
        (not_run("s01", "preflight-failed", "config"), not_proven("preflight_failed")),
        (not_run("s01", "memory-over-budget", "config"), not_proven("memory_over_budget")),
        (not_run("s01", "memory-short", "device"), infrastructure("memory_short")),
        (not_run("s01", "start-gate-timeout", "lab"), not_proven("start_gate_timeout")),
        (cut("s01", "link-lost", "lab"), infrastructure("link_lost")),
        (cut("s01", "agent-died", "device"), infrastructure("agent_died")),
        (cut("s01", "disk-full", "harness"), infrastructure("disk_full")),
        (cut("s01", "device-restarted", "device"), not_proven("device_restarted")),
        (cut("s01", "stopped-by-user", "user"), not_proven("stopped_by_user")),
        (finished("s01", "battery-limit"), not_proven("battery_limit")),
        (finished("s01", "runtime-failed"), not_proven("runtime_failed")),
        (finished("s01", "setting-failed"), not_proven("setting_failed")),
        (finished("s01", "start-gate-timeout"), not_proven("start_gate_timeout")),
        (finished("s01", "disk-failed"), infrastructure("disk_failed")),
        (finished("s01", "runtime-died"), not_proven("runtime_died")),
        (finished("s01", "temperature-limit"), not_proven("temperature_limit")),
    ];
    for (session, want) in rows {
        let run = made::run_of(vec![session]);
        assert_eq!(word(&run), want, "{:?}", run.sessions[0].close);
        let verdict = judge(&run);
        let shown = verdict.sessions[0].gates.iter().filter(|gate| gate.gate != Gate::RuntimeAlive);
        assert!(
            shown.clone().all(|gate| gate.outcome == Outcome::NotProven),
            "no gate of a part is green or red"
        );
        assert!(shown.clone().count() > 20 && shown.clone().all(|gate| gate.cause == Some(want.2.clone())));
    }
}

#[test]
fn a_run_without_sessions_or_without_a_begin_evaluated_nothing() {
    let nothing = (Verdict::Nothing, 5, "nothing_ran".to_owned());
    assert_eq!(word(&made::run_of(Vec::new())), nothing);
    let mut begun = made::run_of(vec![not_run("s01", "", "")]);
    begun.sessions[0].close = None;
    begun.closed = false;
    assert_eq!(word(&begun), nothing);
}

#[test]
fn a_person_who_interrupts_gets_not_proven_and_no_promise_that_the_run_goes_on() {
    let mut run =
        made::run_of(vec![cut("s01", "stopped-by-user", "user"), not_run("s02", "stopped-by-user", "user")]);
    run.interrupted = Some("Ctrl-C".to_owned());
    let verdict = judge(&run);
    assert_eq!((verdict.verdict, verdict.reason.as_str()), (Verdict::NotProven, "interrupted"));
    // Its agents were stopped: nothing is left on any device that a resume could fetch.
    assert_eq!(verdict.next_actions, ["`edgesoak run --profile soak` (about 13 minutes) starts it anew."]);
    assert!(verdict.sentence.contains("Ctrl-C"));
}

#[test]
fn what_a_resume_can_still_fetch_is_offered() {
    let resume = |run: &Run| judge(run).next_actions[0].starts_with("`edgesoak resume ");
    assert!(resume(&made::run_of(vec![cut("s01", "link-lost", "lab")])));
    assert!(resume(&made::run_of(vec![cut("s01", "host-disk-full", "harness")])));
    assert!(!resume(&made::run_of(vec![cut("s01", "agent-died", "device")])));
    let mut killed = made::run_of(vec![cut("s01", "agent-died", "device")]);
    killed.sessions[0].close = None;
    killed.closed = false;
    assert!(resume(&killed), "the host was killed");
}

#[test]
fn one_lost_device_beside_a_good_one_is_not_proven_and_no_retry_hides_it() {
    let run = made::run_of(vec![Made::default().session("s01"), not_run("s02", "device-absent", "device")]);
    assert_eq!(word(&run), (Verdict::NotProven, 3, "device_absent".to_owned()));
    let mut missing = made::run_of(vec![Made::default().session("s01"), Made::default().session("s02")]);
    missing.sessions.pop();
    assert_eq!(word(&missing), (Verdict::NotProven, 3, "not_run".to_owned()));
}

#[test]
fn a_failure_is_not_excused_by_a_lost_device() {
    let slow = Made { rate: |_| 9.0, ..Made::default() }.session("s01");
    let run = made::run_of(vec![slow, not_run("s02", "device-absent", "device")]);
    assert_eq!(word(&run), (Verdict::Fail, 1, "burst_tps".to_owned()));
}

#[test]
fn a_runtime_that_dies_once_is_run_again_and_twice_is_a_failure() {
    let mut once = finished("s01", "runtime-died");
    let exit = RuntimeExit {
        at: made::at(300.0),
        code: None,
        signal: Some(9),
        last_rss_bytes: None,
        last_words: String::new(),
    };
    once.runtime.as_mut().expect("a runtime").exit = Some(exit);
    let run = made::run_of(vec![once.clone()]);
    let verdict = judge(&run);
    assert_eq!(outcome(&run, Gate::RuntimeAlive), (Outcome::NotProven, "runtime_died".to_owned()));
    assert!(verdict.next_actions[0].contains("edgesoak run --profile soak"), "{:?}", verdict.next_actions);
    let mut again = once.clone();
    again.planned.session = "s02".to_owned();
    let run = made::run_of(vec![once, again]);
    assert_eq!(word(&run), (Verdict::Fail, 1, "runtime_alive".to_owned()));
}

#[test]
fn a_runtime_that_is_slow_to_exit_after_its_last_phase_did_not_die() {
    let mut run = Made::default().run();
    let exit = |signal| RuntimeExit {
        at: made::at(606.0),
        code: None,
        signal: Some(signal),
        last_rss_bytes: None,
        last_words: String::new(),
    };
    run.sessions[0].runtime.as_mut().expect("a runtime").exit = Some(exit(9));
    assert_eq!(outcome(&run, Gate::RuntimeAlive), (Outcome::Pass, String::new()));
    run.sessions[0].runtime.as_mut().expect("a runtime").exit = Some(exit(11));
    assert_eq!(outcome(&run, Gate::RuntimeAlive).0, Outcome::NotProven, "a crash on the way out is one");
}

#[test]
fn a_wrong_file_fails_however_the_session_ended() {
    let run = made::run_of(vec![finished("s01", "digest-mismatch")]);
    assert_eq!(word(&run), (Verdict::Fail, 1, "artifact".to_owned()));
}

#[test]
fn a_journal_that_is_not_whole_is_the_labs_problem() {
    for (ending, cause) in [
        (JournalEnding::Torn, "journal_torn"),
        (JournalEnding::Open, "journal_open"),
        (JournalEnding::Corrupt("frame 17".to_owned()), "journal_corrupt"),
    ] {
        let mut run = Made::default().run();
        run.sessions[0].journal.as_mut().expect("a journal").ending = ending;
        assert_eq!(word(&run), (Verdict::Infrastructure, 4, cause.to_owned()));
    }
}

#[test]
fn a_record_of_another_session_than_planned_shows_nothing() {
    let mut run = Made::default().run();
    run.sessions[0].planned.route.bars.clear();
    assert_eq!(word(&run), (Verdict::NotProven, 3, "plan_mismatch".to_owned()));
}

/// Found in another boot, with this as the last temperature of a channel of this name.
fn restarted(sensor: &str, hottest: fn(f64) -> f64) -> Run {
    let mut session = Made { soak_s: 60.0, celsius: Some(hottest), ..Made::default() }.session("s01");
    session.close = Some(close(CloseState::Interrupted, "device-restarted", "device"));
    session.journal.as_mut().expect("a journal").ending = JournalEnding::Open;
    for channel in session.channels.iter_mut().filter(|channel| channel.name == "thermal/soc") {
        sensor.clone_into(&mut channel.name);
    }
    made::run_of(vec![session])
}

#[test]
fn a_device_that_switched_itself_off_for_heat_has_failed_at_once() {
    let chip: fn(f64) -> f64 = |t| 60.0 + 0.8 * t;
    let skin: fn(f64) -> f64 = |t| 30.0 + 0.4 * t;
    for (sensor, celsius) in [("thermal/soc", chip), ("temperature/skin", skin)] {
        let run = restarted(sensor, celsius);
        let failed = (Outcome::Fail, "thermal_shutdown".to_owned());
        assert_eq!(outcome(&run, Gate::RuntimeAlive), failed, "{sensor}");
        assert_eq!(word(&run).0, Verdict::Fail, "{sensor}");
    }
}

#[test]
fn a_device_that_restarted_cool_or_ran_to_its_end_hot_did_not() {
    let decided = (Outcome::NotProven, "device_restarted".to_owned());
    assert_eq!(outcome(&restarted("thermal/soc", |_| 60.0), Gate::RuntimeAlive), decided);
    // It was hot in the middle, and had cooled down before it vanished.
    let cooled: fn(f64) -> f64 = |t| if t < 30.0 { 105.0 } else { 60.0 };
    assert_eq!(outcome(&restarted("thermal/soc", cooled), Gate::RuntimeAlive), decided);
    let whole = Made { soak_s: 60.0, celsius: Some(|t| 60.0 + 0.8 * t), ..Made::default() }.run();
    assert_eq!(outcome(&whole, Gate::RuntimeAlive).0, Outcome::Pass);
}

#[test]
fn a_clock_that_went_back_explains_a_runtime_that_was_not_believed() {
    let mut session = finished("s01", "runtime-failed");
    session.clock_offsets[1].offset_ns -= 5_000_000_000;
    let run = made::run_of(vec![session]);
    assert_eq!(outcome(&run, Gate::Clocks), (Outcome::NotProven, "clock_jump".to_owned()));
    assert_eq!(outcome(&run, Gate::FloorTps), (Outcome::NotProven, "clock_jump".to_owned()));
}
