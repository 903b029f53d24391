//! Losses that a waiver excuses, and open questions that a tier accepts by name.

use edgesoak_record::comparison::DeviceComparison;
use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::Outcome;

use crate::regression::comparable;
use crate::regression::request::{Rules, Subject};
use crate::verdict::Day;
use crate::verdict::waivers::{self, Waived};

/// Applies waivers and what the tier accepts. A broken promise of integrity is no loss of speed, and a candidate that was
/// not run has nothing to be excused.
pub fn apply(rules: &Rules, subject: &Subject, device: &mut DeviceComparison) {
    let open = matches!(device.outcome, Outcome::Fail | Outcome::NotProven);
    let ran = !subject.candidate.trials.is_empty();
    if !open || comparable::broken(&subject.candidate).is_some() {
        return;
    }
    if let Some(opened) = rules.opened {
        let found =
            waivers::of(&rules.waivers, Gate::Regression, &device.device, &device.family, Day::of(opened));
        match found {
            Waived::Holds(waiver) if ran => {
                device.accepted = Some(waivers::holding(waiver));
                return;
            }
            Waived::Expired(waiver) => {
                device.sentence =
                    format!("{}. {}", waivers::expired(waiver, Gate::Regression), device.sentence);
                device.outcome = Outcome::Fail;
                device.cause = Some("waiver_expired".to_owned());
                return;
            }
            _ => {}
        }
    }
    if ran && device.outcome == Outcome::NotProven && rules.accepts_not_proven {
        device.accepted = Some(format!("accepted as not proven by tier {}", rules.tier));
    }
}

/// One sentence for the first screen.
#[must_use]
pub fn told(device: &DeviceComparison) -> Option<String> {
    let words = device.accepted.as_ref()?;
    let mark = if device.is_virtual { " (virtual)" } else { "" };
    Some(format!("{}{mark}, {}: `{}` {words}.", device.device, device.route, Gate::Regression))
}
