//! What happened in one session, read back from its journal and the host's entries.

use edgesoak_protocol::channel::{Quantity, Unit};
use edgesoak_protocol::reading::Reason;
use edgesoak_protocol::units::Nanos;
use serde::{Deserialize, Serialize};

use crate::golden::GoldenRecord;
use crate::import::Import;
use crate::leaks::LeakRecord;
use crate::meter::{AmbientReading, MeterTrace};
use crate::plan::PlannedSession;
pub use crate::samples::{Packer, Sample, Samples};

/// One session: the plan's part, what the device journaled and how the host closed it.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRecord {
    /// What was planned.
    pub planned: PlannedSession,
    /// How the host closed it; `None` while it runs or after a host crash.
    pub close: Option<SessionClose>,
    /// The device's journal, if the host has any of it.
    pub journal: Option<JournalFacts>,
    /// Phases in order.
    pub phases: Vec<PhaseSpan>,
    /// Prompts in order, unscored ones included.
    pub prompts: Vec<Prompt>,
    /// Every channel that was tried, with its samples.
    pub channels: Vec<Channel>,
    /// The runtime process, if it started.
    pub runtime: Option<RuntimeFacts>,
    /// Where the model's work ran, if the runtime said so.
    pub placement: Option<Placement>,
    /// Files that were hashed on the device and had their planned digest.
    pub verified: Vec<VerifiedFile>,
    /// What the agent itself cost, oldest first.
    pub overheads: Vec<Overhead>,
    /// Ticks that were missed, in total.
    pub missed_ticks: u64,
    /// Notes of the agent.
    pub notes: Vec<Note>,
    /// Offset of the device's monotonic clock, if measured.
    pub clock_offsets: Vec<ClockOffset>,
    /// External meters, each with its readings.
    pub meters: Vec<MeterTrace>,
    /// The air around the device, in time order.
    pub ambient: Vec<AmbientReading>,
    /// Build of its operating system as the agent's probe told it, if it was probed.
    pub os_build: Option<String>,
    /// Set when nothing of ours measured it: another program did, and its file was imported.
    pub imported: Option<Import>,
    /// Items of a golden set, and what was answered; `None` where none were asked.
    pub golden: Option<GoldenRecord>,
    /// Secrets that it was given on purpose, and where they were looked for; `None` where it was given none.
    pub leaks: Option<LeakRecord>,
}

/// How the host closed a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionClose {
    /// What became of it.
    pub state: CloseState,
    /// A stable word, such as `agent-died`, `link-lost`, `stopped-by-user`; empty when completed.
    pub cause: String,
    /// A sentence for people; empty when completed.
    pub detail: String,
    /// Whose fault it is: `device`, `lab`, `config`, `harness`, `user`, or empty.
    pub whose: String,
}

/// What became of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseState {
    /// The agent finished and its journal was copied whole.
    Completed,
    /// It began, and ended before its time; what was measured is kept.
    Interrupted,
    /// It never began.
    NotRun,
}

/// The journal as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalFacts {
    /// Identity of the device's boot.
    pub boot_id: String,
    /// Version of the agent.
    pub agent: String,
    /// The agent itself says that the device is simulated.
    pub is_virtual: bool,
    /// Device clocks when the journal was opened.
    pub mono: Nanos,
    /// `CLOCK_BOOTTIME` at that moment.
    pub boottime: Nanos,
    /// Wall time at that moment, since the Unix epoch.
    pub wall: Nanos,
    /// Time of the last whole frame.
    pub last: Nanos,
    /// How the journal ends.
    pub ending: JournalEnding,
    /// Period of each group of channels, by group id.
    pub group_period: Vec<Nanos>,
}

/// How a journal ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalEnding {
    /// With `Finished`.
    Finished {
        /// The agent's word: `completed`, `temperature-limit`, ...
        reason: String,
        /// A sentence for people.
        detail: String,
    },
    /// Without `Finished`: the agent was killed, or still runs.
    Open,
    /// In the middle of a frame.
    Torn,
    /// With damage: the sentence says where.
    Corrupt(String),
}

/// A phase and when it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseSpan {
    /// `loading`, `warming`, `soaking`, `resting`, `recovering`, `answering`.
    pub phase: String,
    /// Device time.
    pub begin: Nanos,
}

/// One prompt and its tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// Counts prompts of the session from 0.
    pub index: u32,
    /// Id of the item in the prompt cycle.
    pub item: String,
    /// Phase it belongs to; only `soaking` is scored.
    pub phase: String,
    /// When it was submitted: retrieval begins. Device time.
    pub submit: Nanos,
    /// Time spent retrieving.
    pub retrieve: Nanos,
    /// Time spent rendering.
    pub render: Nanos,
    /// Length of the prompt, tokens; `None` when it never finished.
    pub prompt_tokens: Option<u32>,
    /// Time of each callback of the engine, device time, rising.
    pub token_times: Vec<Nanos>,
    /// Tokens per callback after the first, which brings the first token alone; the last may bring fewer. 1 for
    /// engines that call back per token.
    pub tokens_per_stamp: u32,
    /// Tokens of the whole answer, by the engine's own count; `None` when it never finished.
    pub decoded_tokens: Option<u32>,
    /// `length`, `eos`, `stopped`; `None` when it never finished.
    pub finish: Option<String>,
    /// The engine's own prefill time.
    pub engine_prefill: Option<Nanos>,
    /// The engine's own time for the tokens after the first.
    pub engine_decode: Option<Nanos>,
}

/// A channel and everything it said.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Stable name, such as `cpufreq/policy0/cur`.
    pub name: String,
    /// What it measures.
    pub quantity: Quantity,
    /// Unit of the samples.
    pub unit: Unit,
    /// Where it was read.
    pub source: String,
    /// Group it is sampled in.
    pub group: u8,
    /// Set when it could not be read at all.
    pub missing: Option<Reason>,
    /// Samples in time order.
    pub samples: Samples,
}

/// The runtime process.
#[derive(Debug, Clone, PartialEq)]
pub struct RuntimeFacts {
    /// When it was ready. Device time.
    pub started: Nanos,
    /// Process id on the device.
    pub pid: u32,
    /// Engine.
    pub runtime: String,
    /// Engine version.
    pub version: String,
    /// CPU features in use.
    pub cpu_features: Vec<String>,
    /// Load time as the engine reports it.
    pub load: Nanos,
    /// Decode threads.
    pub threads: u32,
    /// Context length, tokens.
    pub context: u32,
    /// How and when it ended, if it is known.
    pub exit: Option<RuntimeExit>,
}

/// The end of a runtime process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeExit {
    /// Device time.
    pub at: Nanos,
    /// Exit code, if it exited.
    pub code: Option<i32>,
    /// Signal, if it was killed.
    pub signal: Option<i32>,
    /// Its last resident set, bytes.
    pub last_rss_bytes: Option<u64>,
    /// Last line of its stderr.
    pub last_words: String,
}

/// Where the model's work ran.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Device asked for.
    pub requested: String,
    /// Devices observed.
    pub actual: Vec<PlacedShare>,
    /// What `units` counts.
    pub unit: String,
    /// Kind of evidence.
    pub evidence: String,
    /// The engine's words.
    pub raw: String,
    /// `observed`, `anticipated`, `unknown`.
    pub confidence: String,
}

/// The part of the model on one device.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedShare {
    /// `cpu`, `gpu`, `npu` or an engine's own name.
    pub device: String,
    /// Units it holds.
    pub units: u32,
    /// Their part of all.
    pub share: f64,
}

/// A file whose digest was checked on the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedFile {
    /// `artifact`, `runner`, `prompts`, `corpus`, `template`.
    pub what: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
}

/// What the agent cost up to a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overhead {
    /// Device time.
    pub t: Nanos,
    /// Processor time since it started.
    pub cpu: Nanos,
    /// Resident set, bytes.
    pub rss_bytes: u64,
    /// Ticks missed since it started.
    pub missed_ticks: u32,
    /// Worst lateness of a tick since the last report.
    pub worst_jitter: Nanos,
    /// Longest fdatasync since the last report.
    pub worst_sync: Nanos,
}

/// Something the agent noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Device time.
    pub t: Nanos,
    /// Stable word.
    pub code: String,
    /// Sentence.
    pub text: String,
}

/// Device time minus host time, measured by the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockOffset {
    /// Host's monotonic clock at the measurement.
    pub host_mono: Nanos,
    /// Device minus host, nanoseconds.
    pub offset_ns: i64,
    /// Half of the shortest round trip, nanoseconds.
    pub uncertainty_ns: u64,
    /// Time the device was suspended so far: boottime less monotonic.
    pub suspended: Nanos,
}
