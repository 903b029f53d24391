//! The governor hangs while something inside heats on: nothing holds the temperature any more.

use edgesoak_protocol::units::Watts;

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "thermal-runaway",
    title: "Governors hang while the chip is heated further",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Watt, least: 0.0, most: 100.0, usual: 8.0 }),
    gate: "runtime_alive",
    cause: "temperature_limit",
    plant: |setting| Box::new(ThermalRunaway { setting }),
};

#[derive(Debug)]
struct ThermalRunaway {
    setting: Setting,
}

impl Fault for ThermalRunaway {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.setting.from) {
            let body = hands.engine.body_mut();
            body.stop_governing();
            body.add_heater(Watts(self.setting.amount));
        }
    }
}
