//! Faults: what can go wrong with a device in the field or in the lab, on demand and at a known moment.
//!
//! Each fault is one file and one line in [`CATALOGUE`]. It acts at the seams of a recording: on what a soak starts
//! from, on the body between two control ticks, on prompts before they are read, on readings, and on frames before
//! they are journaled. Faults know nothing of each other and compose. Each names the gate that must find it out, by
//! the gate's own word, and the cause that the gate must give.

mod background_load;
mod battery_swap;
mod big_to_little;
mod charger;
mod clock_jump;
mod context_creep;
mod cpu_fallback;
mod dropped_telemetry;
mod faked_battery;
mod fast_but_wrong;
mod hands;
mod hot_start;
mod leak_per_prompt;
mod leak_per_token;
mod low_memory_kill;
mod lying_runtime;
mod memory_pressure;
mod permission_lost;
mod planted;
mod policy_cap;
mod prompt_mix;
mod sentinel_burst;
mod stalls;
mod stuck_sensor;
mod suspend;
mod thermal_runaway;
mod thermal_shutdown;
mod words;

use std::fmt::Debug;

use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{ChannelSpec, RawReading};

use crate::error::PhoneError;

pub use hands::{Clocks, Hands, Now, Start};
pub use planted::Faults;
pub use words::{Amount, Setting, Unit};

/// Something that goes wrong. What a fault does not touch stays as it is.
pub trait Fault: Debug + Send {
    /// Changes what a soak starts from.
    fn prepare(&self, _start: &mut Start<'_>) -> Result<(), PhoneError> {
        Ok(())
    }

    /// Acts on the device; called at every control tick of the soak.
    fn act(&mut self, _now: Now, _hands: &mut Hands<'_, '_>) {}

    /// Length of the prompt that is about to be submitted, tokens; `planned` is what it would be.
    fn prompt_tokens(&mut self, _now: Now, planned: u32) -> u32 {
        planned
    }

    /// What a channel shows instead of the truth.
    fn shown(&mut self, _now: Now, _channel: &ChannelSpec, truth: RawReading) -> RawReading {
        truth
    }

    /// Whether a tick is not taken at all.
    fn misses_tick(&mut self, _now: Now) -> bool {
        false
    }

    /// What is answered instead.
    fn answer(&self, right: String) -> String {
        right
    }

    /// Changes a frame before it is journaled.
    fn journaled(&mut self, _now: Now, _frame: &mut Frame) {}
}

/// A kind of fault.
#[derive(Debug)]
pub struct Kind {
    /// Its word, as in `charger@120s:15W`.
    pub name: &'static str,
    /// What happens, as a sentence.
    pub title: &'static str,
    /// Whether it has a moment; else it holds from the start.
    pub has_moment: bool,
    /// The number behind the colon, if it takes one.
    pub amount: Option<Amount>,
    /// Word of the gate that must name it.
    pub gate: &'static str,
    /// The cause that this gate gives; for a failed bar the gate's own word.
    pub cause: &'static str,
    /// Plants it.
    pub plant: fn(Setting) -> Box<dyn Fault>,
}

/// Every fault, by name.
pub const CATALOGUE: &[&Kind] = &[
    &background_load::KIND,
    &battery_swap::KIND,
    &big_to_little::KIND,
    &charger::KIND,
    &clock_jump::KIND,
    &context_creep::KIND,
    &cpu_fallback::KIND,
    &dropped_telemetry::KIND,
    &faked_battery::KIND,
    &fast_but_wrong::KIND,
    &hot_start::KIND,
    &leak_per_prompt::KIND,
    &leak_per_token::KIND,
    &low_memory_kill::KIND,
    &lying_runtime::KIND,
    &memory_pressure::KIND,
    &permission_lost::KIND,
    &policy_cap::KIND,
    &prompt_mix::KIND,
    &sentinel_burst::KIND,
    &stalls::KIND,
    &stuck_sensor::KIND,
    &suspend::KIND,
    &thermal_runaway::KIND,
    &thermal_shutdown::KIND,
];

/// Whether a moment has come.
const fn has_come(now: Now, from: Nanos) -> bool {
    now.at.0 >= from.0
}

/// The runtime's anonymous memory with this much more in it, KiB.
fn leaked(channel: &ChannelSpec, truth: RawReading, kibibytes: f64) -> RawReading {
    if channel.name != "runtime/rss_anon" {
        return truth;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and soaks are short")]
    let more = (kibibytes * 1024.0 / channel.scale) as i64;
    RawReading(truth.0.map(|raw| raw.saturating_add(more)))
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
