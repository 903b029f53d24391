//! Somebody plugs a charger in. It carries the load, warms the board, and makes the battery's gauge blind.

use edgesoak_protocol::units::Watts;

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};
use crate::body::surroundings::Charger as Supply;

pub(super) const KIND: Kind = Kind {
    name: "charger",
    title: "A charger is plugged in",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Watt, least: 1.0, most: 100.0, usual: 15.0 }),
    gate: "start_gate",
    cause: "charging",
    plant: |setting| Box::new(Charger { setting }),
};

#[derive(Debug)]
struct Charger {
    setting: Setting,
}

impl Fault for Charger {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.setting.from) {
            let supply = Supply { most: Watts(self.setting.amount) };
            hands.engine.body_mut().plug(Some(supply)).expect("the catalogue allows 1 to 100 W");
        }
    }
}
