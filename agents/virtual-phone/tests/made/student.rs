//! The made-up model of tests and examples.

use edgesoak_protocol::units::Bytes;
use edgesoak_virtual_phone::{Accelerator, Candidate};

/// A small model on four threads: prompts of 180 tokens, answers of 128.
pub fn student() -> Candidate {
    Candidate {
        name: "student-360m-q4".to_owned(),
        accelerator: Accelerator::Cpu { threads: 4 },
        weights: Bytes(230_000_000),
        kv_per_token: Bytes(40_000),
        resident: Bytes(60_000_000),
        flop_per_token: 7.2e8,
        prompt_tokens: 180,
        output_tokens: 128,
    }
}
