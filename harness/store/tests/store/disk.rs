//! A database whose pages are damaged.

use std::fs;

use edgesoak_store::Store;

use crate::made;

#[test]
fn a_damaged_database_says_what_helps() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(&folder.path().join("runs"), "run-1", 1, &made::Shape::SHORT);
    let db = folder.path().join("edgesoak.db");
    Store::open(&db).and_then(|mut store| store.ingest_run(&run_dir).map(drop)).expect("a stored run");
    let whole = Store::open(&db).and_then(|store| store.fingerprint("run-1")).expect("a digest");
    let mut bytes = fs::read(&db).expect("the file");
    for byte in &mut bytes[8_192..] {
        *byte = 0x5A;
    }
    fs::write(&db, &bytes).expect("a damaged file");
    let error = Store::open_read_only(&db)
        .and_then(|store| store.fingerprint("run-1"))
        .expect_err("its pages are garbage");
    assert!(error.hint().is_some_and(|hint| hint.contains("store rebuild")), "{error:?}");
    edgesoak_store::rebuild(&folder.path().join("runs"), &db).expect("the remedy");
    let healed = Store::open_read_only(&db).and_then(|store| store.fingerprint("run-1"));
    assert_eq!(healed.expect("a digest"), whole);
}
