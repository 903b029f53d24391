//! A plan that has to fit into a time: what is left out first, and what must stay.
//!
//! Left out, until the rest is expected to fit: repetitions beyond the fewest that decide; then rest and burst after the
//! soak, where nobody owes evidence of grade A; then devices that are not required. The length of a soak is never cut.

use std::collections::BTreeSet;

use edgesoak_record::not_run::{Cut, LeftOut, NotRun};
use edgesoak_record::{Gate, PlannedSession, Policy};

use crate::plan::duration;

/// What a plan has to fit into, and what it must hold all the same.
pub(super) struct Needs {
    pub budget_s: Option<f64>,
    /// Repetitions with which a decision can fall.
    pub fewest_runs: u32,
    /// Families that must be shown; where none is named, one unit of each must.
    pub families: Vec<String>,
    /// Units that each of the named ones needs.
    pub units: u32,
    /// Families that owe evidence of grade A, which rests on what a rest brings back.
    pub owing_probes: Vec<String>,
}

/// What is kept of a plan that is too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub runs: u32,
    /// Devices without rest and burst after their soaks.
    pub without_probe: BTreeSet<String>,
    /// Devices that are not run.
    pub without: BTreeSet<String>,
}

/// Even the least takes longer than there is.
#[derive(Debug, PartialEq)]
pub(super) struct TooLong {
    pub least_s: f64,
    /// Devices that it is about.
    pub devices: Vec<String>,
}

/// What of these sessions fits; `None` where all of them do.
pub(super) fn fit(sessions: &[PlannedSession], needs: &Needs) -> Result<Option<Kept>, TooLong> {
    let Some(budget_s) = needs.budget_s else { return Ok(None) };
    let most = sessions.iter().map(|session| session.repeat).max().unwrap_or(0);
    let mut kept = Kept::all(most);
    let fits = |kept: &Kept| duration::expected_s(&kept.of(sessions)) <= budget_s;
    if fits(&kept) {
        return Ok(None);
    }
    while kept.runs > needs.fewest_runs.clamp(1, most.max(1)) {
        kept.runs -= 1;
        if fits(&kept) {
            return Ok(Some(kept));
        }
    }
    let probed = sessions.iter().filter(|session| can_miss_probe(session, needs));
    kept.without_probe = probed.map(|session| session.device.id.clone()).collect();
    if fits(&kept) {
        return Ok(Some(kept));
    }
    let required = required(sessions, needs);
    for id in droppable(sessions, &required) {
        if duration::lane_of(&kept.of(sessions), &id).is_some_and(|lane_s| lane_s > budget_s) {
            kept.without.insert(id);
        }
    }
    let left = kept.of(sessions);
    let is_hardware = |session: &PlannedSession| !session.device.is_virtual;
    let holds = !left.is_empty() && (left.iter().any(is_hardware) || !sessions.iter().any(is_hardware));
    if holds && fits(&kept) {
        kept.without_probe.retain(|id| !kept.without.contains(id));
        return Ok(Some(kept));
    }
    Err(too_long(sessions, kept, &required))
}

/// What is told of it: the least that would be a run at all.
fn too_long(sessions: &[PlannedSession], mut kept: Kept, required: &BTreeSet<String>) -> TooLong {
    kept.without.clear();
    let mut least = kept.of(sessions);
    if !required.is_empty() {
        least.retain(|session| required.contains(&session.device.id));
    }
    let devices: BTreeSet<String> = least.iter().map(|session| session.device.id.clone()).collect();
    TooLong { least_s: duration::expected_s(&least), devices: devices.into_iter().collect() }
}

impl Kept {
    /// Everything, with so many repetitions.
    pub fn all(runs: u32) -> Self {
        Self { runs, without_probe: BTreeSet::new(), without: BTreeSet::new() }
    }

    /// The sessions as they would be.
    fn of(&self, sessions: &[PlannedSession]) -> Vec<PlannedSession> {
        let stays = |session: &&PlannedSession| {
            session.repeat <= self.runs && !self.without.contains(&session.device.id)
        };
        let mut kept: Vec<PlannedSession> = sessions.iter().filter(stays).cloned().collect();
        for session in kept.iter_mut().filter(|session| self.without_probe.contains(&session.device.id)) {
            session.workload.recovery_probe = None;
        }
        kept
    }

    /// What is told of what is left out. `whole` are the sessions before, `policy` that of the plan.
    pub fn told(&self, whole: &[PlannedSession], policy: &Policy) -> Vec<NotRun> {
        let mut told = Vec::new();
        let most = whole.iter().map(|session| session.repeat).max().unwrap_or(0);
        if self.runs < most {
            told.push(self.repetitions(whole, most, policy));
        }
        if !self.without_probe.is_empty() {
            told.push(self.probes());
        }
        told.extend(self.without.iter().map(|id| self.device(id, whole, policy)));
        told
    }

    fn repetitions(&self, whole: &[PlannedSession], most: u32, policy: &Policy) -> NotRun {
        let fewer = whole.iter().filter(|session| session.repeat > self.runs);
        let devices: BTreeSet<String> =
            fewer.map(|session| session.device.id.clone()).filter(|id| !self.without.contains(id)).collect();
        let gates: Vec<Gate> =
            Gate::LATENCIES.iter().copied().filter(|gate| policy.blocking.contains(gate)).collect();
        let named: Vec<String> = gates.iter().map(|gate| format!("`{gate}`")).collect();
        let named = if named.is_empty() { String::new() } else { format!(" ({})", named.join(", ")) };
        let times = if self.runs == 1 { "once".to_owned() } else { format!("{} times", self.runs) };
        let sentence = format!(
            "Every session is run {times} instead of {most} times: percentiles{named} rest on fewer prompts, and a \
             comparison on fewer runs."
        );
        not_run(LeftOut::Repetitions, devices.into_iter().collect(), gates, sentence)
    }

    fn probes(&self) -> NotRun {
        let devices: Vec<String> = self.without_probe.iter().cloned().collect();
        let sentence = format!(
            "No rest and burst after the soak on {}: whether a rest brings the speed back stays unproven, and evidence \
             of heat reaches grade B at most.",
            devices.join(", ")
        );
        not_run(LeftOut::RecoveryProbe, devices, Vec::new(), sentence)
    }

    fn device(&self, id: &str, whole: &[PlannedSession], policy: &Policy) -> NotRun {
        let of_plan = whole.iter().find(|session| session.device.id == id);
        let family = of_plan.map(|session| session.device.family.clone()).unwrap_or_default();
        let mark = if of_plan.is_some_and(|session| session.device.is_virtual) { " (virtual)" } else { "" };
        let stays = |session: &PlannedSession| {
            session.device.family == family && !self.without.contains(&session.device.id)
        };
        let gone = !whole.iter().any(stays);
        let of_family =
            if gone { format!(", and no other of family {family} either") } else { String::new() };
        let sentence = format!("Device {id}{mark} is not run{of_family}: nothing is shown of it.");
        let mut told = not_run(LeftOut::Device, vec![id.to_owned()], policy.blocking.clone(), sentence);
        told.families.extend(gone.then_some(family));
        told
    }

    /// The cut of a plan that took `whole_s`.
    pub fn cut(&self, budget_s: f64, whole: &[PlannedSession], policy: &Policy) -> Cut {
        Cut { budget_s, whole_s: duration::expected_s(whole), not_run: self.told(whole, policy) }
    }
}

fn not_run(what: LeftOut, devices: Vec<String>, gates: Vec<Gate>, sentence: String) -> NotRun {
    NotRun { what, cause: "budget".to_owned(), devices, families: Vec::new(), gates, sentence }
}

/// It has a probe that costs time, and owes no evidence that needs one.
fn can_miss_probe(session: &PlannedSession, needs: &Needs) -> bool {
    session.workload.recovery_probe.is_some()
        && !duration::is_simulated(session)
        && !needs.owing_probes.contains(&session.device.family)
}

/// Devices that must be run: of each family that must be shown as many units as it needs, in the order of the plan.
/// Where hardware is planned, nothing simulated is required.
fn required(sessions: &[PlannedSession], needs: &Needs) -> BTreeSet<String> {
    let any_hardware = sessions.iter().any(|session| !session.device.is_virtual);
    let mut required: Vec<(&str, &str)> = Vec::new();
    for device in sessions.iter().map(|session| &session.device) {
        let of_family = required.iter().filter(|(family, _)| *family == device.family).count();
        let wanted = match needs.families.as_slice() {
            [] => 1,
            families if families.contains(&device.family) => needs.units as usize,
            _ => 0,
        };
        let known = required.iter().any(|(_, id)| *id == device.id);
        if !known && of_family < wanted && !(any_hardware && device.is_virtual) {
            required.push((&device.family, &device.id));
        }
    }
    required.into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// What may go, in this order: simulated devices, then hardware, each from the end of the plan.
fn droppable(sessions: &[PlannedSession], required: &BTreeSet<String>) -> Vec<String> {
    let mut ids: Vec<(bool, &str)> = Vec::new();
    for device in sessions.iter().rev().map(|session| &session.device) {
        let entry = (!device.is_virtual, device.id.as_str());
        if !required.contains(&device.id) && !ids.contains(&entry) {
            ids.push(entry);
        }
    }
    ids.sort_by_key(|(is_hardware, _)| *is_hardware);
    ids.into_iter().map(|(_, id)| id.to_owned()).collect()
}
