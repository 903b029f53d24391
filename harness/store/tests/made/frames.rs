//! The frames of a soak in the order of their times: prompts of 120 tokens, ticks between them.

use edgesoak_protocol::journal::{FinishReason, Frame, Phase, RuntimeEnd, write_frame};
use edgesoak_protocol::reading::{RawReading, Reason};

use super::device::{OPENED_NS, Shape};

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;
/// Tokens of an answer.
const ANSWER: u64 = 120;
/// Tokens of a batch.
const BATCH: u64 = 16;
/// When the soak begins, after the journal was opened.
const SOAK_AFTER: u64 = 3 * SECOND;

/// Appends frames with sequence numbers from `first` on.
pub fn encode(out: &mut Vec<u8>, first: u64, frames: &[(u64, Frame)]) {
    for ((t, frame), seq) in frames.iter().zip(first..) {
        write_frame(out, seq, *t, frame);
    }
}

/// Everything that a session's agent writes, with times.
pub fn session_frames(shape: &Shape) -> Vec<(u64, Frame)> {
    let soak = OPENED_NS + SOAK_AFTER;
    let end = soak + shape.soak_s * SECOND;
    let mut frames = preparation();
    let mut t = soak;
    let mut prompt = 1;
    while t < end {
        t = answer(&mut frames, shape, prompt, t, soak, end);
        prompt += 1;
    }
    let last = t.max(end);
    ticks(&mut frames, shape, soak, last);
    frames.sort_by_key(|(at, _)| *at);
    let exit = Frame::RuntimeExited {
        end: RuntimeEnd::Exited(0),
        last_rss_bytes: Some(180 << 20),
        last_words: String::new(),
    };
    frames.push((last + 5 * MS, exit));
    let finished = Frame::Finished { reason: FinishReason::Completed, detail: String::new() };
    frames.push((last + 6 * MS, finished));
    frames
}

fn preparation() -> Vec<(u64, Frame)> {
    let at = |ms: u64| OPENED_NS + ms * MS;
    let verified =
        |what: &str, bytes| Frame::Verified { what: what.to_owned(), sha256: "a1".repeat(32), bytes };
    let started = Frame::RuntimeStarted {
        pid: 4242,
        runtime: "scripted".to_owned(),
        runtime_version: "0.1.0".to_owned(),
        cpu_features: vec!["avx2".to_owned(), "fma".to_owned()],
        load_ns: 700 * MS,
        threads: 3,
        ctx: 2048,
    };
    let placement = Frame::Placement {
        requested: "cpu".to_owned(),
        actual: vec![("cpu".to_owned(), 30, 1_000_000)],
        unit: "layers".to_owned(),
        evidence: "engine-log".to_owned(),
        raw: "30 layers on cpu".to_owned(),
        confidence: "observed".to_owned(),
    };
    let note = Frame::Note { code: "warm".to_owned(), text: "eight tokens were decoded".to_owned() };
    let mut frames = vec![
        (at(0), Frame::PhaseBegan { phase: Phase::Loading }),
        (at(10), verified("artifact", 91_000_000)),
        (at(20), verified("prompts", 12_345)),
        (at(800), started),
        (at(801), placement),
        (at(900), Frame::PhaseBegan { phase: Phase::Warming }),
        (at(900), submitted(0, Phase::Warming, at(900))),
    ];
    let warm = Frame::TokenBatch {
        prompt: 0,
        first_index: 0,
        t0_ns: at(1_000),
        delta_ns: vec![40 * MS; 7],
        tokens_per_stamp: 1,
    };
    let printed = Frame::Raw {
        source: "dumpsys battery".to_owned(),
        kind: "battery".to_owned(),
        text: "level: 81".to_owned(),
        bytes: 640,
        took_ns: 23 * MS,
    };
    let (airplane, off, on) = ("airplane".to_owned(), "off".to_owned(), "on".to_owned());
    let changing = Frame::Changing { setting: airplane.clone(), before: off.clone(), after: on };
    frames.extend([(at(902), changing), (at(903), printed)]);
    frames.push((at(904), Frame::Restored { setting: airplane, value: off }));
    frames.extend([(at(1_300), warm), (at(1_301), done(0, 8, 280 * MS)), (at(1_302), note)]);
    frames.push((OPENED_NS + SOAK_AFTER, Frame::PhaseBegan { phase: Phase::Soaking }));
    frames
}

fn submitted(prompt: u32, phase: Phase, submit_ns: u64) -> Frame {
    Frame::PromptSubmitted {
        prompt,
        item: format!("item-{:02}", prompt % 7),
        phase,
        retrieve_ns: 3 * MS,
        render_ns: MS / 2,
        prompt_sha256: "b2".repeat(32),
        prompt_bytes: 900,
        submit_ns,
    }
}

fn done(prompt: u32, tokens: u32, engine_decode_ns: u64) -> Frame {
    Frame::PromptDone {
        prompt,
        finish: "length".to_owned(),
        prompt_tokens: 210,
        decoded_tokens: tokens,
        engine_prefill_ns: 95 * MS,
        engine_decode_ns,
    }
}

/// One prompt from its submit at `submit` to its end; the rate falls by a third over ten minutes.
fn answer(
    frames: &mut Vec<(u64, Frame)>,
    shape: &Shape,
    prompt: u32,
    submit: u64,
    soak: u64,
    end: u64,
) -> u64 {
    frames.push((submit, submitted(prompt, Phase::Soaking, submit)));
    let slow_down = 1.0 + 0.5 * ((submit - soak) as f64 / (600.0 * SECOND as f64)).min(1.0);
    let step = SECOND as f64 / shape.tokens_per_s as f64 * slow_down;
    let mut t = submit + 100 * MS;
    let first = t;
    let mut batch: Vec<u64> = Vec::new();
    for index in 0..ANSWER {
        batch.push(t);
        if batch.len() as u64 == BATCH || index + 1 == ANSWER {
            let tokens = Frame::TokenBatch {
                prompt,
                first_index: u32::try_from(index + 1 - batch.len() as u64).expect("few tokens"),
                t0_ns: batch[0],
                delta_ns: batch.windows(2).map(|pair| pair[1] - pair[0]).collect(),
                tokens_per_stamp: 1,
            };
            frames.push((t, tokens));
            batch.clear();
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few milliseconds")]
        let wobble = (step * (0.95 + 0.1 * (noise(t) % 100) as f64 / 100.0)) as u64;
        if index + 1 < ANSWER {
            t += wobble;
        }
    }
    frames.push((t + MS, done(prompt, u32::try_from(ANSWER).expect("few tokens"), t - first)));
    (t + 2 * MS).min(end.max(t + 2 * MS))
}

fn ticks(frames: &mut Vec<(u64, Frame)>, shape: &Shape, soak: u64, last: u64) {
    let period = SECOND / shape.fast_hz;
    let mut t = OPENED_NS;
    let mut count = 0;
    while t <= last {
        let heat = t.saturating_sub(soak) / SECOND;
        frames.push((t + MS / 10, Frame::Tick { group: 0, values: fast(shape, heat, t) }));
        if count % shape.fast_hz == 0 {
            let slow = vec![RawReading(Ok(number(noise(t) % 900)))];
            frames.push((t + MS / 5, Frame::Tick { group: 1, values: slow }));
        }
        if count % (10 * shape.fast_hz) == shape.fast_hz {
            frames.push((t + MS / 4, overhead(count, t)));
        }
        if count % 97 == 50 {
            frames.push((t + MS / 3, Frame::Gap { group: 0, missed_ticks: 1 }));
        }
        count += 1;
        t += period;
    }
}

fn overhead(count: u64, t: u64) -> Frame {
    Frame::Overhead {
        cpu_ns: count * 120_000,
        rss_bytes: 2 << 20,
        missed_ticks: u32::try_from(count / 97).expect("few ticks"),
        worst_jitter_ns: 40_000 + noise(t) % 9_000,
        worst_sync_ns: 2 * MS,
    }
}

/// The fast group's readings after `heat` seconds of soak; the battery answers `stale` now and then.
fn fast(shape: &Shape, heat: u64, t: u64) -> Vec<RawReading> {
    let ok = |raw: u64| RawReading(Ok(number(raw)));
    let battery =
        if noise(t).is_multiple_of(31) { RawReading(Err(Reason::Stale)) } else { ok(295 + heat / 8) };
    let mut values = vec![
        ok(38_000 + 40 * heat.min(900) + noise(t) % 400),
        battery,
        ok(3_900_000 - heat * 200),
        RawReading(Ok(-number(1_100_000 + noise(t) % 50_000))),
        ok((t / MS) * 4_200),
        ok(4_300_000 + noise(t) % 200_000),
        ok(if heat > 300 { 1_800_000 } else { 2_600_000 }),
        ok(170_000 + heat),
        ok(6_000_000 - noise(t) % 20_000),
        ok(u64::from(heat > 300)),
    ];
    while values.len() < shape.channels - 1 {
        values.push(ok(noise(t + values.len() as u64) % 500));
    }
    values
}

fn number(value: u64) -> i64 {
    i64::try_from(value).expect("a made-up number is small")
}

/// Looks random, is not: `SplitMix64`.
fn noise(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
