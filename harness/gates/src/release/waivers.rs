//! Waivers of the policy of a release, with their ends and uses.

use edgesoak_record::policy::Waiver;
use edgesoak_record::release::{WaiverStanding, WaiverState};
use edgesoak_record::units::Nanos;

use super::evidence::Evidence;
use crate::selection::Measured;
use crate::verdict::calendar::Day;
use crate::verdict::waivers::covers;

/// Every waiver, as it stands on the day of the newest run.
pub fn of(evidence: &Evidence<'_>) -> Vec<WaiverState> {
    let newest = evidence.runs.iter().map(|(run, _)| run.opened).max().unwrap_or(Nanos(0));
    evidence.policy.waivers.iter().map(|waiver| state(evidence, waiver, Day::of(newest))).collect()
}

fn state(evidence: &Evidence<'_>, waiver: &Waiver, today: Day) -> WaiverState {
    let excuses = |gate: &&edgesoak_record::GateResult| {
        gate.gate == waiver.gate && gate.waived.as_deref() == Some(&waiver.ticket)
    };
    let is_of = |it: &&Measured<'_>| covers(waiver, waiver.gate, &it.verdict.device, &it.verdict.family);
    let sessions = evidence.measured.iter().filter(is_of);
    let sessions = sessions.filter(|it| it.verdict.gates.iter().any(|gate| excuses(&gate)));
    let uses = evidence
        .history
        .waiver_uses
        .iter()
        .filter(|uses| uses.gate == waiver.gate && uses.ticket == waiver.ticket)
        .map(|uses| uses.runs)
        .max();
    // Uses are counted of waivers that are limited, and one that nobody used has no entry.
    let uses = waiver.max_uses.map(|_| uses.unwrap_or(0));
    let standing = if Day::parse(&waiver.expires).is_none_or(|last| today > last) {
        WaiverStanding::Expired
    } else if waiver.max_uses.zip(uses).is_some_and(|(most, uses)| uses >= most) {
        WaiverStanding::UsedUp
    } else {
        WaiverStanding::Holds
    };
    WaiverState {
        gate: waiver.gate,
        device: waiver.device.clone(),
        family: waiver.family.clone(),
        ticket: waiver.ticket.clone(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        approver: waiver.approver.clone(),
        expires: waiver.expires.clone(),
        uses,
        max_uses: waiver.max_uses,
        excuses: u32::try_from(sessions.count()).unwrap_or(u32::MAX),
        state: standing,
    }
}
