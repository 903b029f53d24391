//! The sampler gets no time: ticks are missing, and the journal says how many.

use super::{Amount, Fault, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "dropped-telemetry",
    title: "No telemetry is taken for a while",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Second, least: 0.1, most: 86_400.0, usual: 20.0 }),
    gate: "data_coverage",
    cause: "gap",
    plant: |setting| Box::new(DroppedTelemetry { setting }),
};

#[derive(Debug)]
struct DroppedTelemetry {
    setting: Setting,
}

impl Fault for DroppedTelemetry {
    fn misses_tick(&mut self, now: Now) -> bool {
        has_come(now, self.setting.from) && now.at.since(self.setting.from) < self.setting.seconds()
    }
}
