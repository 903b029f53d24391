//! Somebody tells the battery service to say what a test wants to hear: unplugged, discharging, a level that stays.

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};

use super::{Fault, Kind, Now, Setting, has_come};

pub(super) const KIND: Kind = Kind {
    name: "faked-battery",
    title: "The state of the battery is set by hand",
    has_moment: true,
    amount: None,
    gate: "burst_tps",
    cause: "battery_faked",
    plant: |setting| Box::new(FakedBattery { setting, level: None }),
};

#[derive(Debug)]
struct FakedBattery {
    setting: Setting,
    level: Option<RawReading>,
}

impl Fault for FakedBattery {
    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        if !has_come(now, self.setting.from) {
            return truth;
        }
        match channel.quantity {
            Quantity::Override if channel.name.starts_with("battery") => RawReading(Ok(1)),
            Quantity::ChargeLevel => *self.level.get_or_insert(truth),
            Quantity::ChargeStatus => RawReading(Ok(3)),
            Quantity::Plugged => RawReading(Ok(0)),
            _ => truth,
        }
    }
}
