//! What stands in a journal, and in which order.

use edgesoak_protocol::job::{Answering, Artifact, Phases, Recovery, SettleRule};
use edgesoak_protocol::journal::{FinishReason, Frame, Phase, RuntimeEnd};
use edgesoak_virtual_phone::Surroundings;
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::record::{Item, Question};

use crate::made::{Made, OPENED};

/// A word for each frame that is no tick and no token.
fn word(frame: &Frame) -> Option<String> {
    Some(match frame {
        Frame::PhaseBegan { phase } => phase.word().to_owned(),
        Frame::Verified { what, .. } => format!("verified {what}"),
        Frame::RuntimeStarted { .. } => "started".to_owned(),
        Frame::Placement { .. } => "placement".to_owned(),
        Frame::PromptSubmitted { item, phase, .. } => format!("{} {item}", phase.word()),
        Frame::PromptDone { finish, prompt_tokens, decoded_tokens, .. } => {
            format!("{finish} {prompt_tokens}+{decoded_tokens}")
        }
        Frame::RuntimeExited { .. } => "exited".to_owned(),
        Frame::Note { code, .. } => code.clone(),
        Frame::Finished { reason, .. } => reason.word().to_owned(),
        _ => return None,
    })
}

#[test]
fn phases_come_as_an_agent_drives_them() {
    let mut made = Made::soak(12);
    made.job.phases.recovery = Some(Recovery { rest_ms: 4_000, burst_ms: 1 });
    let words: Vec<String> = made.read().frames().filter_map(word).collect();
    let expected = [
        "thermal-limits",
        "loading",
        "verified artifact",
        "verified prompts",
        "started",
        "placement",
        "warming",
        "warming a",
        "length 100+8",
        "soaking",
        // The scored cycle begins at its first item, and a prompt has a token for every four bytes of its text.
        "soaking a",
        "length 100+64",
        "soaking b",
        "length 300+64",
        "resting",
        "recovering",
        "recovering c",
        "length 101+64",
        "exited",
        "completed",
    ];
    assert_eq!(words, expected);
}

#[test]
fn the_same_phone_gives_the_same_bytes_and_another_unit_others() {
    for name in built_in_names() {
        let made = |seed| Made { profile: name, seed, ..Made::soak(20) };
        let bytes = |seed| made(seed).bytes().expect("a recording").0;
        assert!(bytes(3) == bytes(3), "{name}");
        // What tells nothing but level and status looks the same whatever the unit.
        assert!(bytes(3) != bytes(4) || name == "iphone-class", "{name}");
    }
}

#[test]
fn a_journal_is_whole_and_its_times_never_run_backwards() {
    for name in built_in_names() {
        let read = Made { profile: name, ..Made::soak(30) }.read();
        assert!(read.header.is_virtual && read.header.mono_ns == OPENED.0);
        assert!(read.entries.windows(2).all(|pair| pair[0].t_mono_ns <= pair[1].t_mono_ns), "{name}");
        assert!(read.entries.iter().zip(0..).all(|(entry, seq)| entry.seq == seq), "{name}");
        assert_eq!(read.recorded.frames, read.entries.len() as u64);
        assert!(matches!(read.last(), Frame::Finished { reason: FinishReason::Completed, .. }), "{name}");
        let exits = read.frames().filter(|frame| {
            matches!(frame, Frame::RuntimeExited { end: RuntimeEnd::Exited(0), last_rss_bytes: Some(_), .. })
        });
        assert_eq!(exits.count(), 1);
    }
}

#[test]
fn every_tick_of_every_group_is_there() {
    let read = Made::soak(60).read();
    let seconds = read.recorded.took.as_secs_f64();
    for group in &read.header.groups {
        let channels = read.header.channels.iter().filter(|spec| spec.group == group.id).count();
        let ticks: Vec<usize> = read
            .frames()
            .filter_map(|frame| match frame {
                Frame::Tick { group: ticked, values } if *ticked == group.id => Some(values.len()),
                _ => None,
            })
            .collect();
        assert!(ticks.iter().all(|values| *values == channels));
        let expected = seconds / (group.period_ns as f64 / 1e9) + 1.0;
        assert!((ticks.len() as f64 - expected).abs() <= 1.0, "group {}: {} ticks", group.id, ticks.len());
    }
    let overheads = read.frames().filter(|frame| matches!(frame, Frame::Overhead { .. })).count();
    let expected = (seconds / 10.0).floor() + 1.0;
    assert!((overheads as f64 - expected).abs() < 0.5, "{overheads}: every 10 s and at the end");
    assert!(!read.frames().any(|frame| matches!(frame, Frame::Gap { .. })));
}

#[test]
fn a_pause_between_prompts_is_kept_and_the_engines_times_agree_with_ours() {
    let mut made = Made::soak(20);
    made.job.workload.think_time_ms = 1_500;
    let read = made.read();
    let tokens = read.tokens();
    let submits: Vec<u64> = read
        .frames()
        .filter_map(|frame| match frame {
            Frame::PromptSubmitted { submit_ns, .. } => Some(*submit_ns),
            _ => None,
        })
        .collect();
    let dones = read.frames().filter_map(|frame| match frame {
        Frame::PromptDone { engine_prefill_ns, engine_decode_ns, .. } => {
            Some((*engine_prefill_ns, *engine_decode_ns))
        }
        _ => None,
    });
    for ((submit, times), engine) in submits.iter().zip(&tokens).zip(dones) {
        let (first, last) = (times[0], times[times.len() - 1]);
        assert_eq!(engine, (first - submit, last - first));
    }
    // The one after warming follows at once.
    for (times, next) in tokens[1..].iter().zip(&submits[2..]) {
        assert_eq!(next - times[times.len() - 1], 1_500_000_000);
    }
}

#[test]
fn a_soak_is_extended_until_the_device_has_settled() {
    let rule = |max_soak_ms| SettleRule {
        max_drift: 0.05,
        max_rise_kelvin: 1.5,
        tau_seconds: 400.0,
        step_ms: 120_000,
        max_soak_ms,
    };
    let notes = |profile, max_soak_ms, surroundings| {
        let mut made = Made { profile, surroundings, ..Made::soak(300) };
        made.job.settle = Some(rule(max_soak_ms));
        let read = made.read();
        let soaked = read.recorded.truth.expect("a soak").last_token.as_secs_f64();
        (read.notes().join(" "), soaked)
    };
    let (words, soaked) = notes("sm6115-scanner", 420_000, Surroundings::ROOM);
    assert_eq!(words, "settle-extended settle-never");
    assert!((420.0..430.0).contains(&soaked), "{soaked} s");
    let (words, soaked) = notes("sm6115-scanner", 3_600_000, Surroundings::ROOM);
    assert!(words.ends_with("settle-extended settled"), "{words}");
    assert!(soaked > 900.0, "{soaked} s");
    // It tells no temperature.
    assert_eq!(notes("iphone-class", 420_000, Surroundings::ROOM).0, "settle-unknown");
}

/// A question whose answer has so many tokens.
fn question(id: &str, bytes: u32, tokens: u32) -> Question {
    Question {
        item: Item { id: id.to_owned(), sha256: id.repeat(64), bytes },
        documents: vec!["pm-1".to_owned()],
        tokens,
        finish: "eos",
        sha256: "ab".repeat(32),
        bytes: tokens * 4,
        confidence: Some(tokens * 100_000),
    }
}

#[test]
fn questions_are_asked_hot_and_at_the_end() {
    let mut made = Made::soak(1);
    made.questions = vec![question("q", 400, 3), question("r", 8_000, 5), question("s", 40, 5)];
    made.job.answering = Some(Answering {
        items: Artifact { path: "items.jsonl".to_owned(), sha256: "0".repeat(64) },
        hot: 1,
        max_new: 64,
        salt: "5a".repeat(32),
        within_ms: 1,
    });
    made.job.phases.recovery = Some(Recovery { rest_ms: 1_000, burst_ms: 1 });
    let read = made.read();
    let told: Vec<String> = read
        .frames()
        .filter_map(|frame| match frame {
            Frame::PhaseBegan { phase } => Some(phase.word().to_owned()),
            Frame::PromptSubmitted { phase: Phase::Answering, item, .. } => Some(format!("asked {item}")),
            Frame::PromptDone { finish, decoded_tokens, .. } if finish == "eos" => {
                Some(format!("done {decoded_tokens}"))
            }
            Frame::Answered { index, bytes, refused, documents, confidence_millionths, .. } => {
                assert_eq!(documents, &["pm-1"]);
                assert_eq!(confidence_millionths.unwrap_or_default(), bytes * 25_000, "none of a refusal");
                Some(format!("{index}: {bytes} {}", refused.as_deref().unwrap_or("given")))
            }
            _ => None,
        })
        .collect();
    let expected = [
        "loading",
        "warming",
        "soaking",
        "answering",
        "asked q",
        "done 3",
        "0: 12 given",
        "resting",
        "recovering",
        "answering",
        "asked q",
        "done 3",
        "1: 12 given",
        "asked r",
        "2: 0 prompt-too-long",
        "asked s",
        "done 5",
        "3: 20 given",
    ];
    assert_eq!(told, expected);
    assert!(matches!(read.last(), Frame::Finished { reason: FinishReason::Completed, .. }));
    // Every prompt has a number of its own, one that was turned away too.
    let prompts: Vec<u32> = read
        .frames()
        .filter_map(
            |frame| if let Frame::PromptSubmitted { prompt, .. } = frame { Some(*prompt) } else { None },
        )
        .collect();
    assert!(prompts.iter().zip(0..).all(|(prompt, number)| *prompt == number), "{prompts:?}");
    made.job.phases = Phases { warm_tokens: 0, soak_ms: 0, recovery: None };
    let only = made.read();
    assert!(only.recorded.truth.is_none());
    assert!(!only.frames().any(|frame| matches!(frame, Frame::PhaseBegan { phase: Phase::Soaking })));
}

#[test]
fn phases_have_words_of_their_own() {
    let read = Made::soak(1).read();
    let began: Vec<Phase> = read
        .frames()
        .filter_map(|frame| if let Frame::PhaseBegan { phase } = frame { Some(*phase) } else { None })
        .collect();
    assert_eq!(began, [Phase::Loading, Phase::Warming, Phase::Soaking]);
    let mut cold = Made::soak(1);
    cold.job.phases.warm_tokens = 0;
    assert!(!cold.read().frames().any(|frame| matches!(frame, Frame::PhaseBegan { phase: Phase::Warming })));
}
