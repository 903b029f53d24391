//! What a person names on either side of a comparison: runs, or a baseline.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use edgesoak_gates::regression::Side;
use edgesoak_record::baseline::is_name;
use edgesoak_record::units::Nanos;
use edgesoak_record::{Policy, SessionTrial};
use edgesoak_store::{Baselines, Promoted, StoreError};

use crate::args::Shared;
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};

/// One side, read.
pub struct Named {
    /// Its sessions and what history knew.
    pub side: Side,
    /// What its last run was judged by.
    pub policy: Policy,
    /// When that was: waivers are judged by this day.
    pub opened: Nanos,
    /// Runs that it was made from.
    pub runs: Vec<String>,
}

/// Reads sides, and each run once: those of `run --ab` stand on both.
pub struct Sides<'a> {
    shared: &'a Shared,
    judged: BTreeMap<String, JudgedRun>,
}

impl<'a> Sides<'a> {
    /// Of this output folder and database.
    pub fn of(shared: &'a Shared) -> Self {
        Self { shared, judged: BTreeMap::new() }
    }

    /// Takes in a run that was judged already.
    pub fn know(&mut self, judged: JudgedRun) {
        self.judged.insert(judged.run.id.clone(), judged);
    }

    /// A run that was read, by its id.
    pub fn judged(&self, id: &str) -> Option<&JudgedRun> {
        self.judged.get(id)
    }

    fn run(&mut self, name: &str) -> Result<&JudgedRun, Failure> {
        Ok(match self.judged.entry(name.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(stored::load(self.shared, name)?.1),
        })
    }

    /// Reads what these words name: `NAME` of a baseline, `RUN`, or `RUN:CANDIDATE` where a run has several candidates. The
    /// sessions of several words are taken together.
    pub fn named(&mut self, words: &[String]) -> Result<Named, Failure> {
        let mut all: Option<Named> = None;
        for word in words {
            let one = self.one(word)?;
            match &mut all {
                None => all = Some(one),
                Some(all) => {
                    all.side.trials.extend(one.side.trials);
                    all.side.history.between_run_sigma.extend(one.side.history.between_run_sigma);
                    all.policy = one.policy;
                    all.opened = one.opened;
                    all.runs.extend(one.runs);
                }
            }
        }
        all.ok_or_else(|| Failure::config("no run and no baseline is named"))
    }

    fn one(&mut self, word: &str) -> Result<Named, Failure> {
        if let Some(Promoted { baseline, .. }) = promoted(self.shared, word)? {
            let side = Side { trials: baseline.trials, ..Side::default() };
            return Ok(Named {
                side,
                policy: baseline.policy,
                opened: baseline.promoted,
                runs: baseline.runs,
            });
        }
        let (run, candidate) =
            word.split_once(':').map_or((word, None), |(run, candidate)| (run, Some(candidate)));
        let JudgedRun { run, trials, .. } = self.run(run)?;
        let side = Side { trials: of_candidate(&run.id, trials, candidate)?, history: run.history.clone() };
        Ok(Named { side, policy: run.plan.policy.clone(), opened: run.opened, runs: vec![run.id.clone()] })
    }
}

fn promoted(shared: &Shared, word: &str) -> Result<Option<Promoted>, Failure> {
    if !is_name(word) {
        return Ok(None);
    }
    Baselines::of(&shared.out).find(word).map_err(|error| unreadable(&error))
}

/// The sessions of one candidate. A run of several says nothing about any of them until one is named.
fn of_candidate(
    run: &str,
    trials: &[SessionTrial],
    wanted: Option<&str>,
) -> Result<Vec<SessionTrial>, Failure> {
    let mut candidates: Vec<String> = trials.iter().map(|trial| trial.candidate.clone()).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let known = candidates.join(", ");
    match wanted {
        None if candidates.len() > 1 => {
            Err(Failure::config(format!("run {run} has several candidates: {known}"))
                .hint(format!("say which, such as `{run}:{}`", candidates[0]))
                .reason("several_candidates"))
        }
        Some(wanted) if !candidates.iter().any(|known| known == wanted) => {
            Err(Failure::config(format!("run {run} has no candidate `{wanted}`"))
                .hint(format!("it has {known}"))
                .reason("no_candidate"))
        }
        wanted => {
            let fits = |trial: &&SessionTrial| wanted.is_none_or(|wanted| trial.candidate == wanted);
            Ok(trials.iter().filter(fits).cloned().collect())
        }
    }
}

/// An error of the book of baselines in words: what was named wrongly is the caller's, all else this host's.
pub fn unreadable(error: &StoreError) -> Failure {
    let failure = match error {
        StoreError::UnknownBaseline { .. } | StoreError::BaselineName { .. } => {
            Failure::config("that is no baseline")
        }
        _ => Failure::infrastructure("the book of baselines failed"),
    };
    let failure = failure.because(error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
    .reason("baselines")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use edgesoak_record::{Run, RunVerdict};
    use serde_json::json;

    use super::*;
    use crate::args::Arguments;

    /// A run without sessions, judged.
    fn judged(id: &str) -> JudgedRun {
        let policy = json!({ "tier": "t", "blocking": [], "accept_not_proven": [], "required_families": [],
            "regression_margin": 0.05, "pinned_margin": 0.08, "regression_runs": { "min": 3, "looks": [3] },
            "units_per_family": 1, "waivers": [] });
        let plan = json!({ "schema": 1, "id": "p", "profile": "p", "policy": policy, "policy_digest": "d",
            "sessions": [], "settings": [], "expected_s": 0.0 });
        let verdict = json!({ "run": id, "verdict": "not_proven", "exit": 3, "reason": "r", "sentence": "s",
            "accepted": [], "next_actions": [], "sessions": [] });
        let run = Run {
            id: id.to_owned(),
            opened: Nanos::from_secs(7),
            version: String::new(),
            plan: serde_json::from_value(plan).expect("a plan"),
            history: edgesoak_record::host_entry::History::default(),
            sessions: Vec::new(),
            closed: true,
            interrupted: None,
        };
        let verdict: RunVerdict = serde_json::from_value(verdict).expect("a verdict");
        JudgedRun { run, verdict, trials: Vec::new() }
    }

    #[test]
    fn a_run_that_was_judged_is_not_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().display().to_string();
        let arguments = Arguments::parse_from(["edgesoak", "doctor", "--out", &out]);
        let mut sides = Sides::of(&arguments.shared);
        assert!(sides.named(&["r1".to_owned()]).is_err(), "there is no database");
        sides.know(judged("r1"));
        sides.know(judged("r2"));
        let both =
            sides.named(&["r1".to_owned(), "r2".to_owned()]).unwrap_or_else(|_| panic!("both are known"));
        assert_eq!(both.runs, ["r1", "r2"]);
    }
}
