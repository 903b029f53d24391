//! What the releases before a run showed, where they did the same work: changes are told beside the run's own figures.

use std::collections::BTreeMap;

use edgesoak_record::comparison::Reference;
use edgesoak_record::trial::Shown;
use edgesoak_record::{Run, RunVerdict, SessionTrial, SessionVerdict};
use edgesoak_reports::Earlier;
use edgesoak_store::{Baselines, Promoted, Store};

use super::release::{in_force, previous_and_oldest};
use crate::args::Shared;
use crate::command::regression::unreadable;
use crate::failure::Failure;
use crate::stored;

/// The promotion before the run was opened, and the oldest one. Later ones are no news about it: its page stays the same.
pub fn of(shared: &Shared, store: &Store, run: &Run) -> Result<Vec<Earlier>, Failure> {
    let book = in_force(Baselines::of(&shared.out).all().map_err(|error| unreadable(&error))?);
    let is_before = |promoted: &&Promoted| {
        promoted.baseline.promoted < run.opened && !promoted.baseline.runs.contains(&run.id)
    };
    let apart: Vec<&Promoted> = book.iter().filter(is_before).collect();
    let (previous, oldest) = previous_and_oldest(&apart);
    let mut stored = StoredRuns { shared, store, known: BTreeMap::new() };
    let pairs = [(Reference::Previous, previous), (Reference::Pinned, oldest)];
    let known = pairs.into_iter().filter_map(|(reference, promoted)| Some((reference, promoted?)));
    known
        .map(|(reference, promoted)| {
            let sessions = stored.alike(run, &promoted.baseline.trials)?;
            Ok(Earlier { reference, name: promoted.baseline.name.clone(), sessions })
        })
        .collect()
}

/// Runs of releases, each read once; one that was removed since shows nothing.
struct StoredRuns<'a> {
    shared: &'a Shared,
    store: &'a Store,
    known: BTreeMap<String, Option<(Run, RunVerdict)>>,
}

impl StoredRuns<'_> {
    fn alike(&mut self, run: &Run, trials: &[SessionTrial]) -> Result<Vec<SessionVerdict>, Failure> {
        let mut alike = Vec::new();
        for trial in trials.iter().filter(|trial| matches!(trial.trial.shown, Shown::Rate { .. })) {
            let Some((then, verdict)) = self.read(&trial.run)? else { continue };
            if did_the_same(run, then, &trial.session) {
                alike.extend(verdict.sessions.iter().find(|judged| judged.session == trial.session).cloned());
            }
        }
        Ok(alike)
    }

    fn read(&mut self, id: &str) -> Result<Option<&(Run, RunVerdict)>, Failure> {
        if !self.known.contains_key(id) {
            let failed = |error| stored::unreadable(self.shared, &error);
            let verdict = self.store.verdict(id).map_err(failed)?;
            let read = match verdict {
                Some(verdict) => Some((self.store.load_outline(id).map_err(failed)?, verdict)),
                None => None,
            };
            self.known.insert(id.to_owned(), read);
        }
        Ok(self.known.get(id).and_then(Option::as_ref))
    }
}

/// Whether a session of `then` had the device, the route, the workload and the system of one of `now`.
fn did_the_same(now: &Run, then: &Run, session: &str) -> bool {
    let Some(then) = then.sessions.iter().find(|record| record.planned.session == session) else {
        return false;
    };
    now.sessions.iter().any(|record| {
        let (own, other) = (&record.planned, &then.planned);
        (&own.device.id, &own.route.id) == (&other.device.id, &other.route.id)
            && own.device.is_virtual == other.device.is_virtual
            && own.workload == other.workload
            && record.os_build == then.os_build
    })
}
