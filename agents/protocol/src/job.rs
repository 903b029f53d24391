//! The job: everything the agent needs to run one session without its host. Pushed as `job.json`.

use serde::{Deserialize, Serialize};

/// Version of the job document.
pub const VERSION: u32 = 1;

/// One session: one route's workload through one candidate, on this device.
///
/// All paths are relative to the session's directory on the device, except `runner.program` and
/// `artifact.path`, which are relative to the agent's home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// [`VERSION`].
    pub version: u32,
    /// Run this session belongs to.
    pub run: String,
    /// Session within the run, unique and safe as a file name.
    pub session: String,
    /// The engine.
    pub runner: Runner,
    /// The model.
    pub artifact: Artifact,
    /// What is decoded.
    pub workload: Workload,
    /// How long each phase lasts.
    pub phases: Phases,
    /// What is sampled.
    pub sampling: Sampling,
    /// Limits that end the session at once, at all times.
    pub stop_at: StopAt,
    /// When the soak may be extended; absent where nothing is expected to heat.
    pub settle: Option<SettleRule>,
    /// Settings of the device that the session holds and gives back: screen, doze, clocks, radio, charging.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Wait for the charger to be taken off before anything is loaded; absent where the host has seen to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unplug: Option<UnplugRule>,
    /// Questions that are asked after the soak, whose answers are kept; absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answering: Option<Answering>,
    /// Nothing may leave the device: the runtime is cut off from every network, as strictly as the system does it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local_only: bool,
}

/// The items of a golden set, asked through the runtime that soaked. Greedily, from an empty cache, to the model's own end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answering {
    /// JSON lines `{"id", "messages", "docs"}`: where `docs` is absent or null, retrieval finds the documents; a list
    /// of ids stands in its place. What is expected never leaves the host.
    pub items: Artifact,
    /// So many of the first items are asked right after the soak too, while the device is hot.
    pub hot: u32,
    /// Longest answer, tokens.
    pub max_new: u32,
    /// 32 bytes, lower-case hex, in front of each answer when its digest is taken: without them the digest of a short
    /// answer would tell the answer.
    pub salt: String,
    /// How long the agent waits for answers to be taken, milliseconds.
    pub within_ms: u64,
}

/// When a device that is being unplugged may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnplugRule {
    /// It must have been unplugged for this long, by its own word, milliseconds.
    pub hold_ms: u64,
    /// A device that has not been by then is not measured, milliseconds.
    pub within_ms: u64,
}

/// A setting of the device and the value that it must have throughout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// One of the agent's settings, such as `airplane`.
    pub name: String,
    /// Its value, such as `on`.
    pub value: String,
}

/// The runner process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runner {
    /// Program, relative to the agent's home.
    pub program: String,
    /// Arguments; never prompt text.
    pub args: Vec<String>,
    /// Device asked of the engine: `cpu`, `gpu`, `npu`.
    pub requested_device: String,
    /// Decode threads.
    pub threads: u32,
    /// Context length, tokens.
    pub ctx: u32,
    /// Longest silence of the runner inside `load` or a prompt before it is killed, milliseconds.
    pub silence_limit_ms: u64,
}

/// A file on the device with its planned digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Where it lies.
    pub path: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
}

/// The prompt cycle and what turns an item into final text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// JSON lines `{"id", "messages": [{"role", "content"}]}`: a fixed cycle.
    pub prompts: Artifact,
    /// `artifact` for the chat template in the model file, `question` for none, or the path of a `.jinja` file.
    pub template: TemplateSource,
    /// Documents to retrieve from, if any.
    pub retrieval: Option<Retrieval>,
    /// Forced length of each answer, tokens; of items, the longest.
    pub output_tokens: u32,
    /// The prompts are items: each answer ends by itself, and whole answers are counted, not tokens.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_of_items: bool,
    /// Pause between prompts, milliseconds.
    pub think_time_ms: u64,
    /// Pictures that prompts name by their digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Artifact>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Where the chat template comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateSource {
    /// The one in the model artifact.
    Artifact,
    /// None: the text is the last message alone, for a runtime that is no language model.
    Question,
    /// A file with a planned digest.
    File(Artifact),
}

/// Retrieval on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieval {
    /// JSON lines `{"id", "title", "text"}`.
    pub corpus: Artifact,
    /// Documents per prompt.
    pub top_k: u32,
}

/// Lengths of the phases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phases {
    /// Tokens decoded before the soak, so that burst is not measured on a cold cache; 8, no more.
    pub warm_tokens: u32,
    /// Length of the soak; the prompt in flight is finished. Milliseconds. Zero, for a session that only answers.
    pub soak_ms: u64,
    /// Rest and burst after the soak, if wanted.
    pub recovery: Option<Recovery>,
}

/// The recovery probe: does the speed come back after a rest?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// Idle time, milliseconds.
    pub rest_ms: u64,
    /// Decode time after it, milliseconds.
    pub burst_ms: u64,
}

/// What is sampled, and how often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Period of the fast group, milliseconds (100 to 1000).
    pub fast_period_ms: u64,
    /// Period of the slow group, milliseconds.
    pub slow_period_ms: u64,
    /// Shortest period of commands such as `dumpsys`, milliseconds: at least [`LEAST_COMMAND_PERIOD_MS`].
    #[serde(default = "least_command_period")]
    pub command_period_ms: u64,
}

/// A `dumpsys` more often than this is a load of its own, milliseconds.
pub const LEAST_COMMAND_PERIOD_MS: u64 = 10_000;

fn least_command_period() -> u64 {
    LEAST_COMMAND_PERIOD_MS
}

/// Limits that the agent enforces at all times, also when nobody is attached.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopAt {
    /// Any temperature channel at or above this ends the session, °C.
    pub temperature_celsius: Option<f64>,
    /// A battery at or below this ends the session, per cent.
    pub battery_percent: Option<f64>,
}

/// When a soak is extended because the device has not settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleRule {
    /// Largest drift of the rate over the last 180 s, as a part of one.
    pub max_drift: f64,
    /// Largest predicted remaining rise of temperature, kelvin.
    pub max_rise_kelvin: f64,
    /// Thermal time constant used for the prediction, seconds.
    pub tau_seconds: f64,
    /// Length of one extension, milliseconds.
    pub step_ms: u64,
    /// The soak never gets longer than this, milliseconds.
    pub max_soak_ms: u64,
}
