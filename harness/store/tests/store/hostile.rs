//! Frames with good checksums and bad intentions.

use std::fs;

use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, RuntimeEnd, write_header};
use edgesoak_protocol::reading::{RawReading, Reason};
use edgesoak_record::session::JournalEnding;
use edgesoak_store::{Store, StoreError};
use proptest::prelude::*;

use crate::damage::prepared;
use crate::made;

const TINY: made::Shape = made::Shape { soak_s: 4, fast_hz: 2, channels: 11, tokens_per_s: 30 };

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0..1_000_u64, any::<u64>(), Just(u64::MAX), Just(1 << 63)]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,12}", Just("\0'; DROP TABLE run; --".to_owned()), Just("x".repeat(70_000))]
}

fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![Just(Phase::Warming), Just(Phase::Soaking), Just(Phase::Recovering)]
}

fn reading() -> impl Strategy<Value = RawReading> {
    prop_oneof![any::<i64>().prop_map(|raw| RawReading(Ok(raw))), Just(RawReading(Err(Reason::Denied))),]
}

fn frame() -> impl Strategy<Value = Frame> {
    prop_oneof![
        (0..4_u8, proptest::collection::vec(reading(), 0..12))
            .prop_map(|(group, values)| Frame::Tick { group, values }),
        (0..3_u32, text(), phase(), number(), number()).prop_map(
            |(prompt, item, phase, retrieve, submit)| {
                Frame::PromptSubmitted {
                    prompt,
                    prompt_sha256: item.clone(),
                    item,
                    phase,
                    retrieve_ns: retrieve,
                    render_ns: retrieve,
                    prompt_bytes: u32::MAX,
                    submit_ns: submit,
                }
            }
        ),
        (0..3_u32, any::<u32>(), number(), proptest::collection::vec(number(), 0..4), 0..3_u32).prop_map(
            |(prompt, first_index, t0_ns, delta_ns, tokens_per_stamp)| Frame::TokenBatch {
                prompt,
                first_index,
                t0_ns,
                delta_ns,
                tokens_per_stamp,
            }
        ),
        (0..3_u32, text(), number()).prop_map(|(prompt, finish, decode)| Frame::PromptDone {
            prompt,
            finish,
            prompt_tokens: u32::MAX,
            decoded_tokens: 0,
            engine_prefill_ns: decode,
            engine_decode_ns: decode,
        }),
        (text(), number()).prop_map(|(words, rss)| Frame::RuntimeExited {
            end: RuntimeEnd::Signalled(i32::MIN),
            last_rss_bytes: Some(rss),
            last_words: words,
        }),
        (text(), text()).prop_map(|(code, text)| Frame::Note { code, text }),
        number().prop_map(|last_seq| Frame::Heartbeat { last_seq }),
        (any::<u8>(), any::<u32>()).prop_map(|(group, missed_ticks)| Frame::Gap { group, missed_ticks }),
        number().prop_map(|cpu_ns| Frame::Overhead {
            cpu_ns,
            rss_bytes: cpu_ns,
            missed_ticks: u32::MAX,
            worst_jitter_ns: cpu_ns,
            worst_sync_ns: 0,
        }),
        text().prop_map(|detail| Frame::Finished { reason: FinishReason::Stopped, detail }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_frames_leave_a_whole_database(frames in proptest::collection::vec((number(), frame()), 0..24)) {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut store, path) = prepared(folder.path());
        let mut bytes = write_header(&made::header("run-1", "s01", &TINY));
        made::encode(&mut bytes, 0, &frames);
        fs::write(&path, &bytes).expect("a journal");
        let first = store.ingest_journal("run-1", "s01", &path).expect("bad frames are no failure");
        let digest = store.fingerprint("run-1").expect("a digest");
        let again = store.ingest_journal("run-1", "s01", &path).expect("the same once more");
        prop_assert_eq!((again.ending, again.last_seq, again.rows), (first.ending, first.last_seq, 0));
        prop_assert_eq!(store.fingerprint("run-1").expect("a digest"), digest);
        prop_assert_eq!(store.check(None).expect("a check"), vec![]);
        let run = store.load_run("run-1").expect("whatever was whole");
        let finite = |channel: &edgesoak_record::session::Channel| {
            channel.samples.iter().all(|sample| sample.value.is_ok_and(f64::is_finite) || sample.value.is_err())
        };
        prop_assert!(run.sessions[0].channels.iter().all(finite));
        for prompt in &run.sessions[0].prompts {
            prop_assert!(prompt.token_times.is_sorted());
            prop_assert!(prompt.token_times.first().is_none_or(|first| *first >= prompt.submit));
        }
    }
}

/// Stores good frames with others behind them, and says how that ended.
fn after_good_frames(others: impl IntoIterator<Item = Frame>) -> (u64, Store, Option<u64>, JournalEnding) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, path) = prepared(folder.path());
    let mut frames = made::session_frames(&TINY);
    frames.retain(|(_, frame)| !matches!(frame, Frame::Finished { .. }));
    let good = frames.len() as u64;
    let end = frames.last().map_or(0, |(t, _)| *t);
    frames.extend(others.into_iter().map(|other| (end + 1, other)));
    frames.push((end + 2, Frame::Gap { group: 0, missed_ticks: 1 }));
    let mut bytes = write_header(&made::header("run-1", "s01", &TINY));
    made::encode(&mut bytes, 0, &frames);
    fs::write(&path, &bytes).expect("a journal");
    let ingested = store.ingest_journal("run-1", "s01", &path).expect("the good ones");
    (good, store, ingested.last_seq, ingested.ending)
}

#[test]
fn each_contradiction_ends_the_journal_where_it_stands() {
    let batch = |prompt, first_index, t0_ns| Frame::TokenBatch {
        prompt,
        first_index,
        t0_ns,
        delta_ns: vec![],
        tokens_per_stamp: 1,
    };
    let submitted = |prompt| Frame::PromptSubmitted {
        prompt,
        item: String::new(),
        phase: Phase::Soaking,
        retrieve_ns: 0,
        render_ns: 0,
        prompt_sha256: String::new(),
        prompt_bytes: 0,
        submit_ns: 0,
    };
    let cases = [
        (Frame::Tick { group: 9, values: vec![] }, "group"),
        (Frame::Tick { group: 0, values: vec![RawReading(Ok(1))] }, "one reading per channel"),
        (batch(900, 0, u64::MAX / 2), "not the one that runs"),
        (batch(1, 0, 0), "not the one that runs"),
        (submitted(0), "submitted before"),
        (Frame::Heartbeat { last_seq: 1 }, "never journaled"),
        (Frame::Note { code: "x".repeat(1 << 17), text: String::new() }, "beyond any length"),
        (
            Frame::Overhead {
                cpu_ns: u64::MAX,
                rss_bytes: 0,
                missed_ticks: 0,
                worst_jitter_ns: 0,
                worst_sync_ns: 0,
            },
            "beyond any clock",
        ),
    ];
    for (bad, words) in cases {
        let (good, _, last_seq, ending) = after_good_frames([bad]);
        assert_eq!(last_seq, Some(good - 1), "{words}");
        assert!(
            matches!(&ending, JournalEnding::Corrupt(what) if what.contains(words)),
            "{words}: {ending:?}"
        );
    }
}

#[test]
fn an_engine_that_calls_back_every_few_tokens_is_known_as_such() {
    let prompt = 900;
    let submitted = Frame::PromptSubmitted {
        prompt,
        item: "item".to_owned(),
        phase: Phase::Soaking,
        retrieve_ns: 0,
        render_ns: 0,
        prompt_sha256: "b2".repeat(32),
        prompt_bytes: 1,
        submit_ns: u64::MAX / 4,
    };
    let batch = |first_index, t, tokens_per_stamp| Frame::TokenBatch {
        prompt,
        first_index,
        t0_ns: u64::MAX / 4 + t,
        delta_ns: vec![],
        tokens_per_stamp,
    };
    // The first token comes alone, whatever the engine does afterwards.
    let honest = [submitted, batch(0, 1, 1), batch(1, 2, 4), batch(5, 3, 4)];
    let (good, store, last_seq, ending) = after_good_frames(honest.clone());
    assert_eq!((last_seq, &ending), (Some(good + 4), &JournalEnding::Open));
    let run = store.load_run("run-1").expect("a run");
    let loaded = run.sessions[0].prompts.last().expect("the prompt");
    assert_eq!((loaded.index, loaded.tokens_per_stamp, loaded.token_times.len()), (prompt, 4, 3));

    let (good, _, last_seq, ending) = after_good_frames(honest.into_iter().chain([batch(9, 4, 1)]));
    assert_eq!(last_seq, Some(good + 3));
    assert!(matches!(&ending, JournalEnding::Corrupt(what) if what.contains("another number of tokens")));
}

fn with_header(change: impl FnOnce(&mut Header)) -> StoreError {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, path) = prepared(folder.path());
    let before = store.fingerprint("run-1").expect("a digest");
    let mut header = made::header("run-1", "s01", &TINY);
    change(&mut header);
    fs::write(&path, write_header(&header)).expect("a journal");
    let error = store.ingest_journal("run-1", "s01", &path).expect_err("no honest header");
    assert_eq!(Store::fingerprint(&store, "run-1").expect("a digest"), before);
    error
}

#[test]
fn a_header_that_makes_no_sense_is_refused() {
    let errors = [
        with_header(|header| header.channels[0].scale = f64::NAN),
        with_header(|header| header.channels[0].scale = 1e300),
        with_header(|header| header.channels[0].group = 200),
        with_header(|header| header.channels[1].name = header.channels[0].name.clone()),
        with_header(|header| header.groups[0].id = 4),
        with_header(|header| header.wall_ns = u64::MAX),
        with_header(|header| header.groups[0].period_ns = u64::MAX),
        with_header(|header| header.boot_id = "b".repeat(100_000)),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::ReadJournal { .. }), "{error}");
    }
}
