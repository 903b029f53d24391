//! How full a device's battery is, by its own word, and whether a session may start with it.

use edgesoak_protocol::Quantity;
use edgesoak_protocol::probe::Probe;
use edgesoak_protocol::supply::is_of_heat;
use edgesoak_record::plan::ChargeWindow;

/// How full the batteries of a device are, per cent: with two of them, neither may be outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Charge {
    pub(super) lowest: f64,
    highest: f64,
}

/// Where a charge lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    Within,
    Above,
}

impl Charge {
    /// What a probe says; why it says nothing.
    pub(super) fn of(probe: &Probe) -> Result<Self, &'static str> {
        let of_kind = |quantity: Quantity| {
            let channels = probe.channels.iter().filter(move |channel| channel.quantity == quantity);
            channels.filter_map(|channel| channel.value)
        };
        let faked = probe.channels.iter().any(|channel| {
            channel.quantity == Quantity::Override
                && !is_of_heat(&channel.name)
                && channel.value.is_some_and(|value| value > 0.5)
        });
        if faked {
            return Err("what the system says of its battery is faked");
        }
        let levels = of_kind(Quantity::ChargeLevel).filter(|level| (0.0..=100.0).contains(level));
        let charge = levels.fold(None, |found: Option<Self>, level| {
            let (lowest, highest) = found.map_or((level, level), |found| (found.lowest, found.highest));
            Some(Self { lowest: lowest.min(level), highest: highest.max(level) })
        });
        charge.ok_or("it has no channel for it that can be read")
    }

    /// Where it lies; a battery that is too empty comes first.
    pub(super) fn side(self, window: ChargeWindow) -> Side {
        match self {
            Self { lowest, .. } if lowest < window.low => Side::Below,
            Self { highest, .. } if highest > window.high => Side::Above,
            _ => Side::Within,
        }
    }

    /// In words.
    pub(super) fn words(self) -> String {
        if self.lowest < self.highest {
            return format!("its batteries are at {:.0} and {:.0} %", self.lowest, self.highest);
        }
        format!("its battery is at {:.0} %", self.lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::made_probe::probe;

    fn of(levels: &[f64]) -> Result<Charge, &'static str> {
        let channels: Vec<_> =
            levels.iter().map(|level| ("battery/level", Quantity::ChargeLevel, Some(*level))).collect();
        Charge::of(&probe(&channels))
    }

    #[test]
    fn both_ends_of_the_window_lie_within_it() {
        let window = ChargeWindow { low: 50.0, high: 90.0 };
        let side = |levels: &[f64]| of(levels).map(|charge| charge.side(window));
        for (level, expected) in [
            (49.0, Side::Below),
            (50.0, Side::Within),
            (90.0, Side::Within),
            (91.0, Side::Above),
            (0.0, Side::Below),
            (100.0, Side::Above),
        ] {
            assert_eq!(side(&[level]), Ok(expected), "{level}");
        }
        assert_eq!(side(&[95.0, 40.0]), Ok(Side::Below), "the empty one of two");
        assert_eq!(side(&[60.0, 95.0]), Ok(Side::Above));
    }

    #[test]
    fn no_charge_is_made_up() {
        assert!(of(&[]).is_err());
        assert!(of(&[f64::NAN]).is_err());
        assert!(of(&[-1.0]).is_err() && of(&[255.0]).is_err(), "what gauges say that know nothing");
        let channels =
            [("battery/level", Quantity::ChargeLevel, Some(80.0)), ("faked", Quantity::Override, Some(1.0))];
        assert!(Charge::of(&probe(&channels)).is_err());
        let heat = ("thermal/override", Quantity::Override, Some(1.0));
        assert!(Charge::of(&probe(&[channels[0], heat])).is_ok(), "it is the heat that is faked");
    }

    #[test]
    fn two_batteries_are_told_apart() {
        assert_eq!(of(&[70.0]).map(Charge::words), Ok("its battery is at 70 %".to_owned()));
        assert_eq!(of(&[70.0, 30.0]).map(Charge::words), Ok("its batteries are at 30 and 70 %".to_owned()));
    }
}
