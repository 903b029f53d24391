//! Answers to golden items: they come back as they were told, and a session that begins anew asked anew.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::golden::GoldenRecord;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_store::Store;
use rusqlite::Connection;

use crate::made;

fn store_with(events: Vec<HostEvent>) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    store.apply_host("run-1", 1, &made::opening("run-1", &made::plan(1), 1)).expect("a run");
    for (line, event) in (2..).zip(events) {
        let entry = HostEntry { at: Nanos(7), session: Some("s01".to_owned()), event };
        store.apply_host("run-1", line, &entry).expect("a line");
    }
    (folder, store)
}

fn asked() -> HostEvent {
    HostEvent::Asked { asked: Box::new(made::asked()) }
}

fn answered() -> impl Iterator<Item = HostEvent> {
    made::answers().map(|answer| HostEvent::Answered { answer: Box::new(answer) })
}

fn golden(store: &Store) -> Option<GoldenRecord> {
    let run = store.load_outline("run-1").expect("a run");
    run.sessions[0].golden.clone()
}

#[test]
fn answers_come_back_as_they_were_told() {
    let (_folder, store) = store_with([asked()].into_iter().chain(answered()).collect());
    let expected = GoldenRecord { asked: made::asked(), answers: made::answers().collect() };
    assert_eq!(golden(&store), Some(expected));
    let (_folder, nothing) = store_with(Vec::new());
    assert_eq!(golden(&nothing), None);
}

#[test]
fn what_was_answered_before_a_session_began_anew_does_not_count() {
    let events = [asked()].into_iter().chain(answered()).chain([asked()]).chain(answered().take(1));
    let (_folder, store) = store_with(events.collect());
    assert_eq!(golden(&store).expect("it asked").answers, made::answers().take(1).collect::<Vec<_>>());
    let database = Connection::open(store.path()).expect("the database");
    let count = |view: &str| -> i64 {
        database.query_row(&format!("SELECT count(*) FROM {view}"), [], |row| row.get(0)).expect("a count")
    };
    assert_eq!((count("answer"), count("score")), (1, 2), "one answer with a combinator and its part");
    let row: (String, String, f64, f64, Option<f64>, String) = database
        .query_row("SELECT item, outcome, ttft_ms, points, confidence, classified FROM answer", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .expect("a row");
    assert_eq!((row.0.as_str(), row.1.as_str()), ("seal", "fail"));
    assert!((row.2 - 251.000_001).abs() < 1e-9 && (row.3 - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!((row.4, row.5.as_str()), (Some(0.8125), "public"));
}
