//! Losses that a waiver excuses, and open questions that a tier accepts by name.

use edgesoak_record::comparison::DeviceComparison;
use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::Outcome;

use crate::regression::comparable;
use crate::regression::request::{Rules, Subject};
use crate::verdict::Day;
use crate::verdict::waivers::{self, Granted, Waived};

/// Applies waivers and what the tier accepts. A broken promise of integrity is no loss of speed, nor are answers that got
/// worse or were not shown, and a candidate that was not run has nothing to be excused.
pub fn apply(rules: &Rules, subject: &Subject, device: &mut DeviceComparison) {
    let open = matches!(device.outcome, Outcome::Fail | Outcome::NotProven);
    let ran = !subject.candidate.trials.is_empty();
    let mut answers = device.changes.iter().filter_map(|change| change.answers.as_ref());
    let answers_open = answers.any(|answers| !matches!(answers.outcome, Outcome::Pass | Outcome::Info));
    if !open || answers_open || comparable::broken(&subject.candidate).is_some() {
        return;
    }
    if let Some(opened) = rules.opened {
        // Comparisons are not stored, so that nothing counts their uses: a matrix refuses a most number of uses here.
        let granted = Granted { waivers: &rules.waivers, uses: &[], opened: Day::of(opened) };
        match granted.of(Gate::Regression, &device.device, &device.family) {
            Waived::Holds(waiver) if ran => {
                device.accepted = Some(granted.holding(waiver));
                return;
            }
            Waived::Expired(waiver) => {
                return refused(device, "waiver_expired", &waivers::expired(waiver, Gate::Regression));
            }
            Waived::UsedUp(waiver) => {
                return refused(device, "waiver_used_up", &waivers::used_up(waiver, Gate::Regression));
            }
            Waived::Holds(_) | Waived::No => {}
        }
    }
    if ran && device.outcome == Outcome::NotProven && rules.accepts_not_proven {
        device.accepted = Some(format!("accepted as not proven by tier {}", rules.tier));
    }
}

fn refused(device: &mut DeviceComparison, cause: &str, why: &str) {
    device.sentence = format!("{why}. {}", device.sentence);
    device.outcome = Outcome::Fail;
    device.cause = Some(cause.to_owned());
}

/// One sentence for the first screen.
#[must_use]
pub fn told(device: &DeviceComparison) -> Option<String> {
    let words = device.accepted.as_ref()?;
    let mark = if device.is_virtual { " (virtual)" } else { "" };
    Some(format!("{}{mark}, {}: `{}` {words}.", device.device, device.route, Gate::Regression))
}
