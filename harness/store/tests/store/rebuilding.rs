//! The database made again from the journals.

use std::fs;
use std::path::Path;

use edgesoak_store::{Store, StoreError, rebuild};
use rusqlite::Connection;

use crate::made;

const SHAPE: made::Shape = made::Shape::SHORT;

fn digests(db: &Path) -> Vec<(String, String)> {
    let store = Store::open_read_only(db).expect("a database");
    let mut runs: Vec<String> = store.runs().expect("runs").into_iter().map(|run| run.run).collect();
    runs.sort();
    runs.into_iter().map(|run| (run.clone(), store.fingerprint(&run).expect("a digest"))).collect()
}

fn two_runs(folder: &Path) -> (std::path::PathBuf, std::path::PathBuf) {
    let (runs, db) = (folder.join("runs"), folder.join("edgesoak.db"));
    let mut store = Store::open(&db).expect("a database");
    // Stored in the other order than a rebuild takes.
    for run in ["run-2", "run-1"] {
        let run_dir = made::write_run(&runs, run, 2, &SHAPE);
        store.ingest_run(&run_dir).expect("a whole run");
    }
    (runs, db)
}

#[test]
fn a_rebuild_gives_the_same_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let before = digests(&db);
    assert_eq!(before.len(), 2);
    let rebuilt = rebuild(&runs, &db).expect("a rebuild");
    assert_eq!(rebuilt.runs, ["run-1", "run-2"]);
    assert_eq!(rebuilt.problems, []);
    assert_eq!(digests(&db), before);
    fs::remove_file(&db).expect("the database is lost");
    rebuild(&runs, &db).expect("a rebuild from nothing");
    assert_eq!(digests(&db), before);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("the folder").collect();
    assert_eq!(left.len(), 2, "only the runs and the database are left: {left:?}");
}

#[test]
fn an_old_log_is_not_replayed_into_the_new_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let before = digests(&db);
    let writer = Connection::open(&db).expect("the database");
    writer
        .execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE run SET profile = 'changed by hand';")
        .expect("a log that was never copied");
    let log = fs::read(folder.path().join("edgesoak.db-wal")).expect("a log");
    drop(writer);
    fs::write(folder.path().join("edgesoak.db-wal"), log).expect("as a crash leaves it");
    rebuild(&runs, &db).expect("a rebuild");
    assert_eq!(digests(&db), before);
}

#[test]
fn a_database_in_use_or_of_the_future_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let reader = Connection::open(&db).expect("the database");
    reader.execute_batch("BEGIN; SELECT count(*) FROM run;").expect("a reader at work");
    let before = digests(&db);
    let error = rebuild(&runs, &db).expect_err("it is in use");
    assert!(error.retry(), "{error:?}");
    assert_eq!(digests(&db), before);
    drop(reader);
    Connection::open(&db)
        .and_then(|newer| newer.execute_batch("PRAGMA user_version = 99;"))
        .expect("a file from the future");
    let bytes = fs::read(&db).expect("the file");
    assert!(matches!(rebuild(&runs, &db), Err(StoreError::Newer { .. })));
    assert_eq!(fs::read(&db).expect("the file"), bytes);
}

#[test]
fn a_failed_rebuild_keeps_the_old_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, db) = two_runs(folder.path());
    let before = digests(&db);
    rebuild(&folder.path().join("no-runs"), &db).expect_err("no such folder");
    assert_eq!(digests(&db), before);
}

#[test]
fn a_sick_run_does_not_keep_the_others_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    fs::write(runs.join("run-1/host.journal"), "garbage\n").expect("a lost host journal");
    fs::write(made::device_journal(&runs.join("run-2"), "s01"), "garbage").expect("a lost device journal");
    let rebuilt = rebuild(&runs, &db).expect("a rebuild");
    assert_eq!(rebuilt.runs, ["run-2"]);
    let told: Vec<String> = rebuilt.problems.iter().map(ToString::to_string).collect();
    assert!(told.len() == 2 && told[0].contains("run-1") && told[1].contains("s01"), "{told:?}");
    let store = Store::open_read_only(&db).expect("a database");
    let run = store.load_run("run-2").expect("the other run");
    assert!(run.sessions[0].journal.is_none() && run.sessions[1].journal.is_some());
}

#[test]
fn a_check_compares_rows_with_journals() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let check = || Store::open_read_only(&db).and_then(|store| store.check(Some(&runs))).expect("a check");
    assert_eq!(check(), []);
    let other = Connection::open(&db).expect("the database");
    other.execute_batch("PRAGMA foreign_keys = OFF").expect("an unguarded hand");
    other
        .execute("DELETE FROM token WHERE session_id = (SELECT id FROM session LIMIT 1) AND prompt = 2", [])
        .expect("lost rows");
    let told = check();
    assert!(told.len() == 1 && told[0].session.is_some(), "{told:?}");
    other.execute("DELETE FROM channel WHERE position = 0", []).expect("lost channels");
    assert!(check().iter().any(|problem| problem.what.contains("sample")), "orphans are found");
    other.execute_batch("PRAGMA foreign_keys = ON").expect("guarded again");
    drop(other);
    rebuild(&runs, &db).expect("the remedy");
    assert_eq!(check(), []);
    fs::remove_dir_all(runs.join("run-2")).expect("lost journals");
    let told = check();
    assert!(told.len() == 1 && told[0].run.as_deref() == Some("run-2"), "{told:?}");
}
