//! Retention: what is purged is gone from disk and database, does not come back, and nothing else goes with it.

use std::fs;
use std::path::{Path, PathBuf};

use edgesoak_protocol::units::Nanos;
use edgesoak_record::baseline::Baseline;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_store::{Baselines, Scope, Store, StoreError, rebuild};
use rusqlite::Connection;

use crate::made;

const MARK: &str = "marker-plain-walrus";

/// Two runs, each with an answer whose text is stored.
fn two_runs(folder: &Path) -> (PathBuf, PathBuf) {
    let (runs, db) = (folder.join("runs"), folder.join("edgesoak.db"));
    let mut store = Store::open(&db).expect("a database");
    for run in ["run-1", "run-2"] {
        let dir = made::write_run(&runs, run, 2, &made::Shape::SHORT);
        let journal = dir.join("host.journal");
        let mut answer = made::answers().next().expect("an answer");
        answer.text = Some(format!("{MARK} of {run}"));
        let events = [
            HostEvent::Asked { asked: Box::new(made::asked()) },
            HostEvent::Answered { answer: Box::new(answer) },
        ];
        let entries = events.map(|event| HostEntry { at: Nanos(9), session: Some("s01".to_owned()), event });
        let lines = fs::read_to_string(&journal).expect("a journal") + &made::host_lines(&entries);
        fs::write(&journal, lines).expect("room");
        fs::write(dir.join("report.html"), "a report").expect("room");
        store.ingest_run(&dir).expect("a whole run");
    }
    (runs, db)
}

/// Rows of every table.
fn rows(db: &Path) -> Vec<(String, i64)> {
    let database = Connection::open(db).expect("the database");
    let names: Vec<String> = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .and_then(|mut query| query.query_map([], |row| row.get(0))?.collect())
        .expect("tables");
    let count = |name: &String| {
        let sql = format!("SELECT count(*) FROM {name}");
        (name.clone(), database.query_row(&sql, [], |row| row.get(0)).expect("a count"))
    };
    names.iter().map(count).collect()
}

fn holds(path: &Path, text: &str) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn a_purged_run_is_gone_for_good_and_the_others_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let both = rows(&db);
    let mut store = Store::open(&db).expect("a database");
    let kept = store.fingerprint("run-2").expect("a digest");
    let weighed = store.weigh(&runs, "run-1", Scope::Run).expect("weighed");
    let purged = store.purge(&runs, "run-1", Scope::Run).expect("purged");
    assert_eq!(purged.run, "run-1");
    assert!(purged.files >= 4 && purged.bytes > 1000 && purged.texts == 1, "{purged:?}");
    assert_eq!((weighed.files.abs_diff(purged.files), weighed.texts), (1, 1), "but for its lock");
    store.overwrite_freed().expect("written anew");
    assert!(!runs.join("run-1").exists());
    for (name, count) in rows(&db) {
        let before = both.iter().find(|(known, _)| *known == name).expect("the same tables").1;
        assert_eq!(count * 2, before, "{name}");
    }
    assert_eq!(store.fingerprint("run-2").expect("a digest"), kept);
    drop(store);
    for file in ["edgesoak.db", "edgesoak.db-wal"] {
        assert!(!holds(&folder.path().join(file), &format!("{MARK} of run-1")), "{file}");
    }
    assert!(holds(&db, &format!("{MARK} of run-2")));
    assert_eq!(rebuild(&runs, &db).expect("a rebuild").runs, ["run-2"]);
    let mut store = Store::open(&db).expect("a database");
    let again = store.purge(&runs, "run-1", Scope::Run).expect("nothing is left to do");
    assert_eq!((again.files, again.texts), (0, 0));
}

#[test]
fn texts_go_and_their_scores_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let mut store = Store::open(&db).expect("a database");
    let journal = runs.join("run-1/host.journal");
    let lines = fs::read_to_string(&journal).expect("a journal").lines().count();
    let texts = store.purge(&runs, "run-1", Scope::Texts).expect("purged").texts;
    store.overwrite_freed().expect("written anew");
    assert_eq!(texts, 1);
    assert!(!holds(&journal, MARK) && holds(&runs.join("run-2/host.journal"), MARK));
    let now = fs::read_to_string(&journal).expect("a journal");
    assert_eq!(now.lines().count(), lines);
    let golden = |store: &Store| store.load_outline("run-1").expect("a run").sessions[0].golden.clone();
    let before = golden(&store).expect("it asked");
    assert_eq!((before.answers.len(), before.answers[0].text.clone()), (1, None));
    // What is stored is what the journal says now.
    store.ingest_run(&runs.join("run-1")).expect("the same lines");
    drop(store);
    assert!(!holds(&db, &format!("{MARK} of run-1")) && holds(&db, &format!("{MARK} of run-2")));
    rebuild(&runs, &db).expect("a rebuild");
    let mut store = Store::open(&db).expect("a database");
    assert_eq!(golden(&store), Some(before));
    assert_eq!(store.purge(&runs, "run-1", Scope::Texts).expect("nothing is left").texts, 0);
}

#[test]
fn damaged_lines_that_may_hold_a_text_go_with_the_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let journal = runs.join("run-1/host.journal");
    let before = fs::read_to_string(&journal).expect("a journal");
    let answered = before.lines().find(|line| line.contains(MARK)).expect("an answer").to_owned();
    let torn = &answered[..answered.find(MARK).expect("a text") + MARK.len()];
    let closed = before.lines().next_back().expect("a line");
    let of_later = r#"{"at":1,"event":{"kind":"invented later"}}"#;
    let odd = answered.replace("\"text\":", "\"prompt\":");
    let tail = [torn, &torn[torn.len() / 2..], &odd, of_later, closed, torn].join("\n");
    fs::write(&journal, before.clone() + &tail).expect("room");
    let mut store = Store::open(&db).expect("a database");
    assert_eq!(store.ingest_run(&runs.join("run-1")).expect("lines").damaged_lines.len(), 4);
    let purged = store.purge(&runs, "run-1", Scope::Texts).expect("purged");
    assert_eq!(purged.texts, 6, "two whole ones, three damaged ones and the torn end");
    store.overwrite_freed().expect("written anew");
    let now = fs::read_to_string(&journal).expect("a journal");
    assert!(!now.contains(MARK) && now.contains(of_later), "{now}");
    assert_eq!(now.lines().count(), before.lines().count() + 5, "every line is where it was");
    let damaged = |db: &Path| {
        let sql = "SELECT count(*) FROM damaged_line WHERE run_id = 'run-1'";
        let database = Connection::open(db).expect("the database");
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    assert_eq!(damaged(&db), 1);
    drop(store);
    assert!(!holds(&db, &format!("{MARK} of run-1")));
    rebuild(&runs, &db).expect("a rebuild");
    assert_eq!(damaged(&db), 1, "as its journal says");
}

#[test]
fn texts_that_only_the_database_holds_any_more_go_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let journal = runs.join("run-1/host.journal");
    let before = fs::read(&journal).expect("a journal");
    let mut store = Store::open(&db).expect("a database");
    store.purge(&runs, "run-1", Scope::Texts).expect("purged");
    let without = fs::read(&journal).expect("a journal");
    // As if the process had been killed between journal and database.
    fs::write(&journal, before).expect("room");
    drop(store);
    rebuild(&runs, &db).expect("a rebuild");
    fs::write(&journal, without).expect("room");
    let mut store = Store::open(&db).expect("a database");
    assert_eq!(store.purge(&runs, "run-1", Scope::Texts).expect("purged").texts, 1);
    store.ingest_run(&runs.join("run-1")).expect("the same lines again");
}

#[test]
fn old_runs_are_chosen_but_those_of_a_baseline_and_those_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let (runs, db) = two_runs(folder.path());
    let mut store = Store::open(&db).expect("a database");
    let book = Baselines::of(folder.path());
    let opened = store.load_outline("run-1").expect("a run").opened;
    let chosen = |at: u64, store: &Store| store.outdated(&runs, Nanos(at), &book).expect("runs");
    assert_eq!(chosen(opened.0, &store), [""; 0]);
    assert_eq!(chosen(u64::MAX, &store).len(), 2);
    let policy = store.load_outline("run-1").expect("a run").plan.policy;
    let (name, reason) = ("release-1".to_owned(), "shipped".to_owned());
    let of = vec!["run-1".to_owned()];
    let baseline = Baseline { name, promoted: Nanos(1), reason, policy, runs: of, trials: Vec::new() };
    book.promote(&baseline).expect("promoted");
    assert_eq!(chosen(u64::MAX, &store), ["run-2"]);
    let killed = made::write_run(&runs, "run-3", 1, &made::Shape::SHORT);
    assert_eq!(chosen(u64::MAX, &store), ["run-2", "run-3"], "it was never stored");
    let journal = fs::read_to_string(killed.join("host.journal")).expect("a journal");
    let first = journal.split_inclusive('\n').next().expect("a line");
    fs::write(killed.join("host.journal"), first).expect("room");
    store.ingest_run(&killed).expect("a run that was killed");
    assert_eq!(chosen(u64::MAX, &store), ["run-2", "run-3"], "nobody closed it");
    assert_eq!(store.purge(&runs, "run-3", Scope::Run).expect("purged").run, "run-3");
    let lock = fs::File::create(runs.join("run-2/lock")).expect("room");
    lock.lock().expect("nobody has it");
    assert_eq!(chosen(u64::MAX, &store), [""; 0]);
    let error = store.purge(&runs, "run-2", Scope::Run).expect_err("somebody works on it");
    assert!(matches!(error, StoreError::RunInUse { .. }) && error.retry(), "{error}");
    assert!(runs.join("run-2/host.journal").exists());
}
