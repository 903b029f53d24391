//! The pack is exchanged for a spare one while the device runs, as the hot-swap of a scanner allows.

use edgesoak_protocol::units::Ratio;

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "battery-swap",
    title: "The battery is exchanged for one with another charge",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Percent, least: 5.0, most: 100.0, usual: 98.0 }),
    gate: "burst_tps",
    cause: "battery_swapped",
    plant: |setting| Box::new(BatterySwap { setting, is_done: false }),
};

#[derive(Debug)]
struct BatterySwap {
    setting: Setting,
    is_done: bool,
}

impl Fault for BatterySwap {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if !self.is_done && has_come(now, self.setting.from) {
            hands.engine.body_mut().swap_battery(Ratio(self.setting.amount / 1e2));
            self.is_done = true;
        }
    }
}
