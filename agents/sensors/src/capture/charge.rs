//! What decides whether a battery's energy may be counted at all.

use super::{Capture, Fact};
pub(super) use crate::parse::charge::*;

/// Where the sign of a current points by its battery's status: a proposal, since a charger may give less than
/// the device draws. Calibration against a falling charge counter decides.
fn sign(milliamperes: f64, status: i64) -> Option<&'static str> {
    match status {
        CHARGING | DISCHARGING if milliamperes.abs() < 1.0 => None,
        CHARGING if milliamperes > 0.0 => Some("positive-charges"),
        CHARGING => Some("negative-charges"),
        DISCHARGING if milliamperes > 0.0 => Some("negative-charges"),
        DISCHARGING => Some("positive-charges"),
        _ => None,
    }
}

/// What decides whether energy from the battery may be counted at all.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct State {
    /// As Android numbers it.
    pub(super) status: Option<i64>,
    /// Whether any supply is attached; `None` when the text does not say.
    pub(super) plugged: Option<bool>,
    /// Whether the text is no evidence: the state was set by hand, or a pack is being swapped.
    pub(super) void: bool,
    /// The current, mA, where it has a value.
    pub(super) current: Option<f64>,
}

impl State {
    /// Notes `charging`, `plugged`, `discharging` and `current_sign`, each only when the text proves it.
    ///
    /// `discharging` is what counting energy needs: nothing attached, current out of the battery, nothing faked.
    pub(super) fn note(self, capture: &mut Capture) {
        if let Some(status) = self.status {
            capture.fact("charging", Fact::Flag(status == CHARGING));
        }
        if let Some(plugged) = self.plugged {
            capture.fact("plugged", Fact::Flag(plugged));
        }
        let contradicted = self.void
            || self.plugged == Some(true)
            || self.status.is_some_and(|status| status != DISCHARGING);
        if contradicted {
            capture.fact("discharging", Fact::Flag(false));
        } else if self.status == Some(DISCHARGING) && self.plugged == Some(false) {
            capture.fact("discharging", Fact::Flag(true));
        }
        if let (Some(status), Some(current), false) = (self.status, self.current, self.void)
            && let Some(sign) = sign(current, status)
        {
            capture.fact("current_sign", Fact::Word(sign.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn energy_needs_proof_of_discharging() {
        let of = |state: State| {
            let mut capture = Capture::default();
            state.note(&mut capture);
            capture.facts().get("discharging").cloned()
        };
        let good = State { status: Some(DISCHARGING), plugged: Some(false), ..State::default() };
        assert_eq!(of(good), Some(Fact::Flag(true)));
        assert_eq!(of(State { void: true, ..good }), Some(Fact::Flag(false)));
        assert_eq!(of(State { plugged: Some(true), ..good }), Some(Fact::Flag(false)));
        assert_eq!(of(State { status: Some(CHARGING), ..good }), Some(Fact::Flag(false)));
        assert_eq!(of(State { plugged: None, ..good }), None);
        assert_eq!(of(State { status: None, ..good }), None);
    }
}
