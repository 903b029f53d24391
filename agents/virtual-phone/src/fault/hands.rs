//! What a fault may touch.

use edgesoak_protocol::units::Nanos;

use crate::body::surroundings::Surroundings;
use crate::engine::Engine;
use crate::load::Candidate;
use crate::profile::Profile;

/// What a soak starts from.
#[derive(Debug)]
pub struct Start<'a> {
    /// The kind of device.
    pub profile: &'a Profile,
    /// Air, temperature, charge.
    pub surroundings: &'a mut Surroundings,
    /// What runs, and where.
    pub candidate: &'a mut Candidate,
}

/// How far a soak is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// True time since its first prompt was submitted.
    pub at: Nanos,
    /// Tokens that are out.
    pub tokens: u64,
    /// Prompts that are answered.
    pub prompts: u32,
}

/// What the clocks of a device say beside the true time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clocks {
    /// The monotonic clock runs ahead of the time that the device was awake, ns.
    pub ahead_ns: i64,
    /// Time that the device slept, in which the monotonic clock stands.
    pub slept: Nanos,
}

/// What a fault may touch while a soak runs.
#[derive(Debug)]
pub struct Hands<'a, 'c> {
    /// The runtime with the body that it runs on.
    pub engine: &'a mut Engine<'c>,
    /// The device's clocks.
    pub clocks: &'a mut Clocks,
    /// Set to have the kernel kill the runtime for memory now.
    pub kill_runtime: &'a mut bool,
}
