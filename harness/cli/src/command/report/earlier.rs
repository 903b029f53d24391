//! What the releases before a run showed, where they did the same work: changes are told beside the run's own figures.

use std::collections::BTreeMap;

use edgesoak_record::comparison::Reference;
use edgesoak_record::trial::Shown;
use edgesoak_record::units::Nanos;
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
    let book = Baselines::of(&shared.out).all().map_err(|error| unreadable(&error))?;
    let book = in_force_before(book, run.opened);
    let apart: Vec<&Promoted> =
        book.iter().filter(|promoted| !promoted.baseline.runs.contains(&run.id)).collect();
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

/// What was in force at that time: a name that was promoted again since is still what it was.
fn in_force_before(mut book: Vec<Promoted>, opened: Nanos) -> Vec<Promoted> {
    book.retain(|promoted| promoted.baseline.promoted < opened);
    in_force(book)
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

#[cfg(test)]
mod tests {
    use edgesoak_record::Gate;
    use edgesoak_record::baseline::Baseline;
    use edgesoak_record::policy::{Policy, RegressionRuns};

    use super::*;

    fn promoted(name: &str, at: u64, reason: &str) -> Baseline {
        let policy = Policy {
            tier: "merge".to_owned(),
            blocking: vec![Gate::FloorTps],
            accept_not_proven: Vec::new(),
            required_families: Vec::new(),
            evidence: Vec::new(),
            proofs: Vec::new(),
            budget_s: None,
            reuse_s: None,
            selection_age_s: None,
            export: None,
            canary: None,
            regression_margin: 0.05,
            pinned_margin: 0.08,
            regression_runs: RegressionRuns { min: 3, looks: vec![3, 5, 8] },
            units_per_family: 1,
            waivers: Vec::new(),
        };
        let (name, reason) = (name.to_owned(), reason.to_owned());
        Baseline { name, promoted: Nanos(at), reason, policy, runs: Vec::new(), trials: Vec::new() }
    }

    #[test]
    fn a_name_that_is_promoted_again_stays_what_it_was_for_runs_from_before() {
        let folder = tempfile::tempdir().expect("room");
        let book = Baselines::of(folder.path());
        for (name, at, reason) in [("1.0", 10, "first"), ("1.1", 20, "second"), ("1.0", 40, "again")] {
            book.promote(&promoted(name, at, reason)).expect("a book");
        }
        let at = |opened: u64| -> Vec<String> {
            let all = in_force_before(book.all().expect("a book"), Nanos(opened));
            all.into_iter().map(|promoted| promoted.baseline.reason).collect()
        };
        assert_eq!(at(30), ["first", "second"]);
        assert_eq!(at(40), ["first", "second"], "not what was promoted with it");
        assert_eq!(at(50), ["second", "again"]);
    }
}
