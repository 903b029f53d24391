//! The runtime cannot use the accelerator that was asked for, says so in its log only, and runs on the processor.

use super::{Fault, Kind, Start};
use crate::error::PhoneError;
use crate::load::Accelerator;

pub(super) const KIND: Kind = Kind {
    name: "cpu-fallback",
    title: "The runtime falls back to the processor without a word",
    has_moment: false,
    amount: None,
    gate: "placement",
    cause: "placement",
    plant: |_| Box::new(CpuFallback),
};

/// Threads that a runtime takes where nobody asked for any.
const THREADS: u32 = 4;

#[derive(Debug)]
struct CpuFallback;

impl Fault for CpuFallback {
    fn prepare(&self, start: &mut Start<'_>) -> Result<(), PhoneError> {
        if matches!(start.candidate.accelerator, Accelerator::Cpu { .. }) {
            let problem =
                format!("{} runs on the processor anyway, and cannot fall back to it", start.candidate.name);
            return Err(PhoneError::PlacingCandidate(problem));
        }
        start.candidate.accelerator = Accelerator::Cpu { threads: THREADS };
        Ok(())
    }
}
