//! Whether a device lives from its battery, by its own word.

use crate::channel::Quantity;
use crate::probe::Probe;

/// Codes of `Quantity::ChargeStatus`.
const CHARGING: f64 = 2.0;
const DISCHARGING: f64 = 3.0;
const FULL: f64 = 5.0;

/// What feeds a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supply {
    /// Its battery alone.
    Unplugged,
    /// A charger; the channel that says so.
    Plugged(String),
    /// Nobody can tell, and why.
    Unknown(&'static str),
}

impl Supply {
    /// What readings say: the name of a channel, what it measures, and its last value.
    pub fn of<'a>(readings: impl IntoIterator<Item = (&'a str, Quantity, f64)>) -> Self {
        let (mut supplied, mut on_battery) = (None, false);
        for (name, quantity, value) in readings {
            let is = |code: f64| (value - code).abs() < 0.5;
            let feeds = match quantity {
                Quantity::Override if value > 0.5 && !is_of_heat(name) => {
                    return Self::Unknown("what the system says of its battery is faked");
                }
                Quantity::Plugged => {
                    on_battery = true;
                    value > 0.5
                }
                Quantity::ChargeStatus => {
                    on_battery |= is(DISCHARGING);
                    is(CHARGING) || is(FULL)
                }
                _ => false,
            };
            if feeds {
                supplied.get_or_insert_with(|| [name, " says ", &value.to_string()].concat());
            }
        }
        match supplied {
            Some(says) => Self::Plugged(says),
            None if on_battery => Self::Unplugged,
            None => Self::Unknown("it has no channel for it that can be read"),
        }
    }

    /// What a probe says.
    #[must_use]
    pub fn probed(probe: &Probe) -> Self {
        let named = probe.channels.iter().filter_map(|channel| {
            let value = channel.value?;
            Some((channel.name.as_str(), channel.quantity, value))
        });
        Self::of(named)
    }

    /// Whether readings of this quantity say something about it.
    #[must_use]
    pub fn depends_on(quantity: Quantity) -> bool {
        matches!(quantity, Quantity::Plugged | Quantity::ChargeStatus | Quantity::Override)
    }
}

/// Whether a channel of [`Quantity::Override`] tells of a heat status that was set by hand, which leaves the battery as it
/// is; any other tells of a battery that is faked.
#[must_use]
pub fn is_of_heat(channel: &str) -> bool {
    channel.contains("thermal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_unplugged_only_by_its_own_word() {
        use Quantity::{ChargeLevel, ChargeStatus, Override, Plugged};
        let supply = |values: &[(Quantity, f64)]| {
            Supply::of(values.iter().map(|(quantity, value)| ("usb", *quantity, *value)))
        };
        assert!(matches!(supply(&[]), Supply::Unknown(_)));
        assert!(matches!(supply(&[(ChargeLevel, 0.0)]), Supply::Unknown(_)));
        assert_eq!(supply(&[(Plugged, 0.0)]), Supply::Unplugged);
        assert_eq!(supply(&[(ChargeStatus, 3.0)]), Supply::Unplugged);
        assert_eq!(supply(&[(Plugged, 0.0), (Plugged, 1.0)]), Supply::Plugged("usb says 1".to_owned()));
        assert_eq!(supply(&[(Plugged, 0.0), (ChargeStatus, 2.0)]), Supply::Plugged("usb says 2".to_owned()));
        assert!(matches!(supply(&[(ChargeStatus, 5.0)]), Supply::Plugged(_)), "full is plugged");
        assert!(matches!(supply(&[(ChargeStatus, 4.0)]), Supply::Unknown(_)), "not charging may be plugged");
        assert!(matches!(supply(&[(Plugged, 1.0), (Override, 1.0)]), Supply::Unknown(_)));
    }

    #[test]
    fn a_heat_status_that_somebody_set_fakes_no_battery() {
        let heat = ("thermal/override", Quantity::Override, 1.0);
        assert_eq!(Supply::of([heat, ("usb", Quantity::Plugged, 0.0)]), Supply::Unplugged);
        let battery = ("battery/override", Quantity::Override, 1.0);
        assert!(matches!(Supply::of([battery, ("usb", Quantity::Plugged, 0.0)]), Supply::Unknown(_)));
    }
}
