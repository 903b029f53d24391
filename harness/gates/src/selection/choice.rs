//! Candidates on routes and families, and which of them a route gets.

use edgesoak_record::gate::Gate;
use edgesoak_record::units::Bytes;
use edgesoak_record::verdict::Outcome;

use super::held::Held;

/// A candidate and what it weighs: the smallest that clears its bars is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Id of the candidate.
    pub candidate: String,
    /// Size of its artifacts.
    pub size: Bytes,
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
    /// What its gates said.
    pub held: Vec<Held>,
}

/// What a route wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Id of the route.
    pub route: String,
    /// Families on which every bar must be cleared.
    pub families: Vec<String>,
    /// Gates that must pass.
    pub gates: Vec<Gate>,
}

/// Why a candidate does not clear a route.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// Where.
    pub family: String,
    /// Which gate; `None` where the candidate did not run at all.
    pub gate: Option<Gate>,
    /// `Fail` or `NotProven`.
    pub outcome: Outcome,
    /// In words.
    pub why: String,
}

/// Where a candidate stands on a route.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// The smallest that clears every bar.
    Chosen,
    /// Clears every bar, and so does a smaller one.
    Larger,
    /// Misses a bar on some family, or was not shown to clear it.
    Misses(Vec<Miss>),
}

/// A candidate of a route and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    /// What it is and weighs.
    pub offer: Offer,
    /// What became of it.
    pub standing: Standing,
}

/// What a route gets.
#[derive(Debug, Clone, PartialEq)]
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
/// offer without a trial is nobody's candidate, and a trial without an offer has no size and is left out.
#[must_use]
pub fn select(offers: &[Offer], wanted: &[Wanted], trials: &[Trial]) -> Vec<Choice> {
    wanted.iter().map(|wanted| choose(offers, wanted, trials)).collect()
}

fn choose(offers: &[Offer], wanted: &Wanted, trials: &[Trial]) -> Choice {
    let ran = |offer: &&Offer| {
        trials.iter().any(|trial| trial.route == wanted.route && trial.candidate == offer.candidate)
    };
    let mut offers: Vec<&Offer> = offers.iter().filter(ran).collect();
    offers.sort_by(|one, other| (one.size, &one.candidate).cmp(&(other.size, &other.candidate)));
    let mut taken = false;
    let considered = offers.into_iter().map(|offer| {
        let misses = misses(&offer.candidate, wanted, trials);
        let standing = match (misses.is_empty(), taken) {
            (false, _) => Standing::Misses(misses),
            (true, true) => Standing::Larger,
            (true, false) => Standing::Chosen,
        };
        taken |= standing == Standing::Chosen;
        Considered { offer: offer.clone(), standing }
    });
    Choice { route: wanted.route.clone(), considered: considered.collect() }
}

fn misses(candidate: &str, wanted: &Wanted, trials: &[Trial]) -> Vec<Miss> {
    if wanted.families.is_empty() || wanted.gates.is_empty() {
        // A route that asks for nothing is cleared by nobody: there is nothing that was shown.
        let why = "the route requires no family or no gate".to_owned();
        return vec![Miss { family: String::new(), gate: None, outcome: Outcome::NotProven, why }];
    }
    let mut misses = Vec::new();
    for family in &wanted.families {
        let of_family = |trial: &&Trial| {
            trial.candidate == candidate && trial.route == wanted.route && trial.family == *family
        };
        let trials: Vec<&Trial> = trials.iter().filter(of_family).collect();
        let miss = |gate, outcome, why| Miss { family: family.clone(), gate, outcome, why };
        if trials.is_empty() {
            misses.push(miss(None, Outcome::NotProven, "did not run there".to_owned()));
            continue;
        }
        for gate in &wanted.gates {
            match worst(&trials, *gate) {
                None => {
                    let why = format!("{gate} was not judged");
                    misses.push(miss(Some(*gate), Outcome::NotProven, why));
                }
                Some(held) => misses
                    .extend(held.complaint().map(|complaint| miss(Some(*gate), held.outcome, complaint))),
            }
        }
    }
    misses
}

/// What a gate said over all trials of a family: the worst. A figure without a bar is no verdict.
fn worst<'a>(trials: &[&'a Trial], gate: Gate) -> Option<&'a Held> {
    let rank = |held: &&Held| match held.outcome {
        Outcome::Fail => 0,
        Outcome::NotProven => 1,
        Outcome::Pass | Outcome::Info => 2,
    };
    let held = trials.iter().flat_map(|trial| &trial.held);
    held.filter(|held| held.gate == gate && held.outcome != Outcome::Info).min_by_key(rank)
}
