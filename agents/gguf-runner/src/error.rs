//! Why a request failed, and under which stable word the agent hears of it.

use edgesoak_protocol::runner::IMAGE_UNSUPPORTED;
use llama_cpp_2::context::kv_cache::KvCacheConversionError;
use llama_cpp_2::llama_batch::BatchAddError;
use llama_cpp_2::{DecodeError, LlamaContextLoadError, LlamaCppError, LlamaModelLoadError};
use thiserror::Error;

/// A failed request. No message repeats the prompt or the answer.
#[derive(Debug, Error)]
pub enum RunnerError {
    /// Stdin has ended or stdout is closed: exit, there is nobody to tell.
    #[error("the agent is gone")]
    ReachAgent,
    /// A request that makes no sense here.
    #[error("{0}")]
    ReadRequest(String),
    /// The engine would be killed by its first instruction that this CPU lacks.
    #[error("the engine was built for CPU features that this CPU lacks: {0}")]
    CheckCpu(String),
    /// The engine did not start.
    #[error("llama.cpp cannot start: {0}")]
    StartEngine(LlamaCppError),
    /// The artifact could not be opened.
    #[error("cannot open the artifact: {0}")]
    OpenArtifact(std::io::Error),
    /// llama.cpp refused the artifact.
    #[error("llama.cpp cannot load the artifact ({cause}): {said}")]
    LoadArtifact {
        /// What the bindings say.
        cause: LlamaModelLoadError,
        /// The last line of llama.cpp's log.
        said: String,
    },
    /// No memory for the context, or the model refuses its length.
    #[error("llama.cpp cannot make a context of {ctx} tokens ({cause}): {said}")]
    MakeContext {
        /// Tokens asked for.
        ctx: u32,
        /// What the bindings say.
        cause: LlamaContextLoadError,
        /// The last line of llama.cpp's log.
        said: String,
    },
    /// Prompt and answer do not fit into the context.
    #[error("{prompt} tokens of prompt and {max_new} of answer do not fit into a context of {ctx}")]
    FitPrompt {
        /// Tokens of the prompt.
        prompt: usize,
        /// Tokens asked for.
        max_new: u32,
        /// Tokens of context.
        ctx: u32,
    },
    /// The prompt has pictures, and this runner has no projector for any.
    #[error("this runner takes text alone; it cannot look at images")]
    LookAtImages,
    /// The KV cache could not be cleared.
    #[error("cannot clear the KV cache: {0}")]
    ClearCache(KvCacheConversionError),
    /// A batch could not be filled.
    #[error("cannot fill a batch: {0}")]
    FillBatch(BatchAddError),
    /// llama.cpp failed to compute.
    #[error("cannot decode: {0}")]
    Decode(DecodeError),
    /// Every logit is NaN or belongs to an end token.
    #[error("the model gives no token that could be chosen")]
    ChooseToken,
}

impl RunnerError {
    /// The stable word of the protocol.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ReachAgent | Self::ReadRequest(_) => "bad-request",
            Self::CheckCpu(_) => "cpu-unsupported",
            Self::StartEngine(_)
            | Self::OpenArtifact(_)
            | Self::LoadArtifact { .. }
            | Self::MakeContext { .. } => "load-failed",
            Self::FitPrompt { .. } => "prompt-too-long",
            Self::LookAtImages => IMAGE_UNSUPPORTED,
            Self::ClearCache(_) | Self::FillBatch(_) | Self::Decode(_) | Self::ChooseToken => "decode-failed",
        }
    }
}
