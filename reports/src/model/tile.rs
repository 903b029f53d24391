//! The worst device in each promise that a release manager asks about first.

use edgesoak_record::{Gate, GateResult};

use super::change;
use super::gate_row::{bounds, cause};
use super::margin::share;
use super::matrix::INTEGRITY;
use super::sources::Pair;
use crate::background::Earlier;
use crate::words::gate::{Mood, name as gate_name, sign};
use crate::words::number::Amount;

/// One tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    pub title: &'static str,
    pub mood: Mood,
    /// Number or word.
    pub value: String,
    pub unit: String,
    /// Bar and bounds, or the cause.
    pub detail: String,
    /// Whose figure it is; empty when there is only one device.
    pub device: String,
    pub is_virtual: bool,
    pub is_imported: bool,
}

impl Tile {
    /// One without a figure.
    pub fn empty(title: &'static str, value: &str, detail: impl Into<String>) -> Self {
        Self {
            title,
            mood: Mood::Nothing,
            value: value.to_owned(),
            unit: String::new(),
            detail: detail.into(),
            device: String::new(),
            is_virtual: false,
            is_imported: false,
        }
    }
}

/// Title and the gates that answer it: of those with a limit the worst speaks, else one with a figure.
type Title = (&'static str, &'static [Gate]);

/// Of routes that decode.
const FLOOR: Title = ("Thermal floor", &[Gate::FloorTps]);
/// What is said first where every answer is counted whole.
const ITEMS: Title = ("Items", &[Gate::ItemsPerSecond]);
const TITLES: [Title; 2] =
    [("Golden quality", &[Gate::Quality]), ("Energy", &[Gate::TokensPerJoule, Gate::JoulesPerToken])];
/// Promises that a reader looks for: that nobody asked is said too.
const SOUGHT: [Gate; 3] = [Gate::Placement, Gate::Privacy, Gate::Leaks];

pub(super) fn tiles(pairs: &[Pair<'_>], earlier: &[Earlier]) -> Vec<Tile> {
    let several = pairs.len() > 1;
    let counts_items = !pairs.is_empty() && pairs.iter().all(Pair::is_of_items);
    let first = if counts_items { ITEMS } else { FLOOR };
    let mut tiles: Vec<Tile> =
        [first].iter().chain(&TITLES).map(|(title, gates)| figure(title, gates, pairs, earlier)).collect();
    tiles.push(integrity(pairs, several));
    tiles
}

fn figure(title: &'static str, gates: &[Gate], pairs: &[Pair<'_>], earlier: &[Earlier]) -> Tile {
    let several = pairs.len() > 1;
    let of = |with: &dyn Fn(&GateResult) -> bool| {
        let of_gate = |gate: &Gate| {
            let gate = *gate;
            pairs.iter().filter_map(move |pair| Some((pair, pair.gate(gate)?)))
        };
        let results = gates.iter().flat_map(of_gate).filter(|(_, result)| with(result));
        let mut results: Vec<(&Pair<'_>, &GateResult)> = results.collect();
        results.sort_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
        results.first().copied()
    };
    let worst = of(&|result| result.limit.is_some() || result.blocking)
        .or_else(|| of(&|result| result.measured.is_some()))
        .or_else(|| of(&|_| true));
    let Some((pair, result)) = worst else {
        return Tile::empty(title, "not asked", "no bar and no figure in this run");
    };
    let (value, unit) = match result.measured.filter(|value| value.is_finite()) {
        Some(value) => {
            let amount = Amount::of(value, &result.unit);
            (amount.number, amount.unit)
        }
        None => ("not proven".to_owned(), String::new()),
    };
    Tile {
        title,
        mood: result.outcome.into(),
        value,
        unit,
        detail: detail(result, change::told(pair, result, earlier)),
        device: if several { pair.device() } else { String::new() },
        is_virtual: pair.is_virtual(),
        is_imported: pair.is_imported(),
    }
}

/// Worst outcome first, hardware first, then the smallest margin to the limit as a part of it.
fn rank(entry: &(&Pair<'_>, &GateResult)) -> (Mood, bool, f64) {
    let (pair, result) = entry;
    (result.outcome.into(), pair.is_virtual(), share(result).unwrap_or(f64::INFINITY))
}

/// "p95": which of its percentiles a latency is must stand beside it.
fn is_percentile(part: &str) -> bool {
    part.strip_prefix('p')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn detail(result: &GateResult, changes: Vec<String>) -> String {
    let mut parts: Vec<String> =
        result.gate.word().split('_').filter(|part| is_percentile(part)).map(str::to_owned).collect();
    if result.measured.is_none() {
        parts.extend(cause(result));
    }
    if let Some(limit) = result.limit {
        let limit = Amount::limit(limit, &result.unit);
        // Beside a figure its unit is already said.
        let limit = if result.measured.is_some() { limit.number } else { limit.full() };
        parts.push(format!("bar {} {limit}", sign(result.gate)));
    }
    if let Some(bounds) = bounds(result) {
        parts.push(format!("95 % {bounds}"));
    }
    if result.measured.is_some() && result.outcome == edgesoak_record::Outcome::NotProven {
        parts.extend(cause(result));
    }
    parts.extend(changes);
    parts.join(" · ")
}

fn integrity(pairs: &[Pair<'_>], several: bool) -> Tile {
    let mut results: Vec<(&Pair<'_>, &GateResult)> = pairs
        .iter()
        .flat_map(|pair| INTEGRITY.iter().filter_map(move |gate| Some((pair, pair.gate(*gate)?))))
        .collect();
    results.sort_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
    let Some((pair, worst)) = results.first() else {
        return Tile::empty("Integrity", "not judged", "no session was judged");
    };
    let mood = Mood::from(worst.outcome);
    let value = match mood {
        Mood::Pass => "held",
        Mood::Fail => "broken",
        _ => "not proven",
    };
    Tile {
        title: "Integrity",
        mood,
        value: value.to_owned(),
        unit: String::new(),
        detail: by_outcome(&results),
        device: if several && mood != Mood::Pass { pair.device() } else { String::new() },
        is_virtual: pair.is_virtual(),
        is_imported: pair.is_imported(),
    }
}

/// "placement: not run · artifact, journal held": what is open first, with gates of one cause together.
fn by_outcome(results: &[(&Pair<'_>, &GateResult)]) -> String {
    let mut open: Vec<(String, Vec<String>)> = Vec::new();
    let mut held = Vec::new();
    for gate in INTEGRITY {
        let Some((_, result)) = results.iter().find(|(_, result)| result.gate == *gate) else { continue };
        let label = gate_name(*gate).to_lowercase();
        match Mood::from(result.outcome) {
            Mood::Pass => held.push(label),
            Mood::Info => {}
            mood => {
                let why = cause(result).unwrap_or_else(|| mood.word().to_owned());
                match open.iter_mut().find(|(cause, _)| *cause == why) {
                    Some((_, gates)) => gates.push(label),
                    None => open.push((why, vec![label])),
                }
            }
        }
    }
    let mut parts: Vec<String> =
        open.into_iter().map(|(cause, gates)| format!("{}: {cause}", gates.join(", "))).collect();
    if !held.is_empty() {
        parts.push(format!("{} held", held.join(", ")));
    }
    let unasked = |gate: &&Gate| !results.iter().any(|(_, result)| result.gate == **gate);
    let unasked: Vec<String> =
        SOUGHT.iter().filter(unasked).map(|gate| gate_name(*gate).to_lowercase()).collect();
    if !unasked.is_empty() {
        parts.push(format!("{} not asked", unasked.join(", ")));
    }
    parts.join(" · ")
}
