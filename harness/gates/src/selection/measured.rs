//! Sessions of stored runs as a selection wants them: candidate by candidate, route by route, family by family.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::gate::Gate;
use edgesoak_record::plan::{ArtifactSource, Candidate};
use edgesoak_record::units::{Bytes, Nanos};
use edgesoak_record::verdict::{GateResult, Outcome};
use edgesoak_record::{Policy, Run, SessionRecord, SessionVerdict, Tried};

use super::approval::ExportHeld;
use super::choice::{Offer, Required, Trial, Wanted};
use super::held::Held;
use super::sets::Sets;
use crate::case::obstacle::Obstacle;
use crate::verdict::precedence;

/// A session that was judged by the bars and the policy of the selection.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    /// Its run.
    pub run: &'a Run,
    /// What happened in it; samples and tokens are not looked at.
    pub record: &'a SessionRecord,
    /// What its gates said.
    pub verdict: &'a SessionVerdict,
}

impl<'a> Measured<'a> {
    pub(super) fn route(&self) -> &'a str {
        &self.record.planned.route.id
    }

    pub(super) fn candidate(&self) -> &'a Candidate {
        &self.record.planned.candidate
    }

    pub(super) fn family(&self) -> &'a str {
        &self.record.planned.device.family
    }

    pub(super) fn age(&self) -> (Nanos, &'a str) {
        (self.run.opened, &self.run.id)
    }

    /// What its gates said that it owes: those that block, and every bar that it has.
    fn owed(&self) -> Vec<Held> {
        let bars = &self.record.planned.route.bars;
        // Without a bar nobody knows whether the answers are right enough: that must show.
        let of_set = |result: &GateResult| {
            result.gate == Gate::Quality || (result.gate == Gate::FalseAnswers && result.limit.is_some())
        };
        let is_owed = |result: &&GateResult| {
            result.blocking || bars.iter().any(|bar| bar.gate == result.gate) || of_set(result)
        };
        self.verdict.gates.iter().filter(is_owed).map(Held::of).collect()
    }

    /// Whether it is what was planned that answered, up to the end: nothing can be held against the answers of another file, nor
    /// against those of a session that was cut.
    pub(super) fn ran_as_planned(&self) -> bool {
        let breaks = |gate: &GateResult| precedence::is_integrity(gate) && gate.outcome == Outcome::Fail;
        Obstacle::of(self.record).is_none() && !self.verdict.gates.iter().any(breaks)
    }

    /// Size of the artifact as the device verified it.
    fn size(&self) -> Option<Bytes> {
        let planned = &self.candidate().sha256;
        let mut verified = self.record.verified.iter();
        let artifact = verified.find(|file| file.what == "artifact" && file.sha256 == *planned)?;
        Some(Bytes(artifact.bytes))
    }
}

/// Sessions of one selection: of each candidate those of its newest artifact and settings.
pub(super) struct Field<'a> {
    pub counted: Vec<Measured<'a>>,
    /// Sessions of what a candidate was before.
    pub outdated: Vec<Measured<'a>>,
    /// Candidates as they were measured last.
    current: BTreeMap<&'a str, &'a Candidate>,
    /// Where routes were tried, besides.
    tried: &'a [Tried],
}

impl<'a> Field<'a> {
    pub fn of(measured: &[Measured<'a>], tried: &'a [Tried]) -> Self {
        let current = current(measured);
        let (counted, outdated) = as_measured_last(measured);
        Self { counted, outdated, current, tried }
    }

    /// Every route that was measured.
    pub fn routes(&self) -> Vec<String> {
        let routes: BTreeSet<&str> = self.counted.iter().map(Measured::route).collect();
        routes.into_iter().map(str::to_owned).collect()
    }

    pub fn of_route(&self, route: &str) -> impl Iterator<Item = &Measured<'a>> {
        self.counted.iter().filter(move |session| session.route() == route)
    }

    /// Where hardware was measured on a route, only hardware counts.
    fn is_on_hardware(&self, route: &str) -> bool {
        self.of_route(route).any(|session| !session.verdict.is_virtual)
    }

    pub fn offers(&self) -> Vec<Offer> {
        let mut sizes: BTreeMap<&str, _> = BTreeMap::new();
        for session in &self.counted {
            let size = sizes.entry(&session.candidate().id).or_insert(None);
            *size = size.or(session.size());
        }
        sizes.into_iter().map(|(id, size)| Offer { candidate: id.to_owned(), size }).collect()
    }

    pub fn trials(&self) -> Vec<Trial> {
        let counts =
            |session: &&Measured<'a>| !(session.verdict.is_virtual && self.is_on_hardware(session.route()));
        let sets = Sets::newest_of(self.counted.iter().filter(counts));
        let trial = |session: &Measured<'a>| Trial {
            candidate: session.candidate().id.clone(),
            route: session.route().to_owned(),
            family: session.family().to_owned(),
            device: session.record.planned.device.id.clone(),
            is_virtual: session.verdict.is_virtual,
            held: session.owed().into_iter().map(|held| sets.held(session, held)).collect(),
        };
        self.counted.iter().map(trial).collect()
    }

    /// What a route wants. Where the tier names no families, those where it was tried. A route with a golden set must have been
    /// asked.
    pub fn wanted(&self, route: &str, policy: &Policy) -> Wanted {
        let on_hardware = self.is_on_hardware(route);
        let has_set = self.of_route(route).any(|session| session.record.planned.route.golden_set.is_some());
        let families = if policy.required_families.is_empty() {
            let families = self.families(route, on_hardware).into_iter();
            families.map(|family| Required { family: family.to_owned(), units: 1 }).collect()
        } else {
            let units = if on_hardware { policy.units_per_family } else { 1 };
            let named = policy.required_families.iter();
            named.map(|family| Required { family: family.clone(), units }).collect()
        };
        let gates = has_set.then_some(Gate::Quality).into_iter().collect();
        Wanted { route: route.to_owned(), families, gates, on_hardware }
    }

    /// Where a route was tried, whatever came of it: a family whose sessions were lost, or are of what a candidate was before, is
    /// owed as much as one where everything went well.
    fn families(&self, route: &str, on_hardware: bool) -> BTreeSet<&str> {
        let measured = self.counted.iter().chain(&self.outdated);
        let measured = measured.map(|it| (it.route(), it.family(), it.verdict.is_virtual));
        let tried = self.tried.iter().map(|it| (it.route.as_str(), it.family.as_str(), it.is_virtual));
        let all = measured.chain(tried).filter(|it| it.0 == route && !(on_hardware && it.2));
        all.map(|it| it.1).collect()
    }

    /// Every export of a route against its baseline, family by family.
    pub fn exports(&self, wanted: &Wanted, policy: &Policy) -> Vec<ExportHeld> {
        let counts = |session: &&Measured<'a>| !(wanted.on_hardware && session.verdict.is_virtual);
        let of_route: Vec<&Measured<'a>> = self.of_route(&wanted.route).filter(counts).collect();
        let exports = self.current.iter().filter_map(|(id, now)| Some((*id, now.export_of.as_deref()?)));
        let there = |candidate: &str, family: &str| -> Vec<&Measured<'a>> {
            let there = of_route.iter().filter(|it| it.candidate().id == candidate && it.family() == family);
            there.copied().collect()
        };
        let mut held = Vec::new();
        for (export, baseline) in exports {
            for Required { family, .. } in &wanted.families {
                let ours: Vec<_> = there(export, family).iter().map(|session| session.record).collect();
                if ours.is_empty() {
                    continue;
                }
                let empty = ExportHeld {
                    route: wanted.route.clone(),
                    family: family.clone(),
                    candidate: export.to_owned(),
                    baseline: baseline.to_owned(),
                    outcome: Outcome::NotProven,
                    cause: None,
                    sentence: String::new(),
                    paired: None,
                };
                held.push(empty.over(policy.export, &ours, &there(baseline, family)));
            }
        }
        held
    }
}

/// Candidates as they were measured last, by id.
fn current<'a>(measured: &[Measured<'a>]) -> BTreeMap<&'a str, &'a Candidate> {
    let mut newest: BTreeMap<&str, Measured<'a>> = BTreeMap::new();
    for session in measured {
        let known = newest.entry(&session.candidate().id).or_insert(*session);
        if session.age() > known.age() {
            *known = *session;
        }
    }
    newest.into_iter().map(|(id, session)| (id, session.candidate())).collect()
}

/// Sessions of each candidate as it was measured last, and those of what it was before: another file, or other settings, under
/// the same id.
#[must_use]
pub fn as_measured_last<'a>(measured: &[Measured<'a>]) -> (Vec<Measured<'a>>, Vec<Measured<'a>>) {
    let current = current(measured);
    let is_current = |session: &Measured<'a>| {
        let now = current.get(session.candidate().id.as_str());
        now.is_some_and(|now| bare(now) == bare(session.candidate()))
    };
    measured.iter().copied().partition(is_current)
}

/// What makes a candidate another one than it was: all but what people say of it and where its file lies.
fn bare(candidate: &Candidate) -> Candidate {
    let artifact = ArtifactSource::Cache(String::new());
    Candidate { artifact, licence: None, quantisation: None, export_of: None, ..candidate.clone() }
}
