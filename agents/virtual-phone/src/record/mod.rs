//! Recording: a whole session of the agent as discrete events, ten minutes of a device in milliseconds.
//!
//! What comes out is a journal like any other: the header with its channel table, ticks, prompts, tokens, placement,
//! overhead and the end. The same phone, seed, faults and job give the same bytes on every platform. Beside the
//! journal stands the truth about the soak, from the model's exact rates.
//!
//! A recording follows the phases of a job; it ends early where a limit of the job is reached, where the runtime is
//! killed, and where the device switches itself off: then the journal just stops, as it does on a device. When a soak
//! is extended, which limits end it and which ticks were missed is decided by the agent's own code.

mod asked;
mod ending;
mod frames;
mod inputs;
mod kernel;
mod listener;
mod phases;
mod sampling;
mod services;
mod session;
mod ticks;

pub use inputs::{Boot, GiveBack, Item, Phone, Question, Settings, Verified, Work};

use std::io::Write;

use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::units::Nanos;

use crate::body::Body;
use crate::body::state::Down;
use crate::error::PhoneError;
use crate::fault::{Faults, Start};
use crate::truth::Truth;

/// What became of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The truth about the soak; absent where it did not begin.
    pub truth: Option<Truth>,
    /// Growth of the runtime's memory from 120 s to the end of the soak, MiB per minute, where it lasted that long.
    pub memory_slope: Option<f64>,
    /// Why the agent ended the session; absent where the device switched itself off.
    pub reason: Option<FinishReason>,
    /// Why the device switched itself off.
    pub down: Option<Down>,
    /// True time that the session took.
    pub took: Nanos,
    /// The monotonic clock at the end.
    pub mono: Nanos,
    /// The clock that goes on while the device sleeps, at the end.
    pub boottime: Nanos,
    /// Frames in the journal.
    pub frames: u64,
}

/// Records one session into `out`.
///
/// # Errors
/// If words of a fault cannot be understood, the candidate cannot run on this phone, or `out` cannot be written.
pub fn record(phone: &Phone<'_>, work: &Work<'_>, out: &mut dyn Write) -> Result<Recorded, PhoneError> {
    let faults = Faults::read(phone.faults)?;
    let (mut surroundings, mut candidate) = (phone.surroundings, work.candidate.clone());
    candidate.output_tokens = work.job.workload.output_tokens;
    faults.prepare(&mut Start {
        profile: phone.profile,
        surroundings: &mut surroundings,
        candidate: &mut candidate,
    })?;
    candidate.check(phone.profile)?;
    let body = Body::new(phone.profile, phone.seed, surroundings)?;
    session::run(phone, work, &candidate, (body, faults), out)
}
