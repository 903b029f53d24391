//! A host that is killed while it stores a journal.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use edgesoak_record::session::JournalEnding;
use edgesoak_store::Store;
use rusqlite::{Connection, OpenFlags};

use crate::made;

const FOLDER: &str = "EDGESOAK_TEST_KILL_FOLDER";
const SHAPE: made::Shape = made::Shape::TEN_MINUTES;

/// Run by the test below, in a process of its own, and killed there.
#[test]
#[ignore = "the victim of the test below"]
fn victim() {
    let folder = env::var_os(FOLDER).expect("the folder to work in");
    let mut store = Store::open(&Path::new(&folder).join("edgesoak.db")).expect("a database");
    store.ingest_run(&Path::new(&folder).join("run-1")).expect("a whole run");
}

/// Bytes of the journal that are stored, once there is anything.
fn stored_bytes(db: &Path) -> Option<i64> {
    let connection = Connection::open_with_flags(db, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    connection
        .query_row("SELECT journal_bytes FROM session WHERE last_seq IS NOT NULL", [], |row| row.get(0))
        .ok()
}

#[test]
fn a_killed_ingest_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let db = folder.path().join("edgesoak.db");
    let mut child = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", "kill::victim", "--ignored"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("a victim");
    let deadline = Instant::now() + Duration::from_mins(2);
    while stored_bytes(&db).is_none() {
        assert!(Instant::now() < deadline, "the victim never stored anything");
        sleep(Duration::from_millis(1));
    }
    child.kill().expect("killed, or gone already");
    child.wait().expect("an end");
    let mut store = Store::open(&db).expect("the database is whole");
    assert_eq!(store.check(None).expect("a check"), []);
    let before = store.load_run("run-1").expect("what was stored").sessions.remove(0);
    assert!(before.channels.iter().any(|channel| !channel.samples.is_empty()));
    let ingested = store.ingest_run(&run_dir).expect("the rest");
    let ending = &ingested.sessions[0].1.as_ref().expect("a journal").ending;
    assert!(matches!(ending, JournalEnding::Finished { .. }));
    let mut fresh = Store::open(&folder.path().join("fresh.db")).expect("a database");
    fresh.ingest_run(&run_dir).expect("a whole run");
    let digest = |store: &Store| store.fingerprint("run-1").expect("a digest");
    assert_eq!(digest(&store), digest(&fresh));
}
