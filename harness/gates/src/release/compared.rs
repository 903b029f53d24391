//! A release against its references, where it is known which candidate follows which.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::SessionTrial;
use edgesoak_record::comparison::{Comparison, Reference};
use edgesoak_record::units::Nanos;

use super::evidence::Evidence;
use crate::regression::{Rules, Side, compare, gathered};

/// Device and route.
type Place<'a> = (&'a str, &'a str);

/// What came of it.
pub struct Compared {
    /// `None` where there is no reference.
    pub comparison: Option<Comparison>,
    /// Devices with routes of the release that were left out of it, or whose reference was.
    pub several: BTreeSet<(String, String)>,
    /// Why nothing was compared, or not all of it; empty where everything was.
    pub words: String,
}

impl Compared {
    /// A device and route of the release has one candidate, and is held against the one that a reference has there; of several, against
    /// the one with its id.
    pub fn of(evidence: &Evidence<'_>) -> Self {
        if evidence.held.is_empty() {
            let words = "No release was promoted before it, so that it is held against nothing.".to_owned();
            return Self { comparison: None, several: BTreeSet::new(), words };
        }
        let trials: Vec<SessionTrial> = evidence.trials.iter().chain(&evidence.not_stored).cloned().collect();
        let own = Candidates::of(&trials);
        let mut several: BTreeSet<Place<'_>> = own.several().collect();
        let mut held: Vec<(Reference, Side)> = Vec::new();
        for reference in &evidence.held {
            let theirs = Candidates::of(reference.trials);
            // A place that the release lacks is not proven there, whoever had it.
            let follows = |trial: &&SessionTrial| {
                own.0.get(&place(trial)).is_none_or(|ids| {
                    let is_known = theirs.is_one(place(trial)) || ids.contains(trial.candidate.as_str());
                    ids.len() == 1 && is_known
                })
            };
            let side: Vec<SessionTrial> = reference.trials.iter().filter(follows).cloned().collect();
            let kept = Candidates::of(&side);
            several.extend(theirs.several().filter(|at| own.0.contains_key(at) && !kept.0.contains_key(at)));
            held.push((reference.reference, Side { trials: side, ..Side::default() }));
        }
        let alone = trials.iter().filter(|trial| own.is_one(place(trial))).cloned().collect();
        let candidate = Side { trials: alone, history: evidence.history.clone() };
        let pinned = held.iter().any(|(reference, _)| *reference == Reference::Pinned);
        let opened = evidence.runs.iter().map(|(run, _)| run.opened).max().unwrap_or(Nanos(0));
        let rules = Rules::of(evidence.policy, pinned).opened(opened).read_from(evidence.source.clone());
        Self {
            comparison: Some(compare(&gathered(rules, &candidate, &held))),
            words: words(&several),
            several: several.iter().map(|at| (at.0.to_owned(), at.1.to_owned())).collect(),
        }
    }
}

fn words(several: &BTreeSet<Place<'_>>) -> String {
    if several.is_empty() {
        return String::new();
    }
    let places: Vec<String> = several.iter().map(|(device, route)| format!("{route} on {device}")).collect();
    let places = places.join(", ");
    format!("Several candidates have {places}: which of them follows the reference is not known.")
}

fn place(trial: &SessionTrial) -> Place<'_> {
    (&trial.device, &trial.route)
}

/// Ids of the candidates of each device and route.
struct Candidates<'a>(BTreeMap<Place<'a>, BTreeSet<&'a str>>);

impl<'a> Candidates<'a> {
    fn of(trials: &'a [SessionTrial]) -> Self {
        let mut all: BTreeMap<Place<'_>, BTreeSet<&str>> = BTreeMap::new();
        for trial in trials {
            all.entry(place(trial)).or_default().insert(&trial.candidate);
        }
        Self(all)
    }

    fn several(&self) -> impl Iterator<Item = Place<'a>> {
        self.0.iter().filter(|(_, ids)| ids.len() > 1).map(|(at, _)| *at)
    }

    fn is_one(&self, at: Place<'_>) -> bool {
        self.0.get(&at).is_some_and(|ids| ids.len() == 1)
    }
}
