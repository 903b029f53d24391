//! What a device is asked to do: a candidate, and which part of its work runs at the moment.

use edgesoak_protocol::units::Bytes;

use crate::error::PhoneError;
use crate::profile::{Kind, Profile};

/// Where a candidate's work runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accelerator {
    /// On this many cores, the fastest first.
    Cpu {
        /// How many.
        threads: u32,
    },
    /// On the graphics processor.
    Gpu,
    /// On the neural processor.
    Npu,
}

/// A model in a runtime, as far as heat and speed are concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Name for people.
    pub name: String,
    /// Where it runs.
    pub accelerator: Accelerator,
    /// Weights that every token reads once.
    pub weights: Bytes,
    /// Keys and values that one token of context adds, and that every later token reads.
    pub kv_per_token: Bytes,
    /// What its runtime holds in memory beside weights and cache.
    pub resident: Bytes,
    /// Floating-point operations per token: about twice the number of weights.
    pub flop_per_token: f64,
    /// Length of a prompt, tokens.
    pub prompt_tokens: u32,
    /// Length of an answer, tokens.
    pub output_tokens: u32,
}

/// What runs at the moment.
#[derive(Debug, Clone, Copy)]
pub enum Load<'a> {
    /// Nothing of ours.
    Idle,
    /// A prompt is read: many tokens at a time, bound by compute.
    Prefill(&'a Candidate),
    /// An answer is written: one token at a time, bound by compute and memory.
    Decode {
        /// Who writes.
        candidate: &'a Candidate,
        /// Tokens of context so far.
        context: u32,
    },
}

impl<'a> Load<'a> {
    /// Whose work it is; none when idle.
    #[must_use]
    pub fn candidate(&self) -> Option<&'a Candidate> {
        match *self {
            Load::Idle => None,
            Load::Prefill(candidate) | Load::Decode { candidate, .. } => Some(candidate),
        }
    }
}

impl Candidate {
    /// Whether this device can run it, and whether its figures make sense.
    pub fn check(&self, profile: &Profile) -> Result<(), PhoneError> {
        let wrong = |problem: String| Err(PhoneError::PlacingCandidate(format!("{} {problem}", self.name)));
        let (kind, word) = match self.accelerator {
            Accelerator::Cpu { .. } => (Kind::Cpu, "cpu"),
            Accelerator::Gpu => (Kind::Gpu, "gpu"),
            Accelerator::Npu => (Kind::Npu, "npu"),
        };
        if !profile.clusters.iter().any(|cluster| cluster.kind == kind) {
            return wrong(format!("needs a {word}, which {} does not have", profile.name));
        }
        if let Accelerator::Cpu { threads } = self.accelerator
            && !(1..=1024).contains(&threads)
        {
            return wrong(format!("asks for {threads} threads, not 1 to 1024"));
        }
        if !(1e3..=1e15).contains(&self.flop_per_token) {
            return wrong(format!("has {} FLOP per token, not 1e3 to 1e15", self.flop_per_token));
        }
        if self.weights.0 > 1 << 42 || self.kv_per_token.0 > 1 << 32 {
            return wrong("has more than 4 TiB of weights or 4 GiB of cache per token".to_owned());
        }
        let tokens = 1..=1_000_000;
        if !tokens.contains(&self.prompt_tokens) || !tokens.contains(&self.output_tokens) {
            return wrong("has a prompt or an answer outside 1 to 1000000 tokens".to_owned());
        }
        Ok(())
    }
}
