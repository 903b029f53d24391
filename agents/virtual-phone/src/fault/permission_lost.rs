//! A change of policy takes the thermal zones away from the agent while it runs.

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Reason};

use super::{Fault, Kind, Now, Setting, has_come};

pub(super) const KIND: Kind = Kind {
    name: "permission-lost",
    title: "The system refuses to show temperatures from a moment on",
    has_moment: true,
    amount: None,
    gate: "data_coverage",
    cause: "no_sensor",
    plant: |setting| Box::new(PermissionLost { setting }),
};

#[derive(Debug)]
struct PermissionLost {
    setting: Setting,
}

impl Fault for PermissionLost {
    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        let is_lost = channel.quantity == Quantity::Temperature && has_come(now, self.setting.from);
        if is_lost { RawReading(Err(Reason::Denied)) } else { truth }
    }
}
