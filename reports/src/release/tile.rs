//! Four figures of a release: the worst floor, coverage, the worst change, the trend.

use edgesoak_record::GateResult;
use edgesoak_record::comparison::Reference;
use edgesoak_record::release::{Release, ReleaseCell};

use crate::comparison::{signed, tile};
use crate::model::Tile;
use crate::words::gate::{Mood, sign};
use crate::words::number::Amount;
use crate::words::text::{name, sentence, word};

/// The tiles of the first screen.
pub(super) fn tiles(release: &Release) -> Vec<Tile> {
    vec![floor(release), coverage(release), change(release), trend(release)]
}

fn floor(release: &Release) -> Tile {
    const TITLE: &str = "Thermal floor, worst device";
    let floors = release.cells.iter().filter_map(|cell| Some((cell, cell.floor.as_ref()?)));
    let deciding = floors.filter(|(cell, _)| cell.decides);
    let rank = |(_, gate): &(&ReleaseCell, &GateResult)| (Mood::from(gate.outcome), margin(gate));
    let worst = deciding
        .min_by(|one, other| rank(one).partial_cmp(&rank(other)).unwrap_or(std::cmp::Ordering::Equal));
    let Some((cell, gate)) = worst else {
        return Tile::empty(TITLE, "not asked", "no floor in this release");
    };
    let Some(value) = gate.measured.filter(|value| value.is_finite()) else {
        let why = gate.cause.as_deref().map_or_else(|| "no figure".to_owned(), word);
        return Tile {
            mood: gate.outcome.into(),
            device: name(&cell.device),
            ..Tile::empty(TITLE, "not proven", why)
        };
    };
    let amount = Amount::of(value, &gate.unit);
    let mut detail: Vec<String> = Vec::new();
    detail.extend(
        gate.limit
            .map(|limit| format!("bar {} {}", sign(gate.gate), Amount::limit(limit, &gate.unit).number)),
    );
    if let (Some(lo), Some(hi)) = (gate.lo, gate.hi) {
        detail.push(format!(
            "95 % {} to {}",
            Amount::of(lo, &gate.unit).number,
            Amount::of(hi, &gate.unit).number
        ));
    }
    Tile {
        mood: gate.outcome.into(),
        value: amount.number,
        unit: amount.unit,
        device: format!("{} · {}", name(&cell.device), name(&cell.route)),
        is_virtual: cell.is_virtual,
        is_imported: cell.is_imported,
        ..Tile::empty(TITLE, "", detail.join(" · "))
    }
}

/// How far a figure is within its limit, as a part of it.
fn margin(gate: &GateResult) -> f64 {
    match (gate.measured, gate.limit) {
        (Some(measured), Some(limit)) if limit > 0.0 => (measured - limit) / limit,
        (Some(measured), _) => measured,
        _ => f64::NEG_INFINITY,
    }
}

fn coverage(release: &Release) -> Tile {
    const TITLE: &str = "Families covered";
    let (all, holes) = (release.coverage.len(), release.holes().count());
    let Some(first) = release.coverage.first() else {
        return Tile::empty(TITLE, "none owed", "the tier names no family");
    };
    let detail = match holes {
        0 => "by route, each on as many units as a claim needs".to_owned(),
        _ => sentence(&first.sentence).replace('`', ""),
    };
    Tile {
        mood: if holes == 0 { Mood::Pass } else { Mood::NotProven },
        value: format!("{} of {all}", all - holes),
        ..Tile::empty(TITLE, "", detail)
    }
}

fn change(release: &Release) -> Tile {
    let previous = release.references.iter().find(|held| held.reference == Reference::Previous);
    let worst =
        release.comparison.as_ref().and_then(|comparison| tile::change(comparison, Reference::Previous));
    match (worst, previous) {
        (Some(tile), Some(previous)) => {
            Tile { detail: format!("{} · {}", name(&previous.name), tile.detail), ..tile }
        }
        (_, held) => {
            let value = if held.is_some() { "not compared" } else { "nothing before it" };
            Tile::empty("Against the previous release", value, sentence(&release.not_compared))
        }
    }
}

fn trend(release: &Release) -> Tile {
    const TITLE: &str = "Floor over releases";
    let Some(first) = release.trends.first() else {
        return Tile::empty(TITLE, "no trend", "no floor of any release");
    };
    // Hardware stands first; simulated devices speak where there is nothing else.
    let of_kind = || release.trends.iter().filter(|trend| trend.is_virtual == first.is_virtual);
    let last = of_kind().flat_map(|trend| trend.changes.iter().map(move |change| (trend, change)));
    let last = last.max_by(|one, other| {
        (one.1.at, -one.1.change)
            .partial_cmp(&(other.1.at, -other.1.change))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let Some((trend, change)) = last else {
        // Steady is what was looked at everywhere; else the one that was not speaks.
        let open = of_kind().find(|trend| !trend.looked);
        let value = if open.is_some() { "not told" } else { "steady" };
        return Tile {
            is_virtual: first.is_virtual,
            mood: Mood::Info,
            ..Tile::empty(TITLE, value, sentence(&open.unwrap_or(first).sentence))
        };
    };
    Tile {
        // It decides nothing: the colour of a verdict is not its own.
        mood: Mood::Info,
        value: signed(Some(change.change)),
        device: format!("{} · {}", name(&trend.family), name(&trend.route)),
        is_virtual: trend.is_virtual,
        ..Tile::empty(TITLE, "", sentence(&change.sentence))
    }
}
