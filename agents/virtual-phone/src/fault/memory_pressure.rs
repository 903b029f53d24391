//! The system is short of memory: pages of the model are dropped, and the runtime waits until they are read again.

use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{ChannelSpec, RawReading};

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};
use crate::body::CONTROL_NS;

pub(super) const KIND: Kind = Kind {
    name: "memory-pressure",
    title: "The runtime waits for pages of its model",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Percent, least: 1.0, most: 90.0, usual: 30.0 }),
    gate: "sustained_tps",
    cause: "sustained_tps",
    plant: |setting| Box::new(MemoryPressure { setting }),
};

/// Pages that are read again in a second of waiting: 100 MB from flash, 128 KiB at a time.
const FAULTS_PER_S: f64 = 800.0;

#[derive(Debug)]
struct MemoryPressure {
    setting: Setting,
}

impl Fault for MemoryPressure {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.setting.from) && hands.engine.is_decoding() {
            let tick = Nanos(CONTROL_NS).as_secs_f64();
            hands.engine.hold(Setting { amount: tick * self.setting.amount / 1e2, ..self.setting }.seconds());
        }
    }

    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        if channel.name != "runtime/major_faults" {
            return truth;
        }
        let waited = now.at.since(self.setting.from).as_secs_f64() * self.setting.amount / 1e2;
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and soaks are short")]
        let more = (waited * FAULTS_PER_S / channel.scale) as i64;
        RawReading(truth.0.map(|raw| raw.saturating_add(more)))
    }
}
