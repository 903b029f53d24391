//! The runtime stops in the middle of an answer now and then: storage, a lock, a driver that waits.

use edgesoak_protocol::units::Nanos;

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "stalls",
    title: "The runtime stalls once a minute, in the middle of an answer",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Second, least: 0.1, most: 30.0, usual: 3.0 }),
    gate: "stalls",
    cause: "stalls",
    plant: |setting| Box::new(Stalls { setting, next: setting.from }),
};

const EVERY: Nanos = Nanos::from_secs(60);

#[derive(Debug)]
struct Stalls {
    setting: Setting,
    next: Nanos,
}

impl Fault for Stalls {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.next) && hands.engine.is_decoding() {
            hands.engine.hold(self.setting.seconds());
            self.next = Nanos(self.next.0 + EVERY.0);
        }
    }
}
