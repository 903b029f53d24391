//! The thermal driver answers with the number that stands for "no value", for a while.

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Reason, rule};

use super::{Amount, Fault, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "sentinel-burst",
    title: "Thermal sensors show the number that means no value",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Second, least: 0.1, most: 86_400.0, usual: 60.0 }),
    gate: "data_coverage",
    cause: "no_sensor",
    plant: |setting| Box::new(SentinelBurst { setting }),
};

/// What drivers write where they have no value, °C.
const SENTINEL_C: f64 = -274.0;

#[derive(Debug)]
struct SentinelBurst {
    setting: Setting,
}

impl Fault for SentinelBurst {
    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        let acts =
            has_come(now, self.setting.from) && now.at.since(self.setting.from) < self.setting.seconds();
        if !acts || channel.quantity != Quantity::Temperature {
            return truth;
        }
        // What a command printed is read before it is journaled.
        if channel.rule == rule::CAPTURED {
            return RawReading(Err(Reason::Sentinel));
        }
        #[expect(clippy::cast_possible_truncation, reason = "-274 degrees in thousandths at most")]
        let raw = (SENTINEL_C / channel.scale).round() as i64;
        RawReading(Ok(raw))
    }
}
