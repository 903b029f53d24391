//! Journals that are torn, flipped, swapped or unfinished.

use std::fs;
use std::path::{Path, PathBuf};

use edgesoak_protocol::journal::{FRAME_PREFIX, write_header};
use edgesoak_record::session::JournalEnding;
use edgesoak_store::{Ingested, Store, StoreError};
use proptest::prelude::*;

use crate::made;

const TINY: made::Shape = made::Shape { soak_s: 4, fast_hz: 2, channels: 11, tokens_per_s: 30 };

/// A store that knows the run, and a place for its journal.
pub fn prepared(folder: &Path) -> (Store, PathBuf) {
    let mut store = Store::open(&folder.join("edgesoak.db")).expect("a database");
    store.apply_host("run-1", 1, &made::opening("run-1", &made::plan(1), 0)).expect("the first line");
    (store, folder.join("device.journal"))
}

fn read(store: &mut Store, path: &Path, bytes: &[u8]) -> Result<Ingested, StoreError> {
    fs::write(path, bytes).expect("a journal");
    store.ingest_journal("run-1", "s01", path)
}

fn header_length() -> usize {
    write_header(&made::header("run-1", "s01", &TINY)).len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cut_journal_keeps_every_whole_frame(part in 0.0..1.0_f64) {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut store, path) = prepared(folder.path());
        let bytes = made::journal("run-1", "s01", &TINY);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a length")]
        let cut = (part * bytes.len() as f64) as usize;
        let result = read(&mut store, &path, &bytes[..cut]);
        if cut < header_length() {
            let refused = matches!(result, Err(StoreError::ReadJournal { .. }));
            prop_assert!(refused);
            return Ok(());
        }
        let ingested = result.expect("a header");
        prop_assert!(matches!(ingested.ending, JournalEnding::Torn | JournalEnding::Open));
        let run = store.load_run("run-1").expect("what there is");
        prop_assert_eq!(&run.sessions[0].journal.as_ref().expect("a journal").ending, &ingested.ending);
        let healed = read(&mut store, &path, &bytes).expect("the whole journal");
        let whole = matches!(healed.ending, JournalEnding::Finished { .. });
        prop_assert!(whole);
        prop_assert_eq!(store.check(None).expect("a check"), vec![]);
    }

    #[test]
    fn a_flipped_bit_is_found_and_what_stands_before_it_kept(part in 0.0..1.0_f64, bit in 0..8_u32) {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut store, path) = prepared(folder.path());
        let whole = made::journal("run-1", "s01", &TINY);
        let frames = made::session_frames(&TINY).len() as u64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a length")]
        let at = (part * whole.len() as f64) as usize;
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        match read(&mut store, &path, &bytes) {
            Err(StoreError::ReadJournal { .. }) => prop_assert!(at < header_length()),
            Ok(ingested) => {
                prop_assert!(at >= header_length());
                let is_damage = matches!(ingested.ending, JournalEnding::Corrupt(_) | JournalEnding::Torn);
                prop_assert!(is_damage, "{:?}", ingested.ending);
                prop_assert!(ingested.last_seq.is_none_or(|last| last + 1 < frames));
                let healed = read(&mut store, &path, &whole).expect("the whole journal");
                prop_assert_eq!(healed.last_seq, Some(frames - 1));
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}

#[test]
fn damage_is_told_with_its_place_even_after_a_resumed_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, path) = prepared(folder.path());
    let mut bytes = made::journal("run-1", "s01", &TINY);
    let half = bytes.len() / 2;
    read(&mut store, &path, &bytes[..half]).expect("the first half");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let resumed = read(&mut store, &path, &bytes).expect("the rest");
    let JournalEnding::Corrupt(resumed) = resumed.ending else { panic!("{:?}", resumed.ending) };
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (mut fresh, path) = prepared(elsewhere.path());
    let fresh = read(&mut fresh, &path, &bytes).expect("all of it").ending;
    assert_eq!(JournalEnding::Corrupt(resumed.clone()), fresh);
    let offset: usize = resumed
        .split("byte ")
        .nth(1)
        .and_then(|rest| rest.split(':').next())
        .and_then(|number| number.split(' ').next())
        .and_then(|number| number.parse().ok())
        .expect("a place");
    assert!(offset < last && last - offset < FRAME_PREFIX + 64, "{resumed}");
}

#[test]
fn another_journal_takes_the_place_of_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, path) = prepared(folder.path());
    read(&mut store, &path, &made::journal("run-1", "s01", &made::Shape::SHORT)).expect("a journal");
    let second = made::journal("run-1", "s01", &TINY);
    read(&mut store, &path, &second).expect("another journal");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let (mut fresh, path) = prepared(elsewhere.path());
    read(&mut fresh, &path, &second).expect("only that one");
    let digest = |store: &Store| store.fingerprint("run-1").expect("a digest");
    assert_eq!(digest(&store), digest(&fresh));
}

#[test]
fn a_journal_of_another_session_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, path) = prepared(folder.path());
    let before = store.fingerprint("run-1").expect("a digest");
    for (run, session) in [("run-2", "s01"), ("run-1", "s02")] {
        let error = read(&mut store, &path, &made::journal(run, session, &TINY)).expect_err("not ours");
        assert!(matches!(error, StoreError::ForeignJournal { .. }), "{error}");
        assert_eq!(error.whose(), "device");
    }
    let error = store.ingest_journal("run-1", "s09", &path).expect_err("not planned");
    assert!(matches!(error, StoreError::UnknownSession { .. }), "{error}");
    assert_eq!(store.fingerprint("run-1").expect("a digest"), before);
}
