//! Waivers: named, shown, and at an end one day.

use edgesoak_record::gate::Gate;
use edgesoak_record::policy::Waiver;

use crate::verdict::calendar::Day;

/// What the waivers say about a gate on a device.
pub enum Waived<'a> {
    /// Nothing.
    No,
    /// This one holds.
    Holds(&'a Waiver),
    /// One was granted, and it is over.
    Expired(&'a Waiver),
}

/// Looks a gate up. A waiver that holds outranks one that is over; one without a readable day is over.
#[must_use]
pub fn of<'a>(waivers: &'a [Waiver], gate: Gate, device: &str, family: &str, opened: Day) -> Waived<'a> {
    let mut matching: Vec<&Waiver> =
        waivers.iter().filter(|waiver| covers(waiver, gate, device, family)).collect();
    matching.sort_by(|a, b| (&a.ticket, &a.expires, &a.reason).cmp(&(&b.ticket, &b.expires, &b.reason)));
    let holds = |waiver: &&&Waiver| {
        Day::parse(&waiver.expires).is_some_and(|last| opened <= last) && waiver.max_uses != Some(0)
    };
    match (matching.iter().find(holds), matching.first()) {
        (Some(waiver), _) => Waived::Holds(waiver),
        (None, Some(waiver)) => Waived::Expired(waiver),
        (None, None) => Waived::No,
    }
}

/// A waiver that names neither device nor family would hold everywhere: it covers nothing.
fn covers(waiver: &Waiver, gate: Gate, device: &str, family: &str) -> bool {
    let named = waiver.device.is_some() || waiver.family.is_some();
    named
        && waiver.gate == gate
        && waiver.device.as_ref().is_none_or(|id| *id == device)
        && waiver.family.as_ref().is_none_or(|id| *id == family)
}

/// What the first screen says of a waiver that holds.
#[must_use]
pub fn holding(waiver: &Waiver) -> String {
    let Waiver { ticket, reason, owner, approver, expires, .. } = waiver;
    // Stored runs do not tell how often a waiver was used: whoever reads the verdict has to know.
    let uses = waiver.max_uses.map(|most| format!(", meant for {most} runs, which nobody counts"));
    let uses = uses.unwrap_or_default();
    format!("waived until {expires}{uses} by {approver} ({ticket}, mended by {owner}): {reason}")
}

/// What is said of one that is over.
#[must_use]
pub fn expired(waiver: &Waiver, gate: Gate) -> String {
    format!("The waiver {} for `{gate}` expired on {}", waiver.ticket, waiver.expires)
}
