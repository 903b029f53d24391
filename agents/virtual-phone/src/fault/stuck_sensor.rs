//! The thermal driver answers with the last value that it had: every zone stands still while the device heats.

use std::collections::BTreeMap;

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};

use super::{Fault, Kind, Now, Setting, has_come};

pub(super) const KIND: Kind = Kind {
    name: "stuck-sensor",
    title: "Thermal sensors repeat the same value",
    has_moment: true,
    amount: None,
    gate: "temperature",
    cause: "stuck_sensor",
    plant: |setting| Box::new(StuckSensor { setting, held: BTreeMap::new() }),
};

#[derive(Debug)]
struct StuckSensor {
    setting: Setting,
    held: BTreeMap<String, RawReading>,
}

impl Fault for StuckSensor {
    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        if channel.quantity != Quantity::Temperature || !has_come(now, self.setting.from) {
            return truth;
        }
        *self.held.entry(channel.name.clone()).or_insert(truth)
    }
}
