//! Waivers: named, shown, and at an end one day.

use edgesoak_record::gate::Gate;
use edgesoak_record::host_entry::WaiverUses;
use edgesoak_record::policy::Waiver;

use crate::verdict::calendar::Day;

/// What the waivers say about a gate on a device.
pub enum Waived<'a> {
    /// Nothing.
    No,
    /// This one holds.
    Holds(&'a Waiver),
    /// One was granted, and its last day was before the run.
    Expired(&'a Waiver),
    /// One was granted, and earlier runs used it as often as it may be used.
    UsedUp(&'a Waiver),
}

/// The exceptions that were granted, at the opening of a run.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'a> {
    /// As the policy has them.
    pub waivers: &'a [Waiver],
    /// In how many earlier runs each was used.
    pub uses: &'a [WaiverUses],
    /// The day of the run.
    pub opened: Day,
}

impl<'a> Granted<'a> {
    /// Looks a gate up. A waiver that holds outranks one that is over; one without a readable day is over.
    #[must_use]
    pub fn of(&self, gate: Gate, device: &str, family: &str) -> Waived<'a> {
        let mut matching: Vec<&Waiver> =
            self.waivers.iter().filter(|waiver| covers(waiver, gate, device, family)).collect();
        matching.sort_by(|a, b| (&a.ticket, &a.expires, &a.reason).cmp(&(&b.ticket, &b.expires, &b.reason)));
        let in_time = |waiver: &&Waiver| Day::parse(&waiver.expires).is_some_and(|last| self.opened <= last);
        let left = |waiver: &&Waiver| waiver.max_uses.is_none_or(|most| self.used(waiver) < most);
        let find = |fits: &dyn Fn(&&Waiver) -> bool| matching.iter().copied().find(|waiver| fits(waiver));
        if let Some(waiver) = find(&|waiver| in_time(waiver) && left(waiver)) {
            return Waived::Holds(waiver);
        }
        match (find(&in_time), matching.first()) {
            (Some(waiver), _) => Waived::UsedUp(waiver),
            (None, Some(waiver)) => Waived::Expired(waiver),
            (None, None) => Waived::No,
        }
    }

    fn used(&self, waiver: &Waiver) -> u32 {
        let same = |uses: &&WaiverUses| uses.gate == waiver.gate && uses.ticket == waiver.ticket;
        self.uses.iter().filter(same).map(|uses| uses.runs).max().unwrap_or(0)
    }

    /// What the first screen says of a waiver that holds.
    #[must_use]
    pub fn holding(&self, waiver: &Waiver) -> String {
        let Waiver { ticket, reason, owner, approver, expires, .. } = waiver;
        let use_number = |most| format!(", use {} of {most},", self.used(waiver).saturating_add(1));
        let uses = waiver.max_uses.map(use_number).unwrap_or_default();
        format!("waived until {expires}{uses} by {approver} ({ticket}, mended by {owner}): {reason}")
    }
}

/// A waiver that names neither device nor family would hold everywhere: it covers nothing.
pub fn covers(waiver: &Waiver, gate: Gate, device: &str, family: &str) -> bool {
    let named = waiver.device.is_some() || waiver.family.is_some();
    named
        && waiver.gate == gate
        && waiver.device.as_ref().is_none_or(|id| *id == device)
        && waiver.family.as_ref().is_none_or(|id| *id == family)
}

/// What is said of one that is over.
#[must_use]
pub fn expired(waiver: &Waiver, gate: Gate) -> String {
    format!("The waiver {} for `{gate}` expired on {}", waiver.ticket, waiver.expires)
}

/// What is said of one that was used as often as it may be.
#[must_use]
pub fn used_up(waiver: &Waiver, gate: Gate) -> String {
    let most = waiver.max_uses.unwrap_or_default();
    let times = if most == 1 { "run" } else { "runs" };
    format!(
        "The waiver {} for `{gate}` was granted for {most} {times}, and earlier ones used it up",
        waiver.ticket
    )
}
