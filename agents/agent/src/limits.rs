//! The limits that end a session at once, also when nobody is attached.

use std::sync::Arc;

use edgesoak_protocol::job::StopAt;
use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};

use crate::alarm::{Alarm, End};
use crate::supplies::Supplies;
use crate::temperatures::Temperatures;

/// What every tick passes by, whichever thread took it.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    pub(crate) limits: StopAt,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) temperatures: Arc<Temperatures>,
    pub(crate) supplies: Arc<Supplies>,
}

impl Guard {
    /// Takes in one group's tick, and raises the alarm if it breaks a limit.
    pub(crate) fn see(&self, t_ns: u64, channels: &[ChannelSpec], values: &[RawReading]) {
        self.temperatures.add(t_ns, channels, values);
        self.supplies.add(channels, values);
        if let Some(end) = broken(&self.limits, channels, values) {
            self.alarm.raise(end.reason, end.detail);
        }
    }
}

/// The first limit that these readings break. `channels` and `values` are one group's, in the same order.
///
/// A reading with a reason instead of a value breaks nothing: whether an unreadable sensor may run at all was
/// decided before the session began.
#[must_use]
pub fn broken(limits: &StopAt, channels: &[ChannelSpec], values: &[RawReading]) -> Option<End> {
    channels.iter().zip(values).find_map(|(channel, raw)| {
        let value = channel.value(raw.0).ok()?;
        match channel.quantity {
            Quantity::Temperature => {
                let limit = limits.temperature_celsius.filter(|limit| value >= *limit)?;
                let detail = format!("{} reads {value:.1} °C, the limit is {limit:.1} °C", channel.name);
                Some(End::new(FinishReason::TemperatureLimit, detail))
            }
            Quantity::ChargeLevel => {
                let limit = limits.battery_percent.filter(|limit| value <= *limit)?;
                let detail = format!("{} reads {value:.0} %, the limit is {limit:.0} %", channel.name);
                Some(End::new(FinishReason::BatteryLimit, detail))
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::{Reason, Unit};

    use super::*;

    fn channel(name: &str, quantity: Quantity, unit: Unit, scale: f64) -> ChannelSpec {
        let (name, source) = (name.to_owned(), String::new());
        ChannelSpec { name, quantity, unit, scale, rule: 1, group: 0, source, missing: None }
    }

    fn channels() -> [ChannelSpec; 3] {
        [
            channel("load", Quantity::Load, Unit::One, 1.0),
            channel("skin", Quantity::Temperature, Unit::Celsius, 0.001),
            channel("battery", Quantity::ChargeLevel, Unit::Percent, 1.0),
        ]
    }

    fn judged(load: i64, skin: Result<i64, Reason>, battery: i64) -> Option<End> {
        let limits = StopAt { temperature_celsius: Some(45.0), battery_percent: Some(20.0) };
        broken(&limits, &channels(), &[RawReading(Ok(load)), RawReading(skin), RawReading(Ok(battery))])
    }

    #[test]
    fn a_limit_counts_when_it_is_reached_exactly() {
        assert_eq!(judged(99, Ok(44_999), 21), None);
        let hot = judged(0, Ok(45_000), 80).expect("at the limit");
        assert_eq!(hot.reason, FinishReason::TemperatureLimit);
        assert_eq!(hot.detail, "skin reads 45.0 °C, the limit is 45.0 °C");
        assert_eq!(judged(0, Ok(20_000), 20).map(|end| end.reason), Some(FinishReason::BatteryLimit));
    }

    #[test]
    fn no_value_and_no_limit_break_nothing() {
        assert_eq!(judged(0, Err(Reason::Sentinel), 21), None);
        let hot = [RawReading(Ok(0)), RawReading(Ok(99_000)), RawReading(Ok(1))];
        assert_eq!(broken(&StopAt::default(), &channels(), &hot), None);
    }
}
