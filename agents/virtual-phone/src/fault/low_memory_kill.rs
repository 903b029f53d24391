//! The kernel runs out of memory and kills the largest process, which is the runtime.

use super::{Fault, Hands, Kind, Now, Setting, has_come};

pub(super) const KIND: Kind = Kind {
    name: "low-memory-kill",
    title: "The kernel kills the runtime for memory",
    has_moment: true,
    amount: None,
    gate: "runtime_alive",
    cause: "runtime_died",
    plant: |setting| Box::new(LowMemoryKill { setting }),
};

#[derive(Debug)]
struct LowMemoryKill {
    setting: Setting,
}

impl Fault for LowMemoryKill {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        *hands.kill_runtime |= has_come(now, self.setting.from);
    }
}
