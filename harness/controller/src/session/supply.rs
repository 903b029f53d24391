//! Whether a device lives from its battery, by its own word.

use edgesoak_protocol::Quantity;
use edgesoak_protocol::probe::{Probe, ProbedChannel};

/// Codes of `Quantity::ChargeStatus`.
const CHARGING: f64 = 2.0;
const DISCHARGING: f64 = 3.0;
const FULL: f64 = 5.0;

/// What feeds a device.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Supply {
    /// Its battery alone.
    Unplugged,
    /// A charger; the channel that says so.
    Plugged(String),
    /// Nobody can tell, and why.
    Unknown(&'static str),
}

impl Supply {
    /// What a probe says.
    pub(super) fn of(probe: &Probe) -> Self {
        let of_kind = |quantity: Quantity| {
            let channels = probe.channels.iter().filter(move |channel| channel.quantity == quantity);
            channels.filter_map(|channel| Some((channel, channel.value?)))
        };
        let says = |(channel, value): (&ProbedChannel, f64)| format!("{} says {value}", channel.name);
        if of_kind(Quantity::Override).any(|(_, value)| value > 0.5) {
            return Supply::Unknown("what the system says of its battery is faked");
        }
        if let Some(plugged) = of_kind(Quantity::Plugged).find(|(_, value)| *value > 0.5) {
            return Supply::Plugged(says(plugged));
        }
        let is = |value: f64, code: f64| (value - code).abs() < 0.5;
        if let Some(charging) =
            of_kind(Quantity::ChargeStatus).find(|(_, value)| is(*value, CHARGING) || is(*value, FULL))
        {
            return Supply::Plugged(says(charging));
        }
        let unplugged = of_kind(Quantity::Plugged).next().is_some();
        if unplugged || of_kind(Quantity::ChargeStatus).any(|(_, value)| is(value, DISCHARGING)) {
            return Supply::Unplugged;
        }
        Supply::Unknown("it has no channel for it that can be read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::made_probe::probe;

    #[test]
    fn a_device_is_unplugged_only_by_its_own_word() {
        use Quantity::{ChargeStatus, Override, Plugged};
        let supply = |values: &[(Quantity, f64)]| {
            let named: Vec<_> =
                values.iter().map(|(quantity, value)| ("usb", *quantity, Some(*value))).collect();
            Supply::of(&probe(&named))
        };
        assert!(matches!(supply(&[]), Supply::Unknown(_)));
        assert_eq!(supply(&[(Plugged, 0.0)]), Supply::Unplugged);
        assert_eq!(supply(&[(ChargeStatus, 3.0)]), Supply::Unplugged);
        assert_eq!(supply(&[(Plugged, 0.0), (Plugged, 1.0)]), Supply::Plugged("usb says 1".to_owned()));
        assert_eq!(supply(&[(Plugged, 0.0), (ChargeStatus, 2.0)]), Supply::Plugged("usb says 2".to_owned()));
        assert!(matches!(supply(&[(ChargeStatus, 5.0)]), Supply::Plugged(_)), "full is plugged");
        assert!(matches!(supply(&[(ChargeStatus, 4.0)]), Supply::Unknown(_)), "not charging may be plugged");
        assert!(matches!(supply(&[(Plugged, 0.0), (Override, 1.0)]), Supply::Unknown(_)));
    }
}
