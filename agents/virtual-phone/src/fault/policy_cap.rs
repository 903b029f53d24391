//! A power saver, an administrator or a vendor's service caps the clocks, with no heat and no cooling device at work.

use edgesoak_protocol::units::Ratio;

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "policy-cap",
    title: "A policy caps the clocks, without any heat",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Percent, least: 5.0, most: 99.0, usual: 50.0 }),
    gate: "sustained_tps",
    cause: "sustained_tps",
    plant: |setting| Box::new(PolicyCap { setting }),
};

#[derive(Debug)]
struct PolicyCap {
    setting: Setting,
}

impl Fault for PolicyCap {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.setting.from) {
            hands.engine.body_mut().limit_clocks(Ratio(self.setting.amount / 1e2));
        }
    }
}
