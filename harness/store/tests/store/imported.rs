//! What another program measured: its marks, rows and zero come back, and its spread is nobody's.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::Import;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::import::{EnergySum, ImportedFact, RateWindows};
use edgesoak_record::plan::SourceFile;
use edgesoak_record::session::CloseState;
use edgesoak_store::Store;

use crate::made;

fn import() -> Import {
    Import {
        format: "decode-rates".to_owned(),
        file: SourceFile { path: "export.jsonl".to_owned(), sha256: "ab".repeat(32), bytes: 4_514 },
        line: 3,
        zero: Nanos::from_secs(5_001),
        rates: Some(RateWindows { length: Some(Nanos::from_secs(5)), is_timed: true }),
        energy: Some(EnergySum { microjoules: 2_970_000_000, over: None, tokens: Some(20_372) }),
        facts: vec![ImportedFact { about: "device".to_owned(), text: "Täblet 7".to_owned() }],
    }
}

fn entry(import: &Import) -> HostEntry {
    let event = HostEvent::Imported { import: Box::new(import.clone()) };
    HostEntry { at: Nanos(7), session: Some("s01".to_owned()), event }
}

fn store_with(import: &Import) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &made::Shape::SHORT);
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    store.apply_host("run-1", 1, &made::opening("run-1", &made::plan(1), 1)).expect("a run");
    store.apply_host("run-1", 2, &entry(import)).expect("an import");
    store.ingest_journal("run-1", "s01", &made::device_journal(&run_dir, "s01")).expect("a journal");
    (folder, store)
}

#[test]
fn an_import_comes_back_as_it_was_told() {
    let timed = Import { rates: Some(RateWindows { length: None, is_timed: false }), ..import() };
    let bare = Import { rates: None, energy: None, facts: Vec::new(), ..import() };
    for told in [import(), timed, bare] {
        let (_folder, store) = store_with(&told);
        let record = &store.load_run("run-1").expect("a run").sessions[0];
        assert_eq!(record.imported.as_ref(), Some(&told));
        assert!(record.prompts.iter().all(|prompt| prompt.engine_decode.is_none()), "no engine's own times");
    }
}

#[test]
fn times_count_from_the_zero_that_the_import_names() {
    let (_folder, store) = store_with(&import());
    let database = rusqlite::Connection::open(store.path()).expect("the database");
    let zero: i64 = database
        .query_row("SELECT first_scored_submit_mono_ns FROM session", [], |row| row.get(0))
        .expect("a session");
    assert_eq!(zero, 5_001_000_000_000);
    let marked: (String, i64) = database
        .query_row("SELECT file, energy_tokens FROM imported", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("a mark");
    assert_eq!(marked, ("export.jsonl".to_owned(), 20_372));
}

#[test]
fn a_second_word_on_the_same_session_replaces_the_first() {
    let (_folder, mut store) = store_with(&import());
    let other = Import { line: 9, ..import() };
    store.apply_host("run-1", 3, &entry(&other)).expect("another import");
    assert_eq!(store.load_run("run-1").expect("a run").sessions[0].imported, Some(other));
    let endless = Import { format: "x".repeat(1 << 20), ..import() };
    let error = store.apply_host("run-1", 4, &entry(&endless)).expect_err("a text beyond any length");
    assert!(error.to_string().contains("run-1"), "{error}");
}

#[test]
fn one_file_imported_eight_times_is_no_spread_between_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let plan = made::plan(1);
    for number in 0..8 {
        let run = format!("run-{number:02}");
        store.apply_host(&run, 1, &made::opening(&run, &plan, number)).expect("a run");
        store.apply_host(&run, 2, &entry(&import())).expect("an import");
        store.apply_host(&run, 3, &made::closed("s01", CloseState::Completed)).expect("an end");
        store.apply_host(&run, 4, &made::judged(&made::verdict(&run, &plan, 20.0))).expect("a verdict");
    }
    assert!(store.history(&plan, &[]).expect("a history").between_run_sigma.is_empty());
}
