//! A disk that fills up while a journal is stored, one that cannot be written, and a database that somebody
//! else holds.

use std::fs;
use std::time::Duration;

use edgesoak_record::session::JournalEnding;
use rusqlite::Connection;

use crate::open::{Store, connect_to_frozen};

#[expect(dead_code, unused_imports, reason = "the tests from outside use the rest")]
#[path = "../tests/made/mod.rs"]
mod made;

#[test]
fn a_full_disk_is_told_and_what_was_stored_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &made::Shape::SHORT);
    store.apply_host("run-1", 1, &made::opening("run-1", &made::plan(1), 0)).expect("a run");
    let journal = made::device_journal(&run_dir, "s01");
    let bytes = fs::read(&journal).expect("the journal");
    let first_part = folder.path().join("first-part");
    fs::write(&first_part, &bytes[..bytes.len() / 2]).expect("half a journal");
    store.ingest_journal("run-1", "s01", &first_part).expect("the first half");
    let before = store.fingerprint("run-1").expect("a digest");
    let pages: i64 = store
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .expect("the size of the database");
    store.connection.pragma_update(None, "max_page_count", pages).expect("no more room");
    let error = store.ingest_journal("run-1", "s01", &journal).expect_err("there is no room");
    assert!(error.retry() && error.whose() == "lab", "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("space")), "{error:?}");
    assert_eq!(store.fingerprint("run-1").expect("still readable"), before);
    assert_eq!(store.check(None).expect("still whole"), []);
    store.connection.pragma_update(None, "max_page_count", 1 << 20).expect("room again");
    let ingested = store.ingest_journal("run-1", "s01", &journal).expect("the rest");
    assert!(matches!(ingested.ending, JournalEnding::Finished { .. }));
}

#[test]
fn a_locked_database_is_worth_a_retry() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("edgesoak.db");
    let mut store = Store::open(&db).expect("a database");
    store.connection.busy_timeout(Duration::ZERO).expect("no patience");
    let holder = Connection::open(&db).expect("the same database");
    holder.execute_batch("BEGIN IMMEDIATE").expect("a writer at work");
    let opening = made::opening("run-1", &made::plan(1), 0);
    let error = store.apply_host("run-1", 1, &opening).expect_err("somebody else writes");
    assert!(error.retry() && error.whose() == "lab", "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("another process")));
    holder.execute_batch("ROLLBACK").expect("the writer ends");
    store.apply_host("run-1", 1, &opening).expect("now it works");
}

#[test]
fn a_log_that_is_read_still_holds_what_was_removed_and_that_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("edgesoak.db");
    let mut store = Store::open(&db).expect("a database");
    store.connection.busy_timeout(Duration::ZERO).expect("no patience");
    let opening = made::opening("run-1", &made::plan(1), 0);
    store.apply_host("run-1", 1, &opening).expect("a run");
    let reader = Connection::open(&db).expect("the same database");
    reader.execute_batch("BEGIN; SELECT count(*) FROM run;").expect("a reader at work");
    let error = store.overwrite_freed().expect_err("somebody reads the log");
    assert!(error.retry() && error.whose() == "lab", "{error:?}");
    let error = store.cut_log().expect_err("still");
    assert!(error.hint().is_some_and(|hint| hint.contains("another process")));
    reader.execute_batch("ROLLBACK").expect("the reader ends");
    store.cut_log().expect("now it works");
    assert_eq!(fs::metadata(folder.path().join("edgesoak.db-wal")).expect("a log").len(), 0);
}

#[test]
fn a_database_on_a_frozen_disk_is_read_whatever_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = folder.path().join("50 % of #1? é.db");
    let mut store = Store::open(&db).expect("a database");
    store.apply_host("run-1", 1, &made::opening("run-1", &made::plan(1), 0)).expect("a run");
    drop(store);
    let names = || fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(names(), 1, "the log is gone");
    let (connection, _) = connect_to_frozen(&db).expect("readable");
    let runs: i64 = connection.query_row("SELECT count(*) FROM run", [], |row| row.get(0)).expect("a count");
    assert_eq!((runs, names()), (1, 1), "nothing was written beside it");
}
