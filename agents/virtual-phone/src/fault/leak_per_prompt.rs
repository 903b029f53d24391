//! The runtime keeps some memory of every prompt and never gives it back.

use edgesoak_protocol::{ChannelSpec, RawReading};

use super::{Amount, Fault, Kind, Now, Setting, Unit, leaked};

pub(super) const KIND: Kind = Kind {
    name: "leak-per-prompt",
    title: "The runtime loses memory with every prompt",
    has_moment: false,
    amount: Some(Amount { unit: Unit::Kibibyte, least: 0.001, most: 65_536.0, usual: 1_024.0 }),
    gate: "memory_growth",
    cause: "memory_growth",
    plant: |setting| Box::new(LeakPerPrompt { setting }),
};

#[derive(Debug)]
struct LeakPerPrompt {
    setting: Setting,
}

impl Fault for LeakPerPrompt {
    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        leaked(channel, truth, f64::from(now.prompts) * self.setting.amount)
    }
}
