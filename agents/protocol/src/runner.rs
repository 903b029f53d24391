//! The runner protocol: one JSON object per line, requests on the runner's stdin, events on its stdout.
//!
//! A runner is any program that loads a model artifact and streams tokens; see `docs/runner_protocol.md`.
//! Prompts travel on stdin only, never in arguments or the environment, where other users could read them.

use serde::{Deserialize, Serialize};

/// Longest line either side accepts, in bytes.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// Most tokens that one time stamp may stand for.
pub const MAX_TOKENS_PER_CALL: u32 = 64;

/// What [`Event::Caps`] says of its inputs where pictures may be among them.
pub const IMAGE: &str = "image";

/// The code of an error: the prompt has pictures, and the runner cannot look at any.
pub const IMAGE_UNSUPPORTED: &str = "image-unsupported";

/// Version of the runner protocol.
pub const VERSION: u32 = 1;

/// Host-side requests, in the order of a session: `hello`, `load`, any number of `generate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Asks for [`Event::Caps`]; the first request.
    Hello {
        /// Version of the protocol that the agent speaks.
        version: u32,
    },
    /// Loads an artifact; answered by [`Event::Loaded`] or [`Event::Error`].
    Load {
        /// Path of the model file on this device.
        artifact: String,
        /// Its SHA-256 in lower-case hex, already verified by the agent.
        sha256: String,
        /// `cpu`, `gpu`, `npu` or an engine's own device name.
        requested_device: String,
        /// Decode threads.
        threads: u32,
        /// Context length, tokens.
        ctx: u32,
    },
    /// Decodes one prompt with an empty KV cache; answered by `first_token`, `tokens`.., `done`.
    Generate {
        /// Chosen by the agent, repeated in every event of this prompt.
        id: u32,
        /// Final text: template and retrieval are already applied.
        prompt: String,
        /// Tokens to generate at the most.
        max_new: u32,
        /// Greedy decoding; the only mode of a soak.
        greedy: bool,
        /// Go on after an end-of-sequence token until `max_new` (forced length).
        ignore_eos: bool,
        /// Send the generated text with `done`.
        want_text: bool,
        /// Paths of pictures on this device that belong to the prompt, in their order. A runner whose `inputs` lack
        /// `image` refuses a prompt with any ([`IMAGE_UNSUPPORTED`]): it never answers without having looked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        images: Vec<String>,
    },
    /// Ends the prompt in flight at the next token: `done` with [`Finish::Stopped`]. No answer when idle.
    Stop {},
}

impl Request {
    /// What a line asks, its end included, or why it is no request; `None` for a line without an end, which nothing
    /// follows.
    #[must_use]
    pub fn of_line(line: &[u8]) -> Option<Result<Self, String>> {
        // The parser's own words would repeat parts of the line, which may be a prompt's.
        let refused = |error: serde_json::Error| format!("not a request, at column {}", error.column());
        (line.last() == Some(&b'\n')).then(|| serde_json::from_slice(line).map_err(refused))
    }
}

/// What a runner says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Answer to `hello`.
    Caps {
        /// Version of the protocol that the runner speaks.
        version: u32,
        /// Engine name, such as `llama.cpp`.
        runtime: String,
        /// Engine version or commit.
        runtime_version: String,
        /// CPU features that the engine was built for **and** this CPU has.
        cpu_features: Vec<String>,
        /// Devices the engine can compute on.
        devices: Vec<String>,
        /// What its prompts may hold: `text`, and `image` where it can look at some.
        #[serde(default = "text_alone")]
        inputs: Vec<String>,
        /// Whether it decodes tokens, up to any length that is forced. One that does not has whole answers at once, each
        /// of which counts as one token, and refuses `ignore_eos`.
        #[serde(default = "yes")]
        decodes: bool,
    },
    /// The artifact is ready.
    Loaded {
        /// Time it took, milliseconds.
        load_ms: f64,
        /// Where the model's work runs.
        placement: Placement,
    },
    /// The first token of a prompt was decoded.
    FirstToken {
        /// Prompt.
        id: u32,
        /// `CLOCK_MONOTONIC`, nanoseconds.
        t_ns: u64,
        /// Tokens of the prompt.
        prompt_n: u32,
    },
    /// Further tokens, sent at least every 250 ms.
    Tokens {
        /// Prompt.
        id: u32,
        /// `CLOCK_MONOTONIC` of each token, nanoseconds, rising. Does not repeat the first token.
        t_ns: Vec<u64>,
        /// Tokens per time stamp; 1 unless the engine calls back only every k tokens. The same throughout a
        /// prompt, at most [`MAX_TOKENS_PER_CALL`].
        #[serde(default = "one")]
        k: u32,
    },
    /// The prompt is finished.
    Done {
        /// Prompt.
        id: u32,
        /// Tokens of the prompt.
        prompt_n: u32,
        /// The engine's own prefill time, milliseconds.
        prefill_ms: f64,
        /// Tokens generated, the first included.
        decode_n: u32,
        /// The engine's own time for the tokens **after** the first, milliseconds.
        decode_ms: f64,
        /// Why it ended.
        finish: Finish,
        /// Generated text, if it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// How sure the model was of this answer, in 0..=1: the geometric mean of the probabilities of its tokens.
        /// Only where the text was asked for: it costs time, and a soak must not pay it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f64>,
    },
    /// A request failed. The runner goes on unless it exits.
    Error {
        /// Prompt, if the error belongs to one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<u32>,
        /// A short stable word: `load-failed`, `prompt-too-long`, `bad-request`, `decode-failed`, `image-unsupported`.
        code: String,
        /// A sentence for people. Never prompt text.
        message: String,
    },
}

fn one() -> u32 {
    1
}

/// What [`Event::Caps`] says of its inputs where images are nothing to it.
#[must_use]
pub fn text_alone() -> Vec<String> {
    vec!["text".to_owned()]
}

fn yes() -> bool {
    true
}

/// A confidence in millionths, as a journal holds it; `None` for what is no part of one, whoever says it.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be a part of one")]
pub fn confidence_millionths(confidence: f64) -> Option<u32> {
    (0.0..=1.0).contains(&confidence).then(|| (confidence * 1e6).round() as u32)
}

/// Why a prompt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// `max_new` was reached.
    Length,
    /// The model ended its answer.
    Eos,
    /// `stop` was asked for.
    Stopped,
}

/// Where the work ran, and how we know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// What was asked for.
    pub requested: String,
    /// What was observed, per device.
    pub actual: Vec<PlacedShare>,
    /// What `units` counts: `layer`, `node`, `op` or `device`.
    pub unit: String,
    /// `api`, `profile`, `log`, `export` or `plan`.
    pub evidence: String,
    /// The engine's own words, bounded to 4 KiB.
    pub raw: String,
    /// `observed`, `anticipated` or `unknown`.
    pub confidence: String,
}

/// The part of the model that runs on one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacedShare {
    /// `cpu`, `gpu`, `npu` or an engine's own device name.
    pub device: String,
    /// How many [`Placement::unit`]s it holds.
    pub units: u32,
    /// Their part of all.
    pub share: f64,
}
