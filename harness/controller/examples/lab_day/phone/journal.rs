//! What the agent of a made-up phone writes in a session, with the times at which it does.

use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, RuntimeEnd};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading, Unit};

use super::body::Body;

const MS: u64 = 1_000_000;
const SECOND: u64 = 1_000 * MS;
/// From the start to the soak.
const SOAK_AFTER: u64 = 6 * SECOND;
/// From the submit of a prompt to its first token.
const PREFILL: u64 = 120 * MS;
/// Time stamps of a batch.
const BATCH: usize = 32;

/// The circumstances of a session.
pub struct Circumstances<'a> {
    pub job: &'a Job,
    pub body: Body,
    pub boot_id: String,
    /// The device's monotonic clock at the start.
    pub mono: u64,
    /// The battery's temperature over that of the room at the start.
    pub over: f64,
    pub plugged: bool,
}

/// A frame and when it is on the device's disk.
pub type Timed = (u64, Frame);

fn channel(name: &str, quantity: Quantity, unit: Unit, scale: f64) -> ChannelSpec {
    let (name, source) = (name.to_owned(), format!("/sys/{name}"));
    ChannelSpec { name, quantity, unit, scale, rule: 1, group: 0, source, missing: None }
}

pub fn header(at: &Circumstances<'_>) -> Header {
    Header {
        run: at.job.run.clone(),
        session: at.job.session.clone(),
        boot_id: at.boot_id.clone(),
        mono_ns: at.mono,
        boottime_ns: at.mono,
        wall_ns: 1_767_600_000 * SECOND,
        agent: "0.1.0".to_owned(),
        is_virtual: false,
        groups: vec![Group { id: 0, period_ns: at.job.sampling.fast_period_ms * MS }],
        channels: vec![
            channel("thermal/soc", Quantity::Temperature, Unit::Celsius, 1e-3),
            channel("thermal/battery", Quantity::Temperature, Unit::Celsius, 1e-3),
            channel("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz, 1e3),
            channel("runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte, 1024.0),
            channel("load/1min", Quantity::Load, Unit::One, 0.01),
            channel("usb/online", Quantity::Plugged, Unit::One, 1.0),
        ],
    }
}

/// Everything from the first frame to the last, in the order of their times.
pub fn frames(at: &Circumstances<'_>) -> Vec<Timed> {
    let mut frames = preparation(at);
    let soak = at.mono + SOAK_AFTER;
    let end = soak + at.job.phases.soak_ms * MS;
    let (mut t, mut prompt) = (soak, 1);
    while t < end {
        t = answer(&mut frames, at, prompt, t);
        prompt += 1;
    }
    ticks(&mut frames, at, t);
    frames.sort_by_key(|(at, _)| *at);
    frames.extend(ending(t, FinishReason::Completed, ""));
    frames
}

/// The last words of an agent, from this time on.
pub fn ending(t: u64, reason: FinishReason, detail: &str) -> [Timed; 2] {
    let end = match reason {
        FinishReason::RuntimeDied => RuntimeEnd::Signalled(9),
        _ => RuntimeEnd::Exited(0),
    };
    let exited = Frame::RuntimeExited { end, last_rss_bytes: Some(180 << 20), last_words: String::new() };
    [(t + 5 * MS, exited), (t + 6 * MS, Frame::Finished { reason, detail: detail.to_owned() })]
}

fn preparation(at: &Circumstances<'_>) -> Vec<Timed> {
    let after = |ms: u64| at.mono + ms * MS;
    let job = at.job;
    let verified = |what: &str, sha256: &str, bytes| Frame::Verified {
        what: what.to_owned(),
        sha256: sha256.to_owned(),
        bytes,
    };
    let started = Frame::RuntimeStarted {
        pid: 4242,
        runtime: "made-up".to_owned(),
        runtime_version: "0.1.0".to_owned(),
        cpu_features: Vec::new(),
        load_ns: 900 * MS,
        threads: job.runner.threads,
        ctx: job.runner.ctx,
    };
    let device = job.runner.requested_device.clone();
    let placement = Frame::Placement {
        requested: device.clone(),
        actual: vec![(device, 30, 1_000_000)],
        unit: "layers".to_owned(),
        evidence: "engine-log".to_owned(),
        raw: String::new(),
        confidence: "observed".to_owned(),
    };
    let (loading, warming) = (Phase::Loading, Phase::Warming);
    vec![
        (after(0), Frame::PhaseBegan { phase: loading }),
        (after(100), verified("artifact", &job.artifact.sha256, 7)),
        (after(110), verified("prompts", &job.workload.prompts.sha256, 9)),
        (after(2_000), started),
        (after(2_001), placement),
        (after(2_100), Frame::PhaseBegan { phase: warming }),
        (after(2_100), submitted(0, warming, after(2_100))),
        (after(3_000), batch(0, 0, &[after(2_300), after(2_400), after(2_500)])),
        (after(3_001), done(0, 3, 200 * MS)),
        (at.mono + SOAK_AFTER, Frame::PhaseBegan { phase: Phase::Soaking }),
    ]
}

fn submitted(prompt: u32, phase: Phase, submit_ns: u64) -> Frame {
    Frame::PromptSubmitted {
        prompt,
        item: format!("item-{}", prompt % 3),
        phase,
        retrieve_ns: 0,
        render_ns: MS / 2,
        prompt_sha256: String::new(),
        prompt_bytes: 900,
        submit_ns,
    }
}

fn batch(prompt: u32, first_index: u32, times: &[u64]) -> Frame {
    let delta_ns = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    Frame::TokenBatch { prompt, first_index, t0_ns: times[0], delta_ns, tokens_per_stamp: 1 }
}

fn done(prompt: u32, decoded_tokens: u32, engine_decode_ns: u64) -> Frame {
    Frame::PromptDone {
        prompt,
        finish: "length".to_owned(),
        prompt_tokens: 200,
        decoded_tokens,
        engine_prefill_ns: PREFILL - 10 * MS,
        engine_decode_ns,
    }
}

/// One prompt that is submitted at `submit`; when it is done.
fn answer(frames: &mut Vec<Timed>, at: &Circumstances<'_>, prompt: u32, submit: u64) -> u64 {
    let soaked = submit - at.mono - SOAK_AFTER;
    let step = at.body.token_ns(soaked as f64 / 1e9);
    let first = submit + PREFILL;
    let count = at.job.workload.output_tokens;
    let times: Vec<u64> = (0..u64::from(count)).map(|index| first + index * step).collect();
    frames.push((submit, submitted(prompt, Phase::Soaking, submit)));
    for (piece, first_index) in times.chunks(BATCH).zip((0..).step_by(BATCH)) {
        frames.push((piece[piece.len() - 1], batch(prompt, first_index, piece)));
    }
    let last = times[times.len() - 1];
    frames.push((last + MS, done(prompt, count, last - first)));
    last + 2 * MS
}

fn ticks(frames: &mut Vec<Timed>, at: &Circumstances<'_>, end: u64) {
    let period = at.job.sampling.fast_period_ms * MS;
    for (t, count) in (at.mono..=end).step_by(usize::try_from(period).expect("a second")).zip(0u64..) {
        let over = super::body::over_after(at.over, (t - at.mono) as f64 / 1e9);
        let milli = |kelvin: f64| number(1e3 * (super::body::ROOM + kelvin));
        let clock = number(2e6 / at.body.slowness(60.0));
        let readings = [milli(over + 12.0), milli(over), clock, 170_000, 310, i64::from(at.plugged)];
        let values = readings.into_iter().map(|raw| RawReading(Ok(raw))).collect();
        frames.push((t + MS / 2, Frame::Tick { group: 0, values }));
        if count % 10 == 9 {
            frames.push((t + MS, overhead(count)));
        }
    }
}

fn overhead(count: u64) -> Frame {
    Frame::Overhead {
        cpu_ns: count * 120_000,
        rss_bytes: 2 << 20,
        missed_ticks: 0,
        worst_jitter_ns: 40_000,
        worst_sync_ns: 2 * MS,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "made-up readings are small")]
fn number(value: f64) -> i64 {
    value.round() as i64
}
