//! Made-up runs whose truth is known: a device with a given rate over time, nothing else.

mod plan;
pub mod power;
mod telemetry;

use edgesoak_record::Run;
use edgesoak_record::host_entry::History;
use edgesoak_record::session::{
    ClockOffset, CloseState, JournalEnding, JournalFacts, Overhead, PhaseSpan, PlacedShare, Placement,
    Prompt, RuntimeFacts, SessionClose, SessionRecord, VerifiedFile,
};
use edgesoak_record::units::Nanos;

pub use plan::{OPENED, planned};
pub use telemetry::{channel, present};

/// Device clock at the submit of the first scored prompt: nothing may depend on its being small.
pub const T0: f64 = 50_000.0;

/// Seconds since the first scored submit as device time.
pub fn at(seconds: f64) -> Nanos {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a made-up time, positive")]
    Nanos(((T0 + seconds) * 1e9).round() as u64)
}

/// A device and its soak.
#[derive(Debug)]
pub struct Made {
    /// Decode rate at a time, tokens/s.
    pub rate: fn(f64) -> f64,
    /// Planned length, seconds.
    pub soak_s: f64,
    /// Time to first token of each prompt, seconds.
    pub prefill_s: f64,
    /// Pause between prompts, seconds.
    pub think_s: f64,
    /// Tokens per answer.
    pub tokens: u32,
    /// Prompts of the cycle.
    pub cycle: u32,
    /// Pauses inside of prompts: (time, length), seconds.
    pub stalls: Vec<(f64, f64)>,
    /// Growth of anonymous memory, MiB per minute.
    pub leak: f64,
    /// Share of the processor that others take.
    pub background: f64,
    /// A thermal sensor and its temperature over time, °C.
    pub celsius: Option<fn(f64) -> f64>,
    /// Samples per second.
    pub hertz: f64,
    /// Relative scatter of single intervals.
    pub jitter: f64,
    /// Growth of an interval per token of context, as a part of one. The prompts of a cycle grow longer.
    pub context: f64,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            rate: |_| 20.0,
            soak_s: 600.0,
            prefill_s: 0.3,
            think_s: 0.0,
            tokens: 128,
            cycle: 4,
            stalls: Vec::new(),
            leak: 0.0,
            background: 0.01,
            celsius: None,
            hertz: 2.0,
            jitter: 0.02,
            context: 0.0,
        }
    }
}

impl Made {
    /// A run of one session.
    pub fn run(&self) -> Run {
        run_of(vec![self.session("s01")])
    }

    /// One session on a machine without thermal sensors.
    pub fn session(&self, name: &str) -> SessionRecord {
        let mut prompts = vec![self.prompt(0, "warming", -2.0, 8)];
        let mut now = 0.0;
        while now < self.soak_s {
            let prompt =
                self.prompt(u32::try_from(prompts.len()).expect("few prompts"), "soaking", now, self.tokens);
            now = seconds(*prompt.token_times.last().expect("tokens")) + self.think_s;
            prompts.push(prompt);
        }
        let end = now - self.think_s;
        let mut planned = planned(name, self);
        planned.device.hardware_heat = self.celsius.is_some();
        let verified = |what: &str, sha256: &str| VerifiedFile {
            what: what.to_owned(),
            sha256: sha256.to_owned(),
            bytes: 9,
        };
        SessionRecord {
            close: Some(SessionClose {
                state: CloseState::Completed,
                cause: String::new(),
                detail: String::new(),
                whose: String::new(),
            }),
            journal: Some(journal(end, self.hertz)),
            phases: [("loading", -5.0), ("warming", -2.0), ("soaking", -0.01)]
                .map(|(phase, begin)| PhaseSpan { phase: phase.to_owned(), begin: at(begin) })
                .to_vec(),
            prompts,
            channels: telemetry::channels(self, end),
            runtime: Some(runtime()),
            placement: Some(placement("cpu")),
            verified: vec![
                verified("artifact", &planned.candidate.sha256),
                verified("prompts", &planned.workload.prompts.sha256),
            ],
            overheads: (0..=60_u32)
                .map(|i| Overhead {
                    t: at(f64::from(i) * 10.0),
                    cpu: Nanos::from_millis(u64::from(i) * 20),
                    rss_bytes: 3_000_000,
                    missed_ticks: 0,
                    worst_jitter: Nanos(90_000),
                    worst_sync: Nanos(800_000),
                })
                .collect(),
            missed_ticks: 0,
            notes: Vec::new(),
            clock_offsets: [-6.0, end + 1.0].map(offset).to_vec(),
            meters: Vec::new(),
            ambient: Vec::new(),
            os_build: None,
            imported: None,
            golden: None,
            leaks: None,
            planned,
        }
    }

    fn prompt(&self, index: u32, phase: &str, submit: f64, tokens: u32) -> Prompt {
        let mut now = submit + self.prefill_s;
        let length = if self.context > 0.0 { 100 + 100 * (index % self.cycle) } else { 300 };
        let mut times = vec![now];
        for token in 1..tokens {
            // Deterministic scatter with mean zero over each pair of intervals.
            let sign = if token % 2 == 0 { 1.0 } else { -1.0 };
            let context = 1.0 + self.context * f64::from(length + token);
            let step = (1.0 + sign * self.jitter) * context / (self.rate)(now);
            let stall = self.stalls.iter().find(|(begin, _)| *begin > now && *begin <= now + step);
            now += step + stall.map_or(0.0, |stall| stall.1);
            times.push(now);
        }
        Prompt {
            index,
            item: format!("item-{}", (index + self.cycle - 1) % self.cycle),
            phase: phase.to_owned(),
            submit: at(submit),
            retrieve: Nanos::from_millis(2),
            render: Nanos::from_millis(1),
            prompt_tokens: Some(length),
            token_times: times.iter().map(|time| at(*time)).collect(),
            tokens_per_stamp: 1,
            decoded_tokens: None,
            finish: Some("length".to_owned()),
            engine_prefill: Some(Nanos::from_millis(250)),
            engine_decode: Some(at(now).since(at(submit + self.prefill_s))),
        }
    }
}

/// Device time as seconds since the first scored submit.
pub fn seconds(time: Nanos) -> f64 {
    time.as_secs_f64() - T0
}

/// A closed run of these sessions.
pub fn run_of(sessions: Vec<SessionRecord>) -> Run {
    let plan = plan::plan(sessions.iter().map(|session| session.planned.clone()).collect());
    Run {
        id: "20261122-120000-soak-0a1b".to_owned(),
        opened: OPENED,
        version: "0.1.0".to_owned(),
        plan,
        history: History::default(),
        sessions,
        closed: true,
        interrupted: None,
    }
}

/// The planned part of a session's record and of its plan, changed alike.
pub fn replan(run: &mut Run, change: impl Fn(&mut edgesoak_record::PlannedSession)) {
    run.plan.sessions.iter_mut().for_each(&change);
    run.sessions.iter_mut().for_each(|session| change(&mut session.planned));
}

fn journal(end: f64, hertz: f64) -> JournalFacts {
    let open = at(-6.0);
    JournalFacts {
        boot_id: "6e1b2f0c".to_owned(),
        agent: "0.1.0".to_owned(),
        is_virtual: false,
        mono: open,
        boottime: Nanos(open.0 + 7_000_000_000),
        wall: OPENED,
        last: at(end + 0.05),
        ending: JournalEnding::Finished { reason: "completed".to_owned(), detail: String::new() },
        group_period: vec![at(1.0 / hertz).since(at(0.0)), Nanos::from_secs(1)],
    }
}

fn offset(host_s: f64) -> ClockOffset {
    ClockOffset {
        host_mono: at(host_s),
        offset_ns: 1_234,
        uncertainty_ns: 20_000,
        suspended: Nanos(7_000_000_000),
    }
}

fn runtime() -> RuntimeFacts {
    RuntimeFacts {
        started: at(-3.0),
        pid: 4711,
        runtime: "llama.cpp".to_owned(),
        version: "b1".to_owned(),
        cpu_features: Vec::new(),
        load: Nanos::from_millis(800),
        threads: 3,
        context: 2048,
        exit: None,
    }
}

/// Everything of the model on one device, as observed.
pub fn placement(device: &str) -> Placement {
    Placement {
        requested: device.to_owned(),
        actual: vec![PlacedShare { device: device.to_owned(), units: 31, share: 1.0 }],
        unit: "layers".to_owned(),
        evidence: "log".to_owned(),
        raw: String::new(),
        confidence: "observed".to_owned(),
    }
}
