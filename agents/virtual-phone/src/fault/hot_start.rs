//! The device comes out of a pocket, a car, or the run before: warmer than the air around it.

use edgesoak_protocol::units::Celsius;

use super::{Amount, Fault, Kind, Setting, Start, Unit};
use crate::error::PhoneError;

pub(super) const KIND: Kind = Kind {
    name: "hot-start",
    title: "The device is warmer than the air when it starts",
    has_moment: false,
    amount: Some(Amount { unit: Unit::Kelvin, least: 0.1, most: 30.0, usual: 12.0 }),
    gate: "start_gate",
    cause: "hot_start",
    plant: |setting| Box::new(HotStart { setting }),
};

#[derive(Debug)]
struct HotStart {
    setting: Setting,
}

impl Fault for HotStart {
    fn prepare(&self, start: &mut Start<'_>) -> Result<(), PhoneError> {
        start.surroundings.start = Celsius(start.surroundings.start.0 + self.setting.amount);
        start.surroundings.check()
    }
}
