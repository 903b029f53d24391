//! A session from start to finish, and its stream.

use edgesoak_protocol::job::{Recovery, SettleRule};
use edgesoak_protocol::journal::{FinishReason, Frame, Phase, Reader, RuntimeEnd, VOLATILE, read_header};
use edgesoak_protocol::probe::AgentState;

use crate::device::Device;

fn phases(frames: &[Frame]) -> Vec<Phase> {
    let phase = |frame: &Frame| if let Frame::PhaseBegan { phase } = frame { Some(*phase) } else { None };
    frames.iter().filter_map(phase).collect()
}

/// Codes of the notes. What is noted of the runtime's sockets and of the device's trip points is no matter of these tests.
fn notes(frames: &[Frame]) -> Vec<&str> {
    let code = |frame: &'_ Frame| matches!(frame, Frame::Note { .. });
    frames
        .iter()
        .filter(|frame| code(frame))
        .map(|frame| if let Frame::Note { code, .. } = frame { code.as_str() } else { "" })
        .filter(|code| !["egress-", "oom-score", "thermal-limits"].iter().any(|word| code.starts_with(word)))
        .collect()
}

/// `(item, phase, decoded tokens)` of every finished prompt.
fn prompts(frames: &[Frame]) -> Vec<(String, Phase, u32)> {
    let mut submitted = None;
    let mut finished = Vec::new();
    for frame in frames {
        match frame {
            Frame::PromptSubmitted { prompt, item, phase, .. } => {
                assert_eq!(*prompt as usize, finished.len(), "prompts are numbered from 0");
                submitted = Some((item.clone(), *phase));
            }
            Frame::PromptDone { decoded_tokens, finish, .. } => {
                assert_eq!(finish, "length");
                let (item, phase) = submitted.take().expect("submitted before it is done");
                finished.push((item, phase, *decoded_tokens));
            }
            _ => {}
        }
    }
    finished
}

#[test]
fn a_session_runs_through_its_phases() {
    let device = Device::new();
    let mut job = Device::job("whole", &[]);
    job.sampling.slow_period_ms = 200;
    job.phases.recovery = Some(Recovery { rest_ms: 50, burst_ms: 100 });
    let started = device.start(&job);
    let (frames, reason, detail) = device.finish("whole");
    assert_eq!((reason, detail.as_str()), (FinishReason::Completed, ""));
    assert_eq!(
        phases(&frames),
        [Phase::Loading, Phase::Warming, Phase::Soaking, Phase::Resting, Phase::Recovering]
    );
    let verified: Vec<&str> = frames
        .iter()
        .filter_map(|frame| if let Frame::Verified { what, .. } = frame { Some(what.as_str()) } else { None })
        .collect();
    assert_eq!(verified, ["runner", "artifact", "prompts", "template"]);
    let prompts = prompts(&frames);
    assert_eq!(prompts[0], ("one".to_owned(), Phase::Warming, 8));
    assert_eq!(
        prompts[1],
        ("one".to_owned(), Phase::Soaking, 10),
        "the scored cycle starts at its first item"
    );
    assert_eq!(prompts[2].0, "two");
    assert_eq!(prompts.last().map(|prompt| prompt.1), Some(Phase::Recovering));
    let [.., exited, overhead, _] = &frames[..] else { panic!("too few frames") };
    let Frame::RuntimeExited { end, last_rss_bytes, .. } = exited else { panic!("{exited:?}") };
    assert_eq!(*end, RuntimeEnd::Exited(0));
    assert!(last_rss_bytes.is_some_and(|bytes| bytes > 100_000), "{last_rss_bytes:?}");
    assert!(matches!(overhead, Frame::Overhead { cpu_ns: 1.., rss_bytes: 1.., .. }), "{overhead:?}");
    let status = device.status("whole");
    assert_eq!((status.state, status.boot_id), (AgentState::Finished, started.boot_id));
    assert_eq!(status.last_seq, Some(frames.len() as u64 - 1));
}

#[test]
fn the_prompt_in_flight_at_the_end_is_finished() {
    let device = Device::new();
    let mut job = Device::job("long", &[]);
    job.phases.soak_ms = 1;
    job.workload.output_tokens = 60;
    let (frames, reason, _) = device.run(&job);
    assert_eq!(reason, FinishReason::Completed);
    assert_eq!(prompts(&frames)[1..], [("one".to_owned(), Phase::Soaking, 60)]);
    let batches = frames.iter().filter_map(|frame| match frame {
        Frame::TokenBatch { prompt: 1, first_index, delta_ns, .. } => Some((*first_index, delta_ns.len())),
        _ => None,
    });
    let counted = batches.fold(0, |next, (first, further)| {
        assert_eq!(first, next, "no token is missing between batches");
        first + 1 + u32::try_from(further).expect("few")
    });
    assert_eq!(counted, 60);
}

/// The journaled part of a stream: its header and its frames, heartbeats left out.
fn journaled(stream: &[u8], from: u64) -> Vec<u8> {
    let (_, header) = read_header(stream).expect("a header").expect("a whole one");
    let mut reader = Reader::resuming_after(from.checked_sub(1));
    reader.feed(stream);
    let mut kept = stream[..header].to_vec();
    while let Some((entry, bytes)) = reader.next_entry().expect("whole frames") {
        if entry.seq != VOLATILE {
            kept.extend_from_slice(bytes);
        }
    }
    assert_eq!(reader.pending(), 0, "the stream never ends within a frame");
    kept
}

#[test]
fn a_stream_is_the_journal_byte_for_byte_from_any_frame() {
    let device = Device::new();
    device.start(&Device::job("bytes", &["--load-ms", "1500"]));
    // From the live journal, with heartbeats while the runner loads; then from the finished one.
    let (code, live) = device.follow("bytes", 0);
    assert_eq!(code, Some(0));
    let bytes = device.journal_bytes("bytes");
    assert_eq!(journaled(&live, 0), bytes);
    let mut reader = Reader::new();
    reader.feed(&bytes);
    let (_, header) = read_header(&bytes).expect("a header").expect("a whole one");
    for seq in 1.. {
        if reader.next_entry().expect("whole").is_none() {
            break;
        }
        if seq % 5 == 0 {
            let at = usize::try_from(reader.consumed()).expect("short");
            let (code, stream) = device.follow("bytes", seq);
            assert_eq!((code, journaled(&stream, seq)), (Some(0), [&bytes[..header], &bytes[at..]].concat()));
        }
    }
}

#[test]
fn without_a_temperature_nothing_is_extended() {
    let mut device = Device::new();
    device.system = device.outside().join("nothing");
    std::fs::create_dir(&device.system).expect("an empty folder");
    let mut job = Device::job("blind", &[]);
    job.settle = Some(rule());
    let (frames, reason, _) = device.run(&job);
    assert_eq!(reason, FinishReason::Completed);
    assert_eq!(notes(&frames), ["settle-unknown"]);
}

#[test]
fn a_soak_that_cannot_show_that_it_settled_is_extended_to_its_limit() {
    let mut device = Device::new();
    device.system = crate::limits::warm_system(&device, 40_000);
    let mut job = Device::job("unsettled", &[]);
    job.settle = Some(rule());
    let (frames, reason, _) = device.run(&job);
    assert_eq!(reason, FinishReason::Completed);
    assert_eq!(notes(&frames), ["settle-extended", "settle-extended", "settle-never"]);
}

fn rule() -> SettleRule {
    SettleRule { max_drift: 0.05, max_rise_kelvin: 1.5, tau_seconds: 400.0, step_ms: 200, max_soak_ms: 800 }
}
