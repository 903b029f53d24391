//! The limits of a job, at every tick.

use edgesoak_protocol::job::StopAt;
use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};

/// The channels of one group that a limit looks at.
#[derive(Debug)]
pub(super) struct Limits {
    /// Place in the tick, and the limit.
    watched: Vec<(usize, f64)>,
}

impl Limits {
    pub(super) fn new(stop_at: &StopAt, specs: &[ChannelSpec]) -> Self {
        let limit_of = |spec: &ChannelSpec| match spec.quantity {
            Quantity::Temperature => stop_at.temperature_celsius,
            Quantity::ChargeLevel => stop_at.battery_percent,
            _ => None,
        };
        let watched = specs.iter().enumerate().filter_map(|(place, spec)| Some((place, limit_of(spec)?)));
        Self { watched: watched.collect() }
    }

    /// The first limit that a tick reaches.
    pub(super) fn reached(
        &self,
        specs: &[ChannelSpec],
        values: &[RawReading],
    ) -> Option<(FinishReason, String)> {
        self.watched.iter().find_map(|&(place, limit)| {
            let (spec, value) = (&specs[place], specs[place].value(values[place].0).ok()?);
            let (name, unit) = (&spec.name, spec.unit.symbol());
            let (is_reached, reason) = if spec.quantity == Quantity::Temperature {
                (value >= limit, FinishReason::TemperatureLimit)
            } else {
                (value <= limit, FinishReason::BatteryLimit)
            };
            is_reached.then(|| (reason, format!("{name} reads {value:.1} {unit}, the limit is {limit:.1} {unit}")))
        })
    }
}
