//! Which files are opened, and that all others stay as they are.

use std::fs;
use std::path::Path;

use edgesoak_store::{Store, StoreError};
use rusqlite::Connection;

use crate::made;

fn store_with_a_run(folder: &Path) -> std::path::PathBuf {
    let db = folder.join("edgesoak.db");
    let run_dir = made::write_run(folder, "run-1", 1, &made::Shape::SHORT);
    Store::open(&db).and_then(|mut store| store.ingest_run(&run_dir).map(drop)).expect("a stored run");
    db
}

#[test]
fn a_newer_file_is_refused_and_stays_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = store_with_a_run(folder.path());
    Connection::open(&db)
        .and_then(|newer| newer.execute_batch("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE);"))
        .expect("a file from the future");
    let before = fs::read(&db).expect("the file");
    for opened in [Store::open(&db), Store::open_read_only(&db)] {
        let error = opened.expect_err("it is newer");
        assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
        assert!(error.hint().is_some() && !error.retry());
    }
    assert_eq!(before, fs::read(&db).expect("the file"));
    assert!(!folder.path().join("edgesoak.db-wal").exists());
}

#[test]
fn a_newer_version_that_only_the_log_knows_is_refused_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = store_with_a_run(folder.path());
    let writer = Connection::open(&db).expect("the database");
    writer.execute_batch("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99;").expect("a newer log");
    let before = fs::read(&db).expect("the file");
    let error = Store::open(&db).expect_err("its log is newer");
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    assert_eq!(before, fs::read(&db).expect("the file"));
}

#[test]
fn other_files_are_refused_and_stay_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("notes.txt");
    fs::write(&text, "not a database at all\n".repeat(20)).expect("a text");
    let short = folder.path().join("short");
    fs::write(&short, b"SQLite format 3\0").expect("a stump");
    let foreign = folder.path().join("other.db");
    Connection::open(&foreign)
        .and_then(|other| other.execute_batch("CREATE TABLE theirs (x INTEGER);"))
        .expect("another program's database");
    for path in [&text, &short, &foreign] {
        let before = fs::read(path).expect("the file");
        for opened in [Store::open(path), Store::open_read_only(path)] {
            let error = opened.expect_err("it is not ours");
            assert!(matches!(error, StoreError::NotADatabase { .. } | StoreError::Foreign { .. }), "{error}");
            assert_eq!(error.whose(), "lab");
        }
        assert_eq!(before, fs::read(path).expect("the file"), "{}", path.display());
    }
}

#[test]
fn an_empty_file_becomes_a_database_and_a_missing_folder_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.db");
    fs::write(&empty, b"").expect("an empty file");
    assert!(Store::open(&empty).expect("a database").runs().expect("no runs").is_empty());
    let error = Store::open(&folder.path().join("no/such/folder.db")).expect_err("no folder");
    assert!(error.to_string().contains("folder.db"), "{error}");
    Store::open_read_only(&folder.path().join("none.db")).expect_err("nothing to read");
    assert!(!folder.path().join("none.db").exists());
}

#[cfg(unix)]
#[test]
fn the_database_is_private_and_is_read_in_a_frozen_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let shelf = folder.path().join("50 % #1");
    fs::create_dir(&shelf).expect("a folder with an odd name");
    let db = store_with_a_run(&shelf);
    assert_eq!(fs::metadata(&db).expect("the file").permissions().mode() & 0o777, 0o600);
    let whole = Store::open(&db).and_then(|store| store.fingerprint("run-1")).expect("a digest");
    fs::set_permissions(&db, fs::Permissions::from_mode(0o400)).expect("frozen");
    fs::set_permissions(&shelf, fs::Permissions::from_mode(0o500)).expect("frozen");
    let store = Store::open_read_only(&db).expect("readable");
    assert_eq!(store.fingerprint("run-1").expect("a digest"), whole);
    drop(store);
    fs::set_permissions(&shelf, fs::Permissions::from_mode(0o700)).expect("thawed, to be removed");
}

#[test]
fn a_further_connection_reads_what_the_first_one_wrote_and_does_not_write() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = store_with_a_run(folder.path());
    let mut first = Store::open(&db).expect("writable");
    let mut reader = first.reader().expect("readable");
    let verdict = made::judged(&made::verdict("run-1", &made::plan(1), 1.0));
    first.apply_host("run-1", 100, &verdict).expect("written");
    let read = std::thread::spawn(move || {
        reader.apply_host("run-1", 101, &verdict).expect_err("it is open for reading");
        reader.fingerprint("run-1")
    });
    let read = read.join().expect("the thread ends").expect("a digest");
    assert_eq!(read, first.fingerprint("run-1").expect("a digest"));
}

#[test]
fn a_database_in_memory_is_read_beside_its_writer_and_lies_in_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &made::Shape::SHORT);
    let mut on_disk = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    on_disk.ingest_run(&run_dir).expect("a whole run");
    let (mut first, other) = (Store::in_memory().expect("memory"), Store::in_memory().expect("memory"));
    first.ingest_run(&run_dir).expect("a whole run");
    let mut reader = first.reader().expect("readable");
    let rows = on_disk.fingerprint("run-1").expect("a digest");
    assert!(!first.path().exists() && !other.path().exists());
    other.fingerprint("run-1").expect_err("another one");
    let verdict = made::judged(&made::verdict("run-1", &made::plan(1), 1.0));
    reader.apply_host("run-1", 101, &verdict).expect_err("it is open for reading");
    drop(first);
    let read = std::thread::spawn(move || (reader.fingerprint("run-1"), reader));
    let (read, reader) = read.join().expect("the thread ends");
    assert_eq!(read.expect("it lives as long as its readers"), rows);
    assert_eq!(reader.reader().expect("readable").fingerprint("run-1").expect("a digest"), rows);
}

#[test]
fn a_read_only_store_does_not_write() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = store_with_a_run(folder.path());
    let mut store = Store::open_read_only(&db).expect("readable");
    let before = store.fingerprint("run-1").expect("a digest");
    let verdict = made::judged(&made::verdict("run-1", &made::plan(1), 1.0));
    let error = store.apply_host("run-1", 100, &verdict).expect_err("it is open for reading");
    assert!(error.hint().is_some_and(|hint| hint.contains("writable")), "{error:?}");
    assert_eq!(store.fingerprint("run-1").expect("a digest"), before);
}
