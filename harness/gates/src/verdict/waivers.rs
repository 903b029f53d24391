//! Waivers: named, shown, and at an end one day.

use edgesoak_record::gate::Gate;
use edgesoak_record::plan::Device;
use edgesoak_record::policy::{Policy, Waiver};

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
pub fn of<'a>(policy: &'a Policy, gate: Gate, device: &Device, opened: Day) -> Waived<'a> {
    let mut matching: Vec<&Waiver> =
        policy.waivers.iter().filter(|waiver| covers(waiver, gate, device)).collect();
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
fn covers(waiver: &Waiver, gate: Gate, device: &Device) -> bool {
    let named = waiver.device.is_some() || waiver.family.is_some();
    named
        && waiver.gate == gate
        && waiver.device.as_ref().is_none_or(|id| *id == device.id)
        && waiver.family.as_ref().is_none_or(|id| *id == device.family)
}
