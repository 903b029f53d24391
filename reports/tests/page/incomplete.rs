//! Runs that ended badly still give an honest page.

use edgesoak_record::session::{CloseState, JournalEnding, SessionClose};
use edgesoak_record::{Gate, Outcome, Verdict};

use crate::document::Document;
use crate::made_up;
use crate::made_up::decode::Course;

fn text(run: &edgesoak_record::Run, verdict: &edgesoak_record::RunVerdict) -> String {
    let document = Document::parse(&edgesoak_reports::html(run, verdict));
    assert_eq!(document.errors, Vec::<String>::new());
    document.text
}

#[test]
fn a_run_without_sessions() {
    let (run, verdict) = made_up::empty();
    let text = text(&run, &verdict);
    assert!(text.contains("NOTHING RAN") && text.contains("No session was planned."));
}

#[test]
fn a_session_that_never_began() {
    let course = Course { seconds: 20.0, ..Course::default() };
    let mut record = made_up::session::record("s01", "made-up-1", &course, 1.0);
    record.close = Some(SessionClose {
        state: CloseState::NotRun,
        cause: "device-absent".to_owned(),
        detail: "The device did not answer within 30 s.".to_owned(),
        whose: "lab".to_owned(),
    });
    record.journal = None;
    record.phases.clear();
    record.prompts.clear();
    record.channels.clear();
    record.runtime = None;
    record.placement = None;
    record.overheads.clear();
    let judged =
        made_up::gates::verdict(&record, Verdict::Infrastructure, "The device did not answer.", Vec::new());
    let (run, verdict) = made_up::run_of(vec![(record, judged)]);
    let text = text(&run, &verdict);
    for words in [
        "LAB PROBLEM",
        "1 not run",
        "No strips:",
        "device-absent (lab)",
        "No gate was evaluated.",
        "did not start",
    ] {
        assert!(text.contains(words), "{words} is not said");
    }
}

#[test]
fn a_session_that_was_not_judged_and_a_verdict_without_a_session() {
    let (mut run, mut verdict) = made_up::example();
    verdict.sessions.remove(0);
    run.sessions.pop();
    let text = text(&run, &verdict);
    assert!(text.contains("This session was not judged."));
    assert!(text.contains("no record"), "the judged session without a record is listed");
    assert!(text.contains("made-up-board-1"));
}

#[test]
fn a_torn_journal_and_a_killed_runtime_are_said() {
    let course = Course { seconds: 60.0, recovery: false, ..Course::default() };
    let mut record = made_up::session::record("s01", "made-up-1", &course, 1.0);
    record.journal.as_mut().expect("a journal").ending = JournalEnding::Torn;
    let exit = record.runtime.as_mut().and_then(|runtime| runtime.exit.as_mut()).expect("an exit");
    (exit.code, exit.signal, exit.at) = (None, Some(9), made_up::decode::device_time(40.0));
    record.placement = None;
    let mut judged = made_up::gates::short(&record, &course);
    judged.gates.retain(|result| result.gate != Gate::RuntimeAlive);
    let alive = |outcome| made_up::gates::gate(Gate::RuntimeAlive, outcome, None, None, "It was closed.");
    judged.gates.push(alive(Outcome::NotProven));
    let (run, mut verdict) = made_up::run_of(vec![(record, judged)]);
    let page = text(&run, &verdict);
    for words in
        ["torn in the middle of a frame", "killed by signal 9", "runtime died 0:40", "gave no evidence"]
    {
        assert!(page.contains(words), "{words} is not said");
    }
    // Closed, slow to exit, killed: the gate knows that it did not die.
    *verdict.sessions[0].gates.last_mut().expect("a gate") = alive(Outcome::Pass);
    assert!(!text(&run, &verdict).contains("runtime died"));
}
