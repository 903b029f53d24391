//! The runtime keeps some memory of every token and never gives it back.

use edgesoak_protocol::{ChannelSpec, RawReading};

use super::{Amount, Fault, Kind, Now, Setting, Unit, leaked};

pub(super) const KIND: Kind = Kind {
    name: "leak-per-token",
    title: "The runtime loses memory with every token",
    has_moment: false,
    amount: Some(Amount { unit: Unit::Kibibyte, least: 0.001, most: 65_536.0, usual: 8.0 }),
    gate: "memory_growth",
    cause: "memory_growth",
    plant: |setting| Box::new(LeakPerToken { setting }),
};

#[derive(Debug)]
struct LeakPerToken {
    setting: Setting,
}

impl Fault for LeakPerToken {
    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        leaked(channel, truth, now.tokens as f64 * self.setting.amount)
    }
}
