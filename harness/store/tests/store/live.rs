//! A run that is stored while it happens has the rows of one that is read afterwards.

use std::fs;
use std::path::Path;

use edgesoak_record::session::JournalEnding;
use edgesoak_store::Store;
use proptest::prelude::*;

use crate::made;

const TINY: made::Shape = made::Shape { soak_s: 4, fast_hz: 2, channels: 11, tokens_per_s: 30 };

fn at_once(folder: &Path, run_dir: &Path) -> String {
    let mut store = Store::open(&folder.join("at-once.db")).expect("a database");
    let ingested = store.ingest_run(run_dir).expect("a whole run");
    assert!(!ingested.torn && ingested.damaged_lines.is_empty());
    store.fingerprint("run-1").expect("a digest")
}

/// Shows the store a journal that grows to each of `cuts`, with host entries between.
fn bit_by_bit(folder: &Path, bytes: &[u8], cuts: &[usize]) -> String {
    let mut store = Store::open(&folder.join("live.db")).expect("a database");
    let journal = folder.join("growing.journal");
    let entries = made::entries("run-1", &made::plan(1));
    let mut lines = (1..).zip(&entries);
    let (number, opening) = lines.next().expect("a first line");
    store.apply_host("run-1", number, opening).expect("the first line");
    for cut in cuts {
        fs::write(&journal, &bytes[..*cut]).expect("a growing file");
        let ingested = store.ingest_journal("run-1", "s01", &journal);
        assert!(ingested.is_ok() || *cut < 2_000, "only the header may be cut: {ingested:?}");
        if let Some((number, entry)) = lines.next() {
            store.apply_host("run-1", number, entry).expect("a line");
            store.apply_host("run-1", number, entry).expect("the same line again");
        }
    }
    fs::write(&journal, bytes).expect("the whole file");
    for _ in 0..2 {
        let ingested = store.ingest_journal("run-1", "s01", &journal).expect("a whole journal");
        assert!(matches!(ingested.ending, JournalEnding::Finished { .. }), "{:?}", ingested.ending);
    }
    for (number, entry) in lines {
        store.apply_host("run-1", number, entry).expect("a line");
    }
    store.fingerprint("run-1").expect("a digest")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_split_gives_the_same_rows(parts in proptest::collection::vec(0.0..1.0_f64, 0..8)) {
        let folder = tempfile::tempdir().expect("a folder");
        let run_dir = made::write_run(folder.path(), "run-1", 1, &TINY);
        let bytes = fs::read(made::device_journal(&run_dir, "s01")).expect("the journal");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a length")]
        let mut cuts: Vec<usize> = parts.iter().map(|part| (part * bytes.len() as f64) as usize).collect();
        cuts.sort_unstable();
        prop_assert_eq!(bit_by_bit(folder.path(), &bytes, &cuts), at_once(folder.path(), &run_dir));
    }
}

#[test]
fn every_frame_on_its_own_gives_the_same_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &TINY);
    let bytes = fs::read(made::device_journal(&run_dir, "s01")).expect("the journal");
    let mut reader = edgesoak_protocol::journal::Reader::new();
    reader.feed(&bytes);
    let mut cuts = Vec::new();
    while reader.next_entry().expect("a whole journal").is_some() {
        cuts.push(usize::try_from(reader.consumed()).expect("a small file"));
    }
    assert!(cuts.len() > 30);
    assert_eq!(bit_by_bit(folder.path(), &bytes, &cuts), at_once(folder.path(), &run_dir));
}

#[test]
fn a_digest_tells_rows_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 2, &TINY);
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    store.ingest_run(&run_dir).expect("a whole run");
    let before = store.fingerprint("run-1").expect("a digest");
    let session = store.fingerprint_session("run-1", "s02").expect("a digest");
    assert_ne!(session, store.fingerprint_session("run-1", "s01").expect("a digest"));
    let other = rusqlite::Connection::open(folder.path().join("edgesoak.db")).expect("the database");
    let changed = other
        .execute(
            "UPDATE sample SET raw = raw + 1 WHERE (channel_id, seq) = \
             (SELECT m.channel_id, m.seq FROM sample m JOIN channel c ON c.id = m.channel_id \
              JOIN session s ON s.id = c.session_id WHERE s.session = 's02' AND m.raw IS NOT NULL \
              ORDER BY m.seq DESC LIMIT 1)",
            [],
        )
        .expect("one row");
    assert_eq!(changed, 1);
    assert_ne!(store.fingerprint("run-1").expect("a digest"), before);
    assert_ne!(store.fingerprint_session("run-1", "s02").expect("a digest"), session);
}
