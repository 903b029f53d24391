//! The device sleeps for a while: nothing runs, it cools down, and its monotonic clock does not notice.

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};
use crate::load::Load;

pub(super) const KIND: Kind = Kind {
    name: "suspend",
    title: "The device sleeps for a while",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Second, least: 0.1, most: 86_400.0, usual: 60.0 }),
    gate: "clocks",
    cause: "suspended",
    plant: |setting| Box::new(Suspend { setting, is_done: false }),
};

#[derive(Debug)]
struct Suspend {
    setting: Setting,
    is_done: bool,
}

impl Fault for Suspend {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if !self.is_done && has_come(now, self.setting.from) {
            let span = self.setting.seconds();
            hands.engine.body_mut().advance(span, &Load::Idle);
            hands.clocks.slept.0 += span.0;
            self.is_done = true;
        }
    }
}
