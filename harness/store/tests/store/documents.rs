//! The host's journal: order, torn ends, lines that contradict each other, and which run a person means.

use std::fs;

use edgesoak_record::Verdict;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_store::{Store, StoreError};
use proptest::prelude::*;

use crate::made;

const SHAPE: made::Shape = made::Shape::SHORT;

fn store(folder: &std::path::Path) -> Store {
    Store::open(&folder.join("edgesoak.db")).expect("a database")
}

#[test]
fn a_torn_last_line_is_left_out_and_taken_when_it_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let mut store = store(folder.path());
    let path = run_dir.join("host.journal");
    let whole = fs::read_to_string(&path).expect("the host's journal");
    fs::write(&path, &whole[..whole.len() - 1]).expect("cut before its end");
    let ingested = store.ingest_run(&run_dir).expect("a run");
    assert!(ingested.torn && ingested.damaged_lines.is_empty());
    assert!(!store.load_run("run-1").expect("a run").closed);
    fs::write(&path, &whole).expect("written anew");
    assert!(!store.ingest_run(&run_dir).expect("a run").torn);
    assert!(store.load_run("run-1").expect("a run").closed);
}

#[test]
fn lines_that_cannot_be_used_are_told_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let mut store = store(folder.path());
    let path = run_dir.join("host.journal");
    let mut lines: Vec<String> =
        fs::read_to_string(&path).expect("the host's journal").lines().map(str::to_owned).collect();
    let unplanned = lines[4].replace("\"s01\"", "\"s77\"");
    lines.insert(2, "{\"at\": 1, \"session\": nul".to_owned());
    lines.insert(3, String::new());
    lines.insert(4, unplanned);
    lines.insert(5, lines[0].clone());
    fs::write(&path, lines.join("\n") + "\n").expect("a damaged journal");
    let ingested = store.ingest_run(&run_dir).expect("a run");
    assert_eq!(ingested.damaged_lines, [3, 5, 6]);
    assert!(store.load_run("run-1").expect("a run").closed, "what follows is still read");
    let told = store.check(Some(folder.path())).expect("a check");
    assert_eq!(told.len(), 3, "{told:?}");
}

#[test]
fn a_line_that_changed_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    let plan = made::plan(1);
    let error = store.apply_host("run-1", 1, &made::closing(None)).expect_err("not opened");
    assert!(matches!(error, StoreError::NeverOpened { .. }), "{error}");
    store.apply_host("run-1", 1, &made::opening("run-1", &plan, 0)).expect("the first line");
    store.apply_host("run-1", 2, &made::closing(Some("sigint"))).expect("the last line");
    let before = store.fingerprint("run-1").expect("a digest");
    let error = store.apply_host("run-1", 2, &made::closing(None)).expect_err("it says something else");
    assert!(matches!(error, StoreError::HostEntry { line: 2, .. }), "{error}");
    store.apply_host("run-9", 1, &made::opening("run-1", &plan, 0)).expect_err("another name");
    assert_eq!(store.fingerprint("run-1").expect("a digest"), before);
    assert_eq!(store.load_run("run-1").expect("a run").interrupted.as_deref(), Some("sigint"));
}

#[test]
fn every_event_is_kept_under_its_own_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    let mut entries = made::entries("run-1", &made::plan(1));
    let closing = entries.pop().expect("a last line");
    let device_event = |event| HostEntry { session: Some("s01".to_owned()), event, ..closing.clone() };
    let text = || "fan off".to_owned();
    entries.extend(
        [
            HostEvent::Provisioned { what: text(), sha256: "a1".repeat(32), bytes: 7, reused: false },
            HostEvent::DeviceChanged { what: text(), undo: text() },
            HostEvent::DeviceRestored { what: text() },
            HostEvent::Reattached { last_seq: Some(12) },
            HostEvent::Noted { code: "start-gate-held".to_owned(), text: text() },
            HostEvent::Resumed {},
        ]
        .map(device_event),
    );
    entries.push(closing);
    for (entry, line) in entries.iter().zip(1..) {
        store.apply_host("run-1", line, entry).expect("a line");
    }
    let other = rusqlite::Connection::open(store.path()).expect("the database");
    let mut query = other.prepare("SELECT kind, json FROM host_entry").expect("the schema");
    let kept: Vec<(String, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .expect("the lines");
    assert_eq!(kept.len(), entries.len());
    for (kind, json) in kept {
        let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(document["event"]["kind"], kind.as_str());
    }
}

#[test]
fn a_plan_cannot_lead_out_of_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    for name in ["..", "a/b", "", "/etc"] {
        let mut plan = made::plan(1);
        name.clone_into(&mut plan.sessions[0].session);
        let error =
            store.apply_host("run-1", 1, &made::opening("run-1", &plan, 0)).expect_err("no file name");
        assert!(matches!(error, StoreError::HostEntry { .. }), "{error}");
    }
    let mut twins = made::plan(2);
    twins.sessions[1].session = "s01".to_owned();
    store.apply_host("run-1", 1, &made::opening("run-1", &twins, 0)).expect_err("two of one name");
    assert!(store.runs().expect("runs").is_empty());
}

#[test]
fn runs_are_listed_and_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = store(folder.path());
    assert!(matches!(store.resolve("latest"), Err(StoreError::UnknownRun { .. })));
    for (number, run) in [(3, "b-1"), (1, "a-1"), (2, "a-10")] {
        store.apply_host(run, 1, &made::opening(run, &made::plan(1), number)).expect("a run");
    }
    let verdict = made::judged(&made::verdict("a-10", &made::plan(1), 9.0));
    store.apply_host("a-10", 2, &verdict).expect("a verdict");
    let runs = store.runs().expect("runs");
    let names: Vec<_> = runs.iter().map(|run| run.run.as_str()).collect();
    assert_eq!(names, ["b-1", "a-10", "a-1"]);
    assert_eq!((runs[1].verdict, runs[0].verdict, runs[0].closed), (Some(Verdict::Fail), None, false));
    let resolve = |name: &str| store.resolve(name).ok();
    assert_eq!(resolve("latest").as_deref(), Some("b-1"));
    assert_eq!(resolve("b").as_deref(), Some("b-1"));
    assert_eq!(resolve("a-1").as_deref(), Some("a-1"), "a whole id is no prefix");
    assert!(
        matches!(store.resolve("a"), Err(StoreError::AmbiguousRun { matches, .. }) if matches.len() == 2)
    );
    for name in ["", "%", "c", "a-100"] {
        assert!(matches!(store.resolve(name), Err(StoreError::UnknownRun { .. })), "{name:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_in_the_host_journal_leave_a_whole_database(
        at in 0..6_000_usize,
        bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..40),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
        let path = run_dir.join("host.journal");
        let mut text = fs::read(&path).expect("the host's journal");
        let first = text.iter().position(|byte| *byte == b'\n').expect("a first line") + 1;
        let at = (first + at).min(text.len());
        text.splice(at..(at + bytes.len()).min(text.len()), bytes.iter().copied());
        fs::write(&path, &text).expect("a damaged journal");
        let mut store = store(folder.path());
        store.ingest_run(&run_dir).expect("the first line is whole");
        prop_assert_eq!(&store.load_run("run-1").expect("a run").plan, &made::plan(1));
        let digest = store.fingerprint("run-1").expect("a digest");
        store.ingest_run(&run_dir).expect("once more");
        prop_assert_eq!(store.fingerprint("run-1").expect("a digest"), digest);
        prop_assert_eq!(store.check(None).expect("a check"), vec![]);
    }
}
