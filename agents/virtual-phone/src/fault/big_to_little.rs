//! The scheduler moves the runtime from the fast cores to the slow ones, and leaves it there.

use super::{Fault, Hands, Kind, Now, Setting, has_come};

pub(super) const KIND: Kind = Kind {
    name: "big-to-little",
    title: "The scheduler moves the runtime to the slow cores",
    has_moment: true,
    amount: None,
    gate: "sustained_tps",
    cause: "sustained_tps",
    plant: |setting| Box::new(BigToLittle { setting, is_done: false }),
};

#[derive(Debug)]
struct BigToLittle {
    setting: Setting,
    is_done: bool,
}

impl Fault for BigToLittle {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if !self.is_done && has_come(now, self.setting.from) {
            hands.engine.body_mut().demote();
            self.is_done = true;
        }
    }
}
