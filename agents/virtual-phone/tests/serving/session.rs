//! A short session of the real agent on a served phone.

use std::time::Duration;

use edgesoak_protocol::Quantity;
use edgesoak_protocol::journal::{Entry, FinishReason, Frame, RuntimeEnd};
use edgesoak_protocol::units::Nanos;
use edgesoak_virtual_phone::engine::{Event, Observer, Segment};
use edgesoak_virtual_phone::{Body, Candidate, DescribedModel, Engine, Load, Profile, Surroundings};

use crate::channel::values;
use crate::device::Served;

const SPEED: f64 = 50.0;
/// Length of an answer, tokens.
const LENGTH: u32 = 256;

/// An answer, whoever wrote it.
#[derive(Debug, Clone, Copy, Default)]
struct Answer {
    /// Its tokens, and those of its prompt.
    tokens: u32,
    prompt_tokens: u32,
    /// When its first and its last token were out, s.
    first_s: f64,
    last_s: f64,
}

impl Answer {
    /// Tokens/s after the first token.
    fn rate(&self) -> f64 {
        f64::from(self.tokens - 1) / (self.last_s - self.first_s)
    }
}

/// Every answer of a journal, in seconds of the phone.
fn answers(entries: &[Entry]) -> Vec<Answer> {
    let (mut answers, mut answer) = (Vec::new(), Answer::default());
    for entry in entries {
        match &entry.frame {
            Frame::TokenBatch { first_index, t0_ns, delta_ns, .. } => {
                let seconds = |ns: u64| ns as f64 / 1e9 * SPEED;
                if *first_index == 0 {
                    answer.first_s = seconds(*t0_ns);
                }
                answer.last_s = seconds(t0_ns + delta_ns.iter().sum::<u64>());
            }
            Frame::PromptDone { decoded_tokens, prompt_tokens, .. } => {
                answers.push(Answer { tokens: *decoded_tokens, prompt_tokens: *prompt_tokens, ..answer });
            }
            _ => {}
        }
    }
    answers
}

/// The same on a body of its own, without an agent and without a clock.
#[derive(Default)]
struct Alone {
    first: Nanos,
    last: Nanos,
}

impl Observer for Alone {
    fn event(&mut self, at: Nanos, event: Event) {
        match event {
            Event::Token { index: 0, .. } => self.first = at,
            Event::Done { .. } => self.last = at,
            _ => {}
        }
    }

    fn segment(&mut self, _segment: Segment) {}
}

/// Lets a body write answers of the same lengths with the same pauses between them.
fn written_alone(served: &[Answer]) -> Vec<Answer> {
    let profile = Profile::built_in("iphone-class").expect("built in");
    let candidate = candidate(served[0].prompt_tokens);
    let body = Body::new(&profile, 0, Surroundings::ROOM).expect("a room");
    let mut engine = Engine::new(body, &candidate).expect("it fits");
    // Long enough before its first token for any prompt to be read.
    let begin_s = served[0].first_s - 60.0;
    let write = |engine: &mut Engine<'_>, answer: &Answer| {
        let mut alone = Alone::default();
        engine.set_prompt_tokens(answer.prompt_tokens);
        engine.set_output_tokens(answer.tokens);
        engine.submit(&mut alone);
        engine.finish_prompt(Nanos(u64::MAX), &mut alone);
        alone
    };
    let mut answers = Vec::new();
    for answer in served {
        // How long it reads this prompt, as warm as it is.
        let now = engine.body().now();
        let reads = write(&mut engine.clone(), answer).first.since(now);
        let rests =
            Duration::try_from_secs_f64(answer.first_s - begin_s - now.as_secs_f64()).unwrap_or_default();
        let rests = u64::try_from(rests.as_nanos()).expect("a session is short");
        engine.body_mut().advance(Nanos(rests.saturating_sub(reads.0)), &Load::Idle);
        let alone = write(&mut engine, answer);
        let (first_s, last_s) = (alone.first.as_secs_f64(), alone.last.as_secs_f64());
        answers.push(Answer { first_s, last_s, ..*answer });
    }
    answers
}

fn candidate(prompt_tokens: u32) -> Candidate {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/dense-350m-q4.toml");
    let model = DescribedModel::read(model.as_ref()).expect("a model of ours");
    Candidate { prompt_tokens, ..model.candidate_on("gpu", 2, LENGTH).expect("a gpu") }
}

fn finished(entries: &[Entry]) -> (FinishReason, String) {
    match &entries.last().expect("frames").frame {
        Frame::Finished { reason, detail } => (*reason, detail.clone()),
        other => panic!("the last frame is {other:?}"),
    }
}

/// How long an agent pauses between prompts is its machine's affair, and cools the body: the pauses are taken from the
/// journal.
#[test]
fn tokens_follow_the_heat_of_the_body() {
    let served = Served::start(&["--profile", "iphone-class", "--speed", &SPEED.to_string()]);
    let (header, entries) = served.soak(&served.job("heat", "gpu", LENGTH, 3_000));
    assert_eq!(finished(&entries).0, FinishReason::Completed, "{}", finished(&entries).1);
    assert!(header.is_virtual);
    let served = answers(&entries);
    let alone = written_alone(&served);
    let whole = |answer: &&Answer| answer.tokens == LENGTH;
    let rates: Vec<(f64, f64)> = served
        .iter()
        .zip(&alone)
        .filter(|(answer, _)| whole(answer))
        .map(|(served, alone)| (served.rate(), alone.rate()))
        .collect();
    assert!(!rates.is_empty(), "{served:?}");
    // A governor that polls a moment earlier takes a step some prompts earlier, and a slow machine warms the body
    // before the first of them: what a prompt writes is not compared one by one.
    let cold = rates.iter().map(|(_, alone)| *alone).fold(0.0, f64::max);
    assert!(rates.iter().all(|(served, _)| *served < cold * 1.01), "faster than a cold body: {rates:?}");
    let late = &rates[rates.len() * 3 / 4..];
    let mean = |rates: &mut dyn Iterator<Item = f64>| rates.sum::<f64>() / late.len() as f64;
    let served = mean(&mut late.iter().map(|(served, _)| *served));
    let alone = mean(&mut late.iter().map(|(_, alone)| *alone));
    assert!((served / alone - 1.0).abs() < 0.15, "at last {served} and {alone} tokens/s: {rates:?}");
    assert!(served < cold * 0.95, "heat slows nothing: {rates:?}");
}

#[test]
fn the_agent_sees_what_its_runtime_does() {
    let served = Served::start(&["--profile", "snapdragon8-phone", "--speed", "20"]);
    let (header, entries) = served.soak(&served.job("work", "cpu", 64, 2_000));
    assert_eq!(finished(&entries).0, FinishReason::Completed, "{}", finished(&entries).1);
    let file = values(&header, &entries, "runtime/rss_file");
    assert!(file.iter().all(|bytes| (bytes - 227_331_840.0).abs() < 1_024.0), "{file:?}");
    for name in ["runtime/cpu_time", "cpu/user"] {
        let spent = values(&header, &entries, name);
        let [first, last] = [spent.first(), spent.last()].map(|spent| *spent.expect("samples"));
        assert!(last > first, "{name}: {first} to {last}");
    }
    let zone = header.channels.iter().find(|spec| {
        spec.quantity == Quantity::Temperature
            && spec.source.contains("thermal_zone0")
            && spec.missing.is_none()
    });
    let celsius = values(&header, &entries, &zone.expect("a zone").name);
    assert!(celsius.last() > celsius.first(), "{celsius:?}");
}

#[test]
fn a_runtime_that_is_killed_for_memory_is_seen_to_die() {
    let served =
        Served::start(&["--profile", "snapdragon8-phone", "--speed", "50", "--fault", "low-memory-kill@20s"]);
    let (_, entries) = served.soak(&served.job("memory", "cpu", 64, 30_000));
    assert_eq!(finished(&entries).0, FinishReason::RuntimeDied);
    let is_killed =
        |entry: &Entry| matches!(entry.frame, Frame::RuntimeExited { end: RuntimeEnd::Signalled(9), .. });
    assert!(entries.iter().any(is_killed));
}

#[test]
fn a_file_that_is_no_described_model_is_refused() {
    let served = Served::start(&["--profile", "pi-board"]);
    let (_, entries) = served.soak(&served.job("npu", "npu", 16, 500));
    let (reason, detail) = finished(&entries);
    assert_ne!(reason, FinishReason::Completed);
    assert!(detail.contains("npu"), "{detail}");
}
