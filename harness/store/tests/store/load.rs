//! A run comes back as it was journaled.

use std::fs;

use edgesoak_protocol::journal::{Frame, write_frame, write_header};
use edgesoak_protocol::reading::RawReading;
use edgesoak_protocol::units::{Celsius, Nanos, Ratio, Watts};
use edgesoak_protocol::{Quantity, Reason, Unit, rule};
use edgesoak_record::Run;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::lab::MeterScope;
use edgesoak_record::session::{CloseState, JournalEnding};
use edgesoak_store::Store;

use crate::made;

const SHAPE: made::Shape = made::Shape::SHORT;

fn stored_run(sessions: usize) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", sessions, &SHAPE);
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    store.ingest_run(&run_dir).expect("a whole run");
    store.load_run("run-1").expect("a stored run")
}

#[test]
fn the_plan_and_the_ends_come_back() {
    let run = stored_run(2);
    assert_eq!(run.plan, made::plan(2));
    assert_eq!((run.id.as_str(), run.version.as_str()), ("run-1", "0.1.0"));
    assert!(run.closed && run.interrupted.is_none());
    assert_eq!(run.sessions.len(), 2);
    for (session, planned) in run.sessions.iter().zip(&run.plan.sessions) {
        assert_eq!(&session.planned, planned);
        assert_eq!(session.close.as_ref().map(|close| close.state), Some(CloseState::Completed));
        assert_eq!(session.clock_offsets[0].offset_ns, -4_923_000_000_000);
        let journal = session.journal.as_ref().expect("a journal");
        assert_eq!(journal.group_period, [Nanos(250_000_000), Nanos(1_000_000_000)]);
        let finished = JournalEnding::Finished { reason: "completed".to_owned(), detail: String::new() };
        assert_eq!(journal.ending, finished);
        let runtime = session.runtime.as_ref().expect("a runtime");
        assert_eq!((runtime.cpu_features.len(), runtime.threads), (2, 3));
        assert_eq!(runtime.exit.as_ref().and_then(|exit| exit.code), Some(0));
        let placement = session.placement.as_ref().expect("a placement");
        assert!((placement.actual[0].share - 1.0).abs() < 1e-12);
        assert_eq!(session.verified.len(), 2);
        assert_eq!(session.phases.len(), 3);
        assert!(session.missed_ticks > 0 && !session.overheads.is_empty() && session.notes.len() == 1);
    }
}

/// The frames once more, as a plain loop would read them.
#[test]
fn tokens_and_samples_are_those_of_the_frames() {
    let run = stored_run(1);
    let session = &run.sessions[0];
    let present: Vec<_> =
        session.channels.iter().filter(|channel| channel.missing.is_none() && channel.group == 0).collect();
    let specs = made::header("run-1", "s01", &SHAPE).channels;
    let (mut ticks, mut times) = (0, std::collections::BTreeMap::<u32, Vec<Nanos>>::new());
    for (t, frame) in made::session_frames(&SHAPE) {
        match frame {
            Frame::Tick { group: 0, values } => {
                assert_eq!(values.len(), present.len());
                for (RawReading(raw), channel) in values.iter().zip(&present) {
                    let spec = specs.iter().find(|spec| spec.name == channel.name).expect("its row");
                    let sample = channel.samples.iter().nth(ticks).expect("a sample of the tick");
                    assert_eq!((sample.t, sample.value), (Nanos(t), spec.value(*raw)), "{}", channel.name);
                }
                ticks += 1;
            }
            Frame::TokenBatch { prompt, t0_ns, delta_ns, .. } => {
                let stamps = times.entry(prompt).or_default();
                let mut at = t0_ns;
                stamps.push(Nanos(at));
                for delta in delta_ns {
                    at += delta;
                    stamps.push(Nanos(at));
                }
            }
            _ => {}
        }
    }
    assert!(ticks > 40 && present.iter().all(|channel| channel.samples.len() == ticks));
    assert_eq!(session.prompts.len(), times.len());
    for prompt in &session.prompts {
        assert_eq!(Some(&prompt.token_times), times.get(&prompt.index));
        assert_eq!((prompt.finish.as_deref(), prompt.tokens_per_stamp), (Some("length"), 1));
        assert!(prompt.engine_decode.is_some() && prompt.prompt_tokens == Some(210));
        assert_eq!(prompt.decoded_tokens.map(|tokens| tokens as usize), Some(prompt.token_times.len()));
    }
}

#[test]
fn a_channel_that_could_not_be_read_says_why() {
    let run = stored_run(1);
    let channels = &run.sessions[0].channels;
    let denied = channels.iter().find(|channel| channel.missing.is_some()).expect("a missing channel");
    assert_eq!((denied.missing, denied.quantity), (Some(Reason::Denied), Quantity::Energy));
    assert!(denied.samples.is_empty());
    let battery = channels.iter().find(|channel| channel.name == "thermal/battery").expect("a channel");
    assert_eq!(battery.unit, Unit::Celsius);
    assert!(battery.samples.iter().any(|sample| sample.value == Err(Reason::Stale)));
    assert!(battery.samples.iter().any(|sample| sample.value.is_ok_and(|value| value > 29.0)));
}

#[test]
fn a_session_without_a_journal_is_loaded_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 2, &SHAPE);
    fs::remove_file(made::device_journal(&run_dir, "s02")).expect("the journal");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    assert_eq!(store.ingest_run(&run_dir).expect("a run").sessions.len(), 1);
    let run = store.load_run("run-1").expect("a run");
    assert!(run.sessions[0].journal.is_some() && run.sessions[1].journal.is_none());
    assert!(run.sessions[1].channels.is_empty() && run.sessions[1].prompts.is_empty());
}

#[test]
fn a_session_that_was_taken_up_again_is_not_closed_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let lines = store.ingest_run(&run_dir).expect("a run").lines;
    let closed = |store: &Store| store.load_run("run-1").expect("a run").sessions[0].close.is_some();
    assert!(closed(&store));
    let state = serde_json::json!({"phase": "soaking"});
    let event = HostEvent::StateChanged { phase: "soaking".to_owned(), state };
    let entry = HostEntry { at: Nanos(0), session: Some("s01".to_owned()), event };
    store.apply_host("run-1", lines + 1, &entry).expect("a line");
    assert!(!closed(&store), "the end of the first attempt says nothing about the second");
}

#[test]
fn what_stood_beside_the_device_comes_back_in_its_own_time() {
    let run = stored_run(1);
    let session = &run.sessions[0];
    let [meter] = session.meters.as_slice() else { panic!("one meter: {:?}", session.meters) };
    assert_eq!((meter.name.as_str(), meter.scope), ("shunt", MeterScope::Board));
    assert_eq!(meter.gain_error, Some(Ratio(0.01)));
    assert_eq!(meter.readings.len(), 21);
    for (n, reading) in (0..).zip(&meter.readings[..20]) {
        // The delays of arrival are gone: the meter's own clock tells when it read.
        assert_eq!(reading.host_mono, Nanos(made::host::SOAK_HOST.0 + n * 100_000_000));
        assert_eq!(reading.watts, if n == 15 { Err(Reason::Absent) } else { Ok(Watts(3.0)) });
    }
    let end = Nanos(made::host::SOAK_HOST.0 + 3_000_000_000);
    assert_eq!((meter.readings[20].host_mono, meter.readings[20].watts), (end, Err(Reason::Failed)));
    let [first, last] = session.ambient.as_slice() else { panic!("two readings: {:?}", session.ambient) };
    assert_eq!((first.host_mono, first.celsius), (made::host::SOAK_HOST, Ok(Celsius(23.25))));
    assert_eq!(last.celsius, Err(Reason::Failed));
}

#[test]
fn a_reading_that_is_neither_a_value_nor_a_reason_is_a_damaged_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let path = run_dir.join("host.journal");
    let text = fs::read_to_string(&path).expect("the host's journal");
    assert!(text.contains(r#","uw":3000000}"#));
    fs::write(&path, text.replacen(r#","uw":3000000}"#, "}", 1)).expect("damaged");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let ingested = store.ingest_run(&run_dir).expect("the rest is whole");
    assert_eq!(ingested.damaged_lines.len(), 1, "{ingested:?}");
    let run = store.load_run("run-1").expect("a run");
    assert_eq!(run.sessions[0].meters[0].readings.len(), 11, "the other lines are kept");
}

#[test]
fn a_number_that_means_no_value_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = made::write_run(folder.path(), "run-1", 1, &SHAPE);
    let mut header = made::header("run-1", "s01", &SHAPE);
    header.channels[0].rule = rule::ZONE;
    let width = header.channels.iter().filter(|spec| spec.group == 0 && spec.missing.is_none()).count();
    let mut bytes = write_header(&header);
    for (seq, raw) in (0..).zip([31_000, -274_000]) {
        let mut values = vec![RawReading(Ok(1)); width];
        values[0] = RawReading(Ok(raw));
        write_frame(&mut bytes, seq, header.mono_ns + seq, &Frame::Tick { group: 0, values });
    }
    fs::write(run_dir.join("s01/device.journal"), bytes).expect("a journal");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    store.ingest_run(&run_dir).expect("a run");
    let run = store.load_run("run-1").expect("a stored run");
    let samples = &run.sessions[0].channels[0].samples;
    assert_eq!(
        samples.iter().map(|sample| sample.value).collect::<Vec<_>>(),
        [Ok(31.0), Err(Reason::Sentinel)]
    );
}
