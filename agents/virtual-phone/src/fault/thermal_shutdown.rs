//! Heat wins: the device reaches its last limit and switches itself off in the middle of everything.

use edgesoak_protocol::units::Watts;

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "thermal-shutdown",
    title: "The device switches itself off for heat",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Watt, least: 1.0, most: 100.0, usual: 25.0 }),
    gate: "runtime_alive",
    cause: "thermal_shutdown",
    plant: |setting| Box::new(ThermalShutdown { setting }),
};

#[derive(Debug)]
struct ThermalShutdown {
    setting: Setting,
}

impl Fault for ThermalShutdown {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.setting.from) {
            let body = hands.engine.body_mut();
            body.stop_governing();
            body.add_heater(Watts(self.setting.amount));
        }
    }
}
