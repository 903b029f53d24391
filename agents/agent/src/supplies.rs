//! What feeds the device, by the last reading of every channel that says so: filled by every tick, read by whoever
//! waits for an end of charging.

use std::sync::{Mutex, PoisonError};

use edgesoak_protocol::supply::Supply;
use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};

/// Bounds the memory of a device with dozens of supplies; nobody has as many plugs.
const MAX_CHANNELS: usize = 64;

/// The channels with their last values, absent where the last reading had none.
#[derive(Debug)]
pub(crate) struct Supplies {
    channels: Mutex<Vec<Last>>,
}

#[derive(Debug)]
struct Last {
    name: String,
    quantity: Quantity,
    value: Option<f64>,
}

impl Supplies {
    /// Follows every channel that can be read and says something about it.
    pub(crate) fn of(specs: &[ChannelSpec]) -> Self {
        let channels = specs
            .iter()
            .filter(|spec| spec.missing.is_none() && Supply::depends_on(spec.quantity))
            .take(MAX_CHANNELS)
            .map(|spec| Last { name: spec.name.clone(), quantity: spec.quantity, value: None })
            .collect();
        Self { channels: Mutex::new(channels) }
    }

    /// Takes in one group's tick.
    pub(crate) fn add(&self, specs: &[ChannelSpec], values: &[RawReading]) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        for (spec, raw) in specs.iter().zip(values) {
            if !Supply::depends_on(spec.quantity) {
                continue;
            }
            if let Some(last) = channels.iter_mut().find(|last| last.name == spec.name) {
                last.value = spec.value(raw.0).ok();
            }
        }
    }

    /// What feeds it now.
    pub(crate) fn now(&self) -> Supply {
        let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        Supply::of(channels.iter().filter_map(|last| Some((last.name.as_str(), last.quantity, last.value?))))
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::{Reason, Unit};

    use super::*;

    fn channel(name: &str, quantity: Quantity) -> ChannelSpec {
        let (name, source) = (name.to_owned(), String::new());
        ChannelSpec { name, quantity, unit: Unit::One, scale: 1.0, rule: 1, group: 0, source, missing: None }
    }

    #[test]
    fn the_last_word_of_each_channel_counts() {
        let specs = [
            channel("load", Quantity::Load),
            channel("usb", Quantity::Plugged),
            channel("dock", Quantity::Plugged),
        ];
        let supplies = Supplies::of(&specs);
        assert!(matches!(supplies.now(), Supply::Unknown(_)), "nothing was read yet");
        let tick = |usb, dock| supplies.add(&specs, &[Ok(1), usb, dock].map(RawReading));
        tick(Ok(1), Ok(0));
        assert_eq!(supplies.now(), Supply::Plugged("usb says 1".to_owned()));
        // A group of its own ticks at times of its own.
        supplies.add(&specs[1..2], &[RawReading(Ok(0))]);
        assert_eq!(supplies.now(), Supply::Unplugged);
        tick(Err(Reason::Denied), Err(Reason::Denied));
        assert!(matches!(supplies.now(), Supply::Unknown(_)), "what is not read says nothing");
    }
}
