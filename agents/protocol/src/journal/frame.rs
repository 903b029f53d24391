//! The frames, `Raw` and those of changes since version 2, those of answers since version 3, attempts to leave the device since version 4. Field and variant numbers are the format: never reuse one.

use minicbor::{Decode, Encode};

use super::attempt::Attempt;
use crate::reading::RawReading;

/// Phases that the agent passes through. The host has more of them; see the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Phase {
    /// Digests are checked and the runtime loads the artifact.
    #[n(0)]
    Loading,
    /// A few unscored tokens.
    #[n(1)]
    Warming,
    /// Scored, sustained decode.
    #[n(2)]
    Soaking,
    /// Rest after the soak.
    #[n(3)]
    Resting,
    /// Decode after the rest.
    #[n(4)]
    Recovering,
    /// Items of a golden set are answered.
    #[n(5)]
    Answering,
}

impl Phase {
    /// The word used in the database and on the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Phase::Loading => "loading",
            Phase::Warming => "warming",
            Phase::Soaking => "soaking",
            Phase::Resting => "resting",
            Phase::Recovering => "recovering",
            Phase::Answering => "answering",
        }
    }
}

/// How a runtime process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum RuntimeEnd {
    /// It exited with this code.
    #[n(0)]
    Exited(#[n(0)] i32),
    /// It was killed by this signal.
    #[n(1)]
    Signalled(#[n(0)] i32),
}

/// Why the agent ended the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum FinishReason {
    /// Every phase ran to its end.
    #[n(0)]
    Completed,
    /// `stop` was called.
    #[n(1)]
    Stopped,
    /// A temperature limit of the job was reached.
    #[n(2)]
    TemperatureLimit,
    /// The battery limit of the job was reached.
    #[n(3)]
    BatteryLimit,
    /// The runtime exited or was killed.
    #[n(4)]
    RuntimeDied,
    /// The runtime was silent for longer than the job allows and was killed.
    #[n(5)]
    RuntimeSilent,
    /// The runtime broke the runner protocol or reported an error.
    #[n(6)]
    RuntimeFailed,
    /// A file on the device did not have its planned digest.
    #[n(7)]
    DigestMismatch,
    /// The job, a prompt file, the corpus or the template could not be used.
    #[n(8)]
    BadInput,
    /// The disk was full or failed.
    #[n(9)]
    DiskFailed,
    /// A setting of the device could not be made, or did not stay.
    #[n(10)]
    SettingFailed,
    /// A condition of the start did not come to hold in time.
    #[n(11)]
    StartGateTimeout,
}

impl FinishReason {
    /// Every reason, in code order.
    pub const ALL: [FinishReason; 12] = [
        FinishReason::Completed,
        FinishReason::Stopped,
        FinishReason::TemperatureLimit,
        FinishReason::BatteryLimit,
        FinishReason::RuntimeDied,
        FinishReason::RuntimeSilent,
        FinishReason::RuntimeFailed,
        FinishReason::DigestMismatch,
        FinishReason::BadInput,
        FinishReason::DiskFailed,
        FinishReason::SettingFailed,
        FinishReason::StartGateTimeout,
    ];

    /// The word used in the database, in reports and on the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            FinishReason::Completed => "completed",
            FinishReason::Stopped => "stopped",
            FinishReason::TemperatureLimit => "temperature-limit",
            FinishReason::BatteryLimit => "battery-limit",
            FinishReason::RuntimeDied => "runtime-died",
            FinishReason::RuntimeSilent => "runtime-silent",
            FinishReason::RuntimeFailed => "runtime-failed",
            FinishReason::DigestMismatch => "digest-mismatch",
            FinishReason::BadInput => "bad-input",
            FinishReason::DiskFailed => "disk-failed",
            FinishReason::SettingFailed => "setting-failed",
            FinishReason::StartGateTimeout => "start-gate-timeout",
        }
    }
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Frame {
    /// One reading of every present channel of a group, in the order of the channel table.
    #[n(0)]
    Tick {
        /// Group of the channel table.
        #[n(0)]
        group: u8,
        /// Raw integers or reasons.
        #[n(1)]
        values: Vec<RawReading>,
    },
    /// What a command printed that readings were taken from, filtered; once per read, beside its `Tick`.
    #[n(1)]
    Raw {
        /// The command, such as `dumpsys battery`.
        #[n(0)]
        source: String,
        /// Kind of its parser, such as `battery`.
        #[n(1)]
        kind: String,
        /// The lines that count, without what identifies a person or a unit; bounded.
        #[n(2)]
        text: String,
        /// Length of everything it printed, bytes.
        #[n(3)]
        bytes: u64,
        /// How long it took, nanoseconds.
        #[n(4)]
        took_ns: u64,
    },
    /// A prompt was taken from the cycle and sent to the runtime. Its time is `submit_ns`; the frame is written
    /// after it, while the runtime works already.
    #[n(2)]
    PromptSubmitted {
        /// Counts prompts of the session from 0.
        #[n(0)]
        prompt: u32,
        /// Id of the item in the prompt cycle.
        #[n(1)]
        item: String,
        /// Phase it belongs to.
        #[n(2)]
        phase: Phase,
        /// Time spent retrieving documents, nanoseconds.
        #[n(3)]
        retrieve_ns: u64,
        /// Time spent rendering the template, nanoseconds.
        #[n(4)]
        render_ns: u64,
        /// SHA-256 of the final text, lower-case hex.
        #[n(5)]
        prompt_sha256: String,
        /// Length of the final text, bytes.
        #[n(6)]
        prompt_bytes: u32,
        /// When retrieval began, nanoseconds on the monotonic clock: the submit of the prompt.
        #[n(7)]
        submit_ns: u64,
    },
    /// Decoded tokens.
    #[n(3)]
    TokenBatch {
        /// Prompt they belong to.
        #[n(0)]
        prompt: u32,
        /// Index of the first of them within the answer, from 0.
        #[n(1)]
        first_index: u32,
        /// Time of the first of them, nanoseconds on the monotonic clock.
        #[n(2)]
        t0_ns: u64,
        /// Time between each further one and the one before, nanoseconds.
        #[n(3)]
        delta_ns: Vec<u64>,
        /// Tokens per time stamp; above 1 for engines that call back every k tokens.
        #[n(4)]
        tokens_per_stamp: u32,
    },
    /// A prompt ended.
    #[n(4)]
    PromptDone {
        /// Prompt.
        #[n(0)]
        prompt: u32,
        /// `length`, `eos` or `stopped`.
        #[n(1)]
        finish: String,
        /// Tokens of the prompt.
        #[n(2)]
        prompt_tokens: u32,
        /// Tokens decoded, the first included.
        #[n(3)]
        decoded_tokens: u32,
        /// The engine's own prefill time, nanoseconds.
        #[n(4)]
        engine_prefill_ns: u64,
        /// The engine's own time for the tokens after the first, nanoseconds.
        #[n(5)]
        engine_decode_ns: u64,
    },
    /// The runtime process is up and has the artifact loaded.
    #[n(5)]
    RuntimeStarted {
        /// Process id on the device.
        #[n(0)]
        pid: u32,
        /// Engine.
        #[n(1)]
        runtime: String,
        /// Engine version.
        #[n(2)]
        runtime_version: String,
        /// CPU features in use.
        #[n(3)]
        cpu_features: Vec<String>,
        /// Load time as the engine reports it, nanoseconds.
        #[n(4)]
        load_ns: u64,
        /// Decode threads asked for.
        #[n(5)]
        threads: u32,
        /// Context length asked for, tokens.
        #[n(6)]
        ctx: u32,
    },
    /// The runtime process is gone.
    #[n(6)]
    RuntimeExited {
        /// How.
        #[n(0)]
        end: RuntimeEnd,
        /// Its last resident set before the end, bytes, if it was read.
        #[n(1)]
        last_rss_bytes: Option<u64>,
        /// Last line of its stderr, bounded and never prompt text.
        #[n(2)]
        last_words: String,
    },
    /// Where the model's work runs.
    #[n(7)]
    Placement {
        /// Device asked for.
        #[n(0)]
        requested: String,
        /// `(device, units, share in millionths)` as observed.
        #[n(1)]
        actual: Vec<(String, u32, u32)>,
        /// What the units count.
        #[n(2)]
        unit: String,
        /// Kind of evidence.
        #[n(3)]
        evidence: String,
        /// The engine's words.
        #[n(4)]
        raw: String,
        /// `observed`, `anticipated`, `unknown`.
        #[n(5)]
        confidence: String,
    },
    /// A phase begins.
    #[n(8)]
    PhaseBegan {
        /// Which.
        #[n(0)]
        phase: Phase,
    },
    /// The sampler could not keep its deadlines.
    #[n(9)]
    Gap {
        /// Group of the channel table.
        #[n(0)]
        group: u8,
        /// Ticks that were not taken.
        #[n(1)]
        missed_ticks: u32,
    },
    /// What the agent itself costs; every 10 s and at the end.
    #[n(10)]
    Overhead {
        /// Processor time of the agent since it started, nanoseconds.
        #[n(0)]
        cpu_ns: u64,
        /// Resident set, bytes.
        #[n(1)]
        rss_bytes: u64,
        /// Ticks missed since it started.
        #[n(2)]
        missed_ticks: u32,
        /// Worst lateness of a tick since the last `Overhead`, nanoseconds.
        #[n(3)]
        worst_jitter_ns: u64,
        /// Longest fdatasync since the last `Overhead`, nanoseconds.
        #[n(4)]
        worst_sync_ns: u64,
    },
    /// The runtime tried something that would have left the device, and was refused.
    #[n(11)]
    Egress {
        /// What it tried.
        #[n(0)]
        attempt: Attempt,
    },
    /// Something a person should know, by a stable word and a sentence. Never prompt or answer text.
    #[n(12)]
    Note {
        /// Stable word, such as `settle-extended`.
        #[n(0)]
        code: String,
        /// Sentence.
        #[n(1)]
        text: String,
    },
    /// The last frame of a session.
    #[n(13)]
    Finished {
        /// Why it ended.
        #[n(0)]
        reason: FinishReason,
        /// Details for people; empty when completed.
        #[n(1)]
        detail: String,
    },
    /// Streamed when nothing else is, so that silence means a lost link. Never journaled.
    #[n(14)]
    Heartbeat {
        /// Last sequence number in the journal.
        #[n(0)]
        last_seq: u64,
    },
    /// A file on the device was hashed and has its planned digest.
    #[n(15)]
    Verified {
        /// What it is: `artifact`, `runner`, `prompts`, `corpus`, `template`.
        #[n(0)]
        what: String,
        /// SHA-256, lower-case hex.
        #[n(1)]
        sha256: String,
        /// Size, bytes.
        #[n(2)]
        bytes: u64,
    },
    /// A setting of the device is about to be changed. Written before the change.
    #[n(16)]
    Changing {
        /// Name of the setting, such as `airplane`.
        #[n(0)]
        setting: String,
        /// Its value before, which is also its undo.
        #[n(1)]
        before: String,
        /// The value it gets.
        #[n(2)]
        after: String,
    },
    /// A setting has its earlier value again, read back.
    #[n(17)]
    Restored {
        /// Name of the setting.
        #[n(0)]
        setting: String,
        /// The value it has.
        #[n(1)]
        value: String,
    },
    /// An item was answered, or refused by the runtime. The answer itself is in no journal.
    #[n(18)]
    Answered {
        /// Prompt.
        #[n(0)]
        prompt: u32,
        /// Its place among the answers that the job asks for, from 0: those right behind the soak first, then all of them. A
        /// place may be passed over, where the agent had to stop asking.
        #[n(1)]
        index: u32,
        /// SHA-256 of the job's salt (its 32 bytes) and the answer, lower-case hex.
        #[n(2)]
        sha256: String,
        /// Length of the answer, bytes.
        #[n(3)]
        bytes: u32,
        /// Whether it was longer, and was cut to this length.
        #[n(4)]
        is_cut: bool,
        /// Ids of the documents that the prompt held, best first.
        #[n(5)]
        documents: Vec<String>,
        /// The code under which the runtime refused the prompt; then nothing was answered.
        #[n(6)]
        refused: Option<String>,
        /// How sure the runtime says that it was, in millionths; `None` where it does not say.
        #[n(7)]
        confidence_millionths: Option<u32>,
    },
}
