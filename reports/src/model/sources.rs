//! The two sources of a session, side by side: what happened and how it was judged.

use edgesoak_record::session::CloseState;
use edgesoak_record::{Gate, GateResult, MemoryOutlook, Run, RunVerdict, SessionRecord, SessionVerdict};

use super::standing::Standing;
use crate::words::gate::Mood;
use crate::words::text::name;

/// A session by name; at least one of the two sources is there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub record: Option<&'a SessionRecord>,
    pub verdict: Option<&'a SessionVerdict>,
    /// What it was expected to take of the device's memory.
    pub memory: Option<&'a MemoryOutlook>,
}

/// Every session that either source knows, worst first, hardware before virtual devices, then in plan order.
pub(crate) fn pairs<'a>(run: &'a Run, verdict: &'a RunVerdict) -> Vec<Pair<'a>> {
    let judged = |session: &str| verdict.sessions.iter().find(|judged| judged.session == session);
    let mut pairs: Vec<Pair<'a>> = run
        .sessions
        .iter()
        .map(|record| {
            let session = &record.planned.session;
            Pair { record: Some(record), verdict: judged(session), memory: run.plan.memory.get(session) }
        })
        .collect();
    let unknown = verdict
        .sessions
        .iter()
        .filter(|judged| !run.sessions.iter().any(|record| record.planned.session == judged.session));
    pairs.extend(unknown.map(|judged| {
        let memory = run.plan.memory.get(&judged.session);
        Pair { record: None, verdict: Some(judged), memory }
    }));
    pairs.sort_by_key(|pair| (pair.mood(), pair.is_virtual()));
    pairs
}

impl<'a> Pair<'a> {
    /// The verdict on the session alone.
    pub fn mood(&self) -> Mood {
        self.verdict.map_or(Mood::Nothing, |verdict| verdict.verdict.into())
    }

    /// Plan, agent or verdict say that the device is simulated: one of them is enough.
    pub fn is_virtual(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.is_virtual)
            || self.record.is_some_and(|record| {
                record.planned.device.is_virtual
                    || record.journal.as_ref().is_some_and(|journal| journal.is_virtual)
            })
    }

    /// Its answers were counted whole; not known of a session without a record.
    pub fn is_of_items(&self) -> bool {
        self.record.is_some_and(|record| record.planned.workload.is_of_items)
    }

    /// Measured by another program.
    pub fn is_imported(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.is_imported)
            || self.record.is_some_and(|record| record.imported.is_some())
    }

    pub fn session(&self) -> String {
        self.named(|record| &record.planned.session, |verdict| &verdict.session)
    }

    pub fn device(&self) -> String {
        self.named(|record| &record.planned.device.id, |verdict| &verdict.device)
    }

    pub fn family(&self) -> String {
        self.named(|record| &record.planned.device.family_title, |verdict| &verdict.family)
    }

    pub fn route(&self) -> String {
        self.named(|record| &record.planned.route.id, |verdict| &verdict.route)
    }

    pub fn candidate(&self) -> String {
        self.named(|record| &record.planned.candidate.id, |verdict| &verdict.candidate)
    }

    fn named(
        &self,
        planned: impl Fn(&'a SessionRecord) -> &'a String,
        judged: impl Fn(&'a SessionVerdict) -> &'a String,
    ) -> String {
        let text = self.record.map(planned).or_else(|| self.verdict.map(judged));
        text.map(|text| name(text)).unwrap_or_default()
    }

    /// The result of a gate.
    pub fn gate(&self, gate: Gate) -> Option<&'a GateResult> {
        self.verdict?.gates.iter().find(|result| result.gate == gate)
    }

    /// It came to its end, was judged, and nothing speaks against it.
    pub fn is_evidence(&self) -> bool {
        self.standing() == Standing::Completed
            && self.verdict.is_some_and(|verdict| verdict.doubts.is_empty())
    }

    /// What became of it, in one word.
    pub fn standing(&self) -> Standing {
        match self.record.map(|record| record.close.as_ref().map(|close| close.state)) {
            Some(Some(CloseState::Completed)) => Standing::Completed,
            Some(Some(CloseState::Interrupted)) => Standing::Interrupted,
            Some(Some(CloseState::NotRun)) => Standing::NotRun,
            Some(None) => Standing::Unfinished,
            None => Standing::Unknown,
        }
    }
}
