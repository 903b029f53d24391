//! Candidates on routes and families, and which of them a route gets.

use std::collections::BTreeSet;

use edgesoak_record::gate::Gate;
use edgesoak_record::units::Bytes;
use edgesoak_record::verdict::Outcome;
use serde::Serialize;

use super::approval::ExportHeld;
use super::held::Held;

/// A candidate and what it weighs: the smallest that clears its bars is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// Id of the candidate.
    pub candidate: String,
    /// Size of its artifact; `None` where no device verified one.
    #[serde(rename = "size_bytes")]
    pub size: Option<Bytes>,
}

/// What one session showed of a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Id of the candidate.
    pub candidate: String,
    /// Id of the route.
    pub route: String,
    /// Id of the family.
    pub family: String,
    /// Id of the device.
    pub device: String,
    /// The device is simulated.
    pub is_virtual: bool,
    /// What the gates said that it owes: each must pass.
    pub held: Vec<Held>,
}

/// What a route wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Id of the route.
    pub route: String,
    /// Families on which every bar must be cleared.
    pub families: Vec<Required>,
    /// Gates that must have been judged, whatever else was.
    pub gates: Vec<Gate>,
    /// Simulated devices count for nothing: hardware was measured.
    pub on_hardware: bool,
}

/// A family on which a route must be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// Its id.
    pub family: String,
    /// Devices that a claim about it needs.
    pub units: u32,
}

/// Why a candidate does not clear a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// Where; empty where it is the same everywhere.
    pub family: String,
    /// Which gate, if it was one.
    pub gate: Option<Gate>,
    /// `Fail` or `NotProven`.
    pub outcome: Outcome,
    /// A stable word.
    pub cause: String,
    /// In words, without a full stop.
    pub why: String,
}

/// Where a candidate stands on a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", content = "misses", rename_all = "snake_case")]
pub enum Standing {
    /// The smallest that clears every bar.
    Chosen,
    /// Clears every bar, and so does a smaller one.
    Larger,
    /// Misses a bar on some family, or was not shown to clear it.
    Misses(Vec<Miss>),
}

/// A candidate of a route and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Considered {
    /// What it is and weighs.
    #[serde(flatten)]
    pub offer: Offer,
    /// What became of it.
    #[serde(flatten)]
    pub standing: Standing,
    /// What it was excused by name.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub accepted: BTreeSet<String>,
}

/// What a route gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Id of the route.
    pub route: String,
    /// Every candidate that ran on the route, the smallest first; those of one size by id.
    pub considered: Vec<Considered>,
}

impl Choice {
    /// The candidate that the route gets, if one clears it.
    #[must_use]
    pub fn chosen(&self) -> Option<&str> {
        let chosen = self.considered.iter().find(|considered| considered.standing == Standing::Chosen);
        chosen.map(|considered| considered.offer.candidate.as_str())
    }
}

/// Chooses for each route, in the order of the routes. A candidate is considered on the routes that it ran on; an
/// offer without a trial is nobody's candidate, and a trial without an offer is left out. An export that was not approved
/// is not chosen.
#[must_use]
pub fn select(offers: &[Offer], wanted: &[Wanted], trials: &[Trial], exports: &[ExportHeld]) -> Vec<Choice> {
    wanted.iter().map(|wanted| choose(offers, wanted, trials, exports)).collect()
}

fn choose(offers: &[Offer], wanted: &Wanted, trials: &[Trial], exports: &[ExportHeld]) -> Choice {
    let of_route: Vec<&Trial> = trials.iter().filter(|trial| trial.route == wanted.route).collect();
    let ran = |offer: &&Offer| of_route.iter().any(|trial| trial.candidate == offer.candidate);
    let mut offers: Vec<&Offer> = offers.iter().filter(ran).collect();
    offers.sort_by_key(|offer| (offer.size.is_none(), offer.size, &offer.candidate));
    let mut taken = false;
    let considered = offers.into_iter().map(|offer| {
        let own: Vec<&Trial> =
            of_route.iter().copied().filter(|trial| trial.candidate == offer.candidate).collect();
        let mut misses = misses(offer, wanted, &own);
        let of_offer = exports.iter().filter(|export| export.is_of(&wanted.route, &offer.candidate));
        misses.extend(of_offer.filter_map(ExportHeld::miss));
        let standing = match (misses.is_empty(), taken) {
            (false, _) => Standing::Misses(misses),
            (true, true) => Standing::Larger,
            (true, false) => Standing::Chosen,
        };
        taken |= standing == Standing::Chosen;
        let excused = own
            .iter()
            .flat_map(|trial| &trial.held)
            .filter_map(|held| Some(format!("{}: {}", held.gate, held.accepted.as_ref()?)));
        Considered { offer: offer.clone(), standing, accepted: excused.collect() }
    });
    Choice { route: wanted.route.clone(), considered: considered.collect() }
}

fn misses(offer: &Offer, wanted: &Wanted, own: &[&Trial]) -> Vec<Miss> {
    let mut misses = Vec::new();
    if wanted.families.is_empty() {
        // A route that asks for nothing is cleared by nobody: there is nothing that was shown.
        misses.push(open("", "no_families", "the route requires no family".to_owned()));
    }
    if offer.size.is_none() {
        let why = "the size of its artifact is not known: no device verified the file".to_owned();
        misses.push(open("", "no_size", why));
    }
    for required in &wanted.families {
        misses.extend(of_family(required, wanted, own));
    }
    misses
}

/// What speaks against a candidate on one family.
fn of_family(required: &Required, wanted: &Wanted, own: &[&Trial]) -> Vec<Miss> {
    let Required { family, units } = required;
    let there: Vec<&Trial> = own.iter().copied().filter(|trial| trial.family == *family).collect();
    let counts = |trial: &&Trial| !(wanted.on_hardware && trial.is_virtual);
    let trials: Vec<&Trial> = there.iter().copied().filter(counts).collect();
    if there.is_empty() {
        return vec![open(family, "not_run", "was not measured there".to_owned())];
    }
    if trials.is_empty() {
        return vec![open(family, "virtual_only", "only simulated devices stood for it".to_owned())];
    }
    let mut misses = Vec::new();
    let devices: BTreeSet<&str> = trials.iter().map(|trial| trial.device.as_str()).collect();
    if (devices.len() as u64) < u64::from(*units) {
        let why = format!("ran on {} of the {units} units that a claim about it needs", devices.len());
        misses.push(open(family, "too_few_units", why));
    }
    let held = || trials.iter().flat_map(|trial| &trial.held).filter(|held| held.outcome != Outcome::Info);
    if held().next().is_none() && wanted.gates.is_empty() {
        misses.push(open(family, "no_gate", "no gate was judged".to_owned()));
    }
    misses.extend(wanted.gates.iter().filter_map(|gate| unjudged(family, *gate, &trials)));
    let gates: BTreeSet<Gate> = held().map(|held| held.gate).collect();
    for gate in gates {
        // What a gate said over all trials of a family: the worst.
        let of_gate = held().filter(|held| held.gate == gate && held.misses());
        let worst = of_gate.min_by_key(|held| held.outcome != Outcome::Fail);
        misses.extend(worst.map(|held| Miss {
            family: family.clone(),
            gate: Some(gate),
            outcome: held.outcome,
            cause: held.cause.clone(),
            why: held.why.clone(),
        }));
    }
    misses
}

/// A gate that must have been judged, and was not in some session.
fn unjudged(family: &str, gate: Gate, trials: &[&Trial]) -> Option<Miss> {
    let of_trial = |trial: &&Trial| {
        let held = trial.held.iter().find(|held| held.gate == gate);
        held.map_or(Some(("not_run", "was not judged")), |held| {
            (held.outcome == Outcome::Info).then_some(("no_bar", "has no bar that it could pass"))
        })
    };
    let (cause, words) = trials.iter().find_map(of_trial)?;
    Some(Miss { gate: Some(gate), ..open(family, cause, format!("{gate} {words}")) })
}

/// A miss for want of proof.
pub(super) fn open(family: &str, cause: &str, why: String) -> Miss {
    let (family, cause) = (family.to_owned(), cause.to_owned());
    Miss { family, gate: None, outcome: Outcome::NotProven, cause, why }
}
