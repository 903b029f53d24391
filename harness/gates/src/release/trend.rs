//! The floor of each family and route, release by release, and where its level changed.
//!
//! A release's point is the mean over its units of `ln(floor)`, each unit the mean of its sessions: units of one release that ran on
//! one occasion are as many observations as there are units, however often each ran. The spread between runs is that of
//! history where it knows days, else that of the repeated runs of one unit in one release, pooled; without either no change is
//! looked for. See [`crate::statistics::change_points`] for the rest. A trend decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::Gate;
use edgesoak_record::host_entry::History;
use edgesoak_record::release::{Trend, TrendChange, TrendPoint, TrendValue};

use super::evidence::{Past, PastSession};
use crate::case::spread;
use crate::defaults::{LEAST_SIGMA, MOST_DEGREES_OF_FREEDOM};
use crate::figures::with_unit;
use crate::regression::between_run_sigma;
use crate::statistics::change_points::{Known, Level, change_points, level_of};

/// Fewest releases with a figure that a change is looked for in: two on one side tell what a level is.
const FEWEST: usize = 4;
/// Most releases of a trend, the latest.
const MOST: usize = 100;
/// Chance that a series without any change shows one.
const INVENTED: f64 = 0.01;

/// Family, route, simulated.
type Place<'a> = (&'a str, &'a str, bool);

/// Every trend, hardware before simulated devices.
pub fn of(past: &[Past], history: &History, bar: impl Fn(&str, &str) -> Option<f64>) -> Vec<Trend> {
    let past = &past[past.len().saturating_sub(MOST)..];
    let all = past.iter().flat_map(|release| &release.sessions);
    let mut places: Vec<Place<'_>> = all.map(place).collect::<BTreeSet<_>>().into_iter().collect();
    places.sort_by_key(|(_, _, is_virtual)| *is_virtual);
    places.into_iter().map(|at| trend(past, history, at, bar(at.0, at.1))).collect()
}

fn place(session: &PastSession) -> Place<'_> {
    (&session.family, &session.route, session.is_virtual)
}

fn trend(past: &[Past], history: &History, at: Place<'_>, bar: Option<f64>) -> Trend {
    let of_place: Vec<(&Past, Vec<&PastSession>)> = past
        .iter()
        .map(|release| (release, release.sessions.iter().filter(|it| place(it) == at).collect()))
        .collect();
    let points: Vec<TrendPoint> =
        of_place.iter().map(|(release, sessions)| point(release, sessions)).collect();
    let spread = known(&of_place, history);
    let (found, sentence) = told(&points, spread.as_ref());
    Trend {
        family: at.0.to_owned(),
        route: at.1.to_owned(),
        is_virtual: at.2,
        gate: Gate::FloorTps,
        bar,
        points,
        sigma: spread.map(|(known, _)| known.sigma),
        looked: found.is_some(),
        changes: found.unwrap_or_default(),
        sentence,
    }
}

/// Logarithms of the floors of each unit, those without a figure left out.
fn by_unit<'a>(sessions: &[&'a PastSession]) -> BTreeMap<&'a str, Vec<f64>> {
    let mut units: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for session in sessions {
        let floor = session.floor.ok().filter(|floor| floor.is_finite() && *floor > 0.0);
        if let Some(floor) = floor {
            units.entry(&session.device).or_default().push(floor.ln());
        }
    }
    units
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn point(release: &Past, sessions: &[&PastSession]) -> TrendPoint {
    let units = by_unit(sessions);
    let means: Vec<f64> = units.values().map(|runs| mean(runs)).collect();
    let ends = means.iter().copied().reduce(f64::min).zip(means.iter().copied().reduce(f64::max));
    let missing = || {
        let why = sessions.iter().find_map(|session| session.floor.err());
        TrendValue::Missing(why.unwrap_or("not measured").to_owned())
    };
    TrendPoint {
        release: release.name.clone(),
        promoted: release.promoted,
        value: if means.is_empty() { missing() } else { TrendValue::Measured(mean(&means).exp()) },
        range: ends.map(|(low, high)| (low.exp(), high.exp())),
        units: units.keys().map(|unit| (*unit).to_owned()).collect(),
        sessions: u32::try_from(units.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX),
    }
}

/// The spread of one run, and where it comes from.
fn known(of_place: &[(&Past, Vec<&PastSession>)], history: &History) -> Option<(Known, String)> {
    let groups: Vec<Vec<f64>> = of_place
        .iter()
        .flat_map(|(_, sessions)| by_unit(sessions).into_values())
        .map(|logs| logs.into_iter().map(f64::exp).collect())
        .collect();
    let own = between_run_sigma("", "", &groups);
    let devices: BTreeSet<&str> =
        of_place.iter().flat_map(|(_, sessions)| sessions.iter().map(|it| it.device.as_str())).collect();
    let of_units = history.between_run_sigma.iter();
    let of_units = of_units.filter(|known| devices.contains(known.device.as_str()) && spread::counts(known));
    let widest = of_units.max_by(|one, other| one.sigma.total_cmp(&other.sigma));
    let of = |sigma: f64, runs: u32| Known {
        sigma: sigma.max(LEAST_SIGMA),
        freedom: f64::from((runs - 1).min(MOST_DEGREES_OF_FREEDOM)),
    };
    match (widest, own) {
        (Some(days), own) if own.as_ref().is_none_or(|own| own.sigma <= days.sigma) => {
            let words = format!("from {} earlier runs on {} days", days.runs, days.days);
            Some((of(days.sigma, days.runs), words))
        }
        (_, Some(own)) => {
            let words = "from repeated runs within releases; days may differ more".to_owned();
            Some((of(own.sigma, own.runs), words))
        }
        (_, None) => None,
    }
}

/// The changes, `None` where none was looked for.
fn told(points: &[TrendPoint], spread: Option<&(Known, String)>) -> (Option<Vec<TrendChange>>, String) {
    let shown: Vec<(usize, Level)> = points
        .iter()
        .enumerate()
        .filter_map(|(place, point)| {
            let value = point.value.measured()?.ln();
            Some((place, Level { value, weight: point.units.len() as f64 }))
        })
        .collect();
    if shown.len() < FEWEST {
        let count = shown.len();
        let words =
            format!("{count} of the {FEWEST} releases with a floor that a change is looked for in: too few.");
        return (None, words);
    }
    let Some((known, origin)) = spread else {
        let words = "No release has two runs of one unit, and no history knows how far runs differ: no change is looked for.";
        return (None, words.to_owned());
    };
    let series: Vec<Level> = shown.iter().map(|(_, level)| *level).collect();
    let begins = change_points(&series, *known, INVENTED);
    let changes: Vec<TrendChange> =
        (0..begins.len()).map(|number| change(points, &shown, &series, &begins, number)).collect();
    let found = match changes.len() {
        0 => "No change of level".to_owned(),
        1 => "One change of level".to_owned(),
        count => format!("{count} changes of level"),
    };
    let others = other_units(points);
    let sentence = format!(
        "{found} in {} releases, with a spread between runs of {:.1} % {origin}.{others}",
        shown.len(),
        known.sigma * 100.0
    );
    (Some(changes), sentence)
}

fn change(
    points: &[TrendPoint],
    shown: &[(usize, Level)],
    series: &[Level],
    begins: &[usize],
    number: usize,
) -> TrendChange {
    let (begin, at) = (begins[number], shown[begins[number]].0);
    let from = if number == 0 { 0 } else { begins[number - 1] };
    let to = begins.get(number + 1).copied().unwrap_or(series.len());
    let (before, after) = (level_of(&series[from..begin]).exp(), level_of(&series[begin..to]).exp());
    let change = after / before - 1.0;
    let (unit, name) = (Gate::FloorTps.unit(), &points[at].release);
    let verb = if change < 0.0 { "fell" } else { "rose" };
    let only = if to - begin == 1 { ", seen in that release alone" } else { "" };
    TrendChange {
        at,
        before,
        after,
        change,
        sentence: format!(
            "With {name} the floor {verb} by {:.1} %, from {} to {}{only}.",
            change.abs() * 100.0,
            with_unit(before, unit),
            with_unit(after, unit)
        ),
    }
}

/// Other units may be faster or slower by themselves: where they changed, a change of level may be theirs.
fn other_units(points: &[TrendPoint]) -> &'static str {
    let sets: BTreeSet<&Vec<String>> =
        points.iter().filter(|point| !point.units.is_empty()).map(|point| &point.units).collect();
    if sets.len() > 1 {
        " Not all releases ran on the same units: a change may be that of the units."
    } else {
        ""
    }
}
