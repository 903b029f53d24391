//! Which sessions a selection looks at.

use std::collections::BTreeSet;
use std::time::Duration;

use edgesoak_record::units::Nanos;
use edgesoak_record::{SessionVerdict, Tried, Verdict};
use edgesoak_store::{SessionPlace, Store};

use crate::args::Shared;
use crate::command::host_now;
use crate::failure::Failure;
use crate::stored;

/// Sessions by their place.
pub struct Places {
    /// Those that were picked, of the latest run first.
    picked: Vec<SessionPlace>,
    /// Those that are older than the policy allows.
    pub too_old: Vec<SessionPlace>,
    /// Where routes were tried in what was looked at: what was lost or is too old is owed as well.
    pub tried: Vec<Tried>,
}

impl Places {
    /// Every session of these runs, or the newest of each candidate, route and device where none is named; of these routes, where
    /// one is.
    pub fn of(shared: &Shared, store: &Store, runs: &[String], routes: &[String]) -> Result<Self, Failure> {
        let failed = |error| stored::unreadable(shared, &error);
        let mut picked = if runs.is_empty() { store.newest_sessions().map_err(failed)? } else { Vec::new() };
        let mut tried = if runs.is_empty() { store.tried(None).map_err(failed)? } else { Vec::new() };
        for name in runs {
            let (_, id) = stored::find(shared, name)?;
            if picked.iter().all(|place| place.run != id) {
                picked.extend(store.sessions_of(&id).map_err(failed)?);
                tried.extend(store.tried(Some(&id)).map_err(failed)?);
            }
        }
        picked.retain(|place| routes.is_empty() || routes.contains(&place.route));
        let mut places = Self { picked, too_old: Vec::new(), tried };
        places.sort();
        Ok(places)
    }

    /// The newest sessions of one candidate.
    pub fn of_candidate(shared: &Shared, store: &Store, candidate: &str) -> Result<Self, Failure> {
        let mut places = Self::of(shared, store, &[], &[])?;
        places.picked.retain(|place| place.candidate == candidate);
        Ok(places)
    }

    /// These sessions, each with its run, as far as they are stored.
    pub fn of_sessions(shared: &Shared, store: &Store, wanted: &[(&str, &str)]) -> Result<Self, Failure> {
        let failed = |error| stored::unreadable(shared, &error);
        let mut places = Self { picked: Vec::new(), too_old: Vec::new(), tried: Vec::new() };
        let runs: BTreeSet<&str> = wanted.iter().map(|(run, _)| *run).collect();
        for run in runs {
            let of_run = store.sessions_of(run).map_err(failed)?;
            let is_wanted = |place: &SessionPlace| wanted.contains(&(run, place.session.as_str()));
            places.picked.extend(of_run.into_iter().filter(is_wanted));
            places.tried.extend(store.tried(Some(run)).map_err(failed)?);
        }
        places.sort();
        Ok(places)
    }

    /// The latest run first.
    fn sort(&mut self) {
        self.picked.sort_by(|one, other| (other.opened, &other.run).cmp(&(one.opened, &one.run)));
    }

    /// Whether a session is among them.
    pub fn has(&self, run: &str, session: &str) -> bool {
        self.of_run(run).any(|place| place.session == session)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.picked.is_empty()
    }

    /// Sets aside what is older than this.
    pub fn keep_young(&mut self, age: Duration) {
        let age = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
        let since = Nanos(host_now().0.saturating_sub(age));
        let (young, old) =
            std::mem::take(&mut self.picked).into_iter().partition(|place| place.opened >= since);
        (self.picked, self.too_old) = (young, old);
    }

    /// Ids of the runs, the latest first.
    pub fn runs(&self) -> Vec<&str> {
        let mut runs: Vec<&str> = self.picked.iter().map(|place| place.run.as_str()).collect();
        runs.dedup();
        runs
    }

    /// The sessions of one run.
    pub fn of_run(&self, run: &str) -> impl Iterator<Item = &SessionPlace> {
        self.picked.iter().filter(move |place| place.run == run)
    }
}

/// Whether a session says anything of its candidate: not where the lab lost it, or nothing was evaluated.
pub fn tells(verdict: &SessionVerdict) -> bool {
    !matches!(verdict.verdict, Verdict::Infrastructure | Verdict::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_old_is_set_aside_and_named() {
        let now = host_now().0;
        let place = |run: &str, age_s: u64| SessionPlace {
            run: run.to_owned(),
            session: "s01".to_owned(),
            route: "r".to_owned(),
            candidate: "c".to_owned(),
            opened: Nanos(now - age_s * 1_000_000_000),
        };
        let picked = vec![place("young", 60), place("young", 60), place("old", 7200)];
        let mut places = Places { picked, too_old: Vec::new(), tried: Vec::new() };
        assert_eq!(places.runs(), ["young", "old"]);
        places.keep_young(Duration::from_hours(1));
        assert_eq!((places.runs(), places.too_old[0].run.as_str()), (vec!["young"], "old"));
        assert_eq!(places.of_run("young").count(), 2);
    }
}
