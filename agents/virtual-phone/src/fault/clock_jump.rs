//! The monotonic clock jumps, as it does where a driver loses its counter. A negative amount jumps back.

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "clock-jump",
    title: "The monotonic clock jumps",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Second, least: -3_600.0, most: 3_600.0, usual: 5.0 }),
    gate: "clocks",
    cause: "clock_jump",
    plant: |setting| Box::new(ClockJump { setting, is_done: false }),
};

#[derive(Debug)]
struct ClockJump {
    setting: Setting,
    is_done: bool,
}

impl Fault for ClockJump {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if !self.is_done && has_come(now, self.setting.from) {
            let span = self.setting.seconds().0.cast_signed();
            hands.clocks.ahead_ns += if self.setting.amount < 0.0 { -span } else { span };
            self.is_done = true;
        }
    }
}
