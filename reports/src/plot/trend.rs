//! A figure of a family over releases: a dot for each, the level between two changes, and the bar.

use edgesoak_record::release::{Trend, TrendChange, TrendPoint, TrendValue};

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Table, Words};
use super::ink::Ink;
use super::series::{Point, extent};
use crate::words::gate::name as gate_name;
use crate::words::number::{Amount, NONE, round};
use crate::words::text::{bounded, name};
use crate::words::time::date;

/// Fewest releases with a figure that make a plot.
const FEWEST: usize = 2;
/// Most releases that are drawn, the latest: each keeps room for its dot.
const MOST: usize = 60;
/// Most names below the axis.
const MOST_NAMES: usize = 12;
/// Longest name below the axis.
const LONGEST: usize = 12;

/// The plot of a trend.
pub(crate) fn plot(trend: &Trend) -> Plot {
    let first = trend.points.len().saturating_sub(MOST);
    let points: Vec<(f64, &TrendPoint)> =
        trend.points.iter().enumerate().skip(first).map(|(place, point)| (place as f64, point)).collect();
    let measured = points.iter().filter(|(_, point)| point.value.measured().is_some()).count();
    if measured < FEWEST {
        let why = format!("{measured} of {} releases has a figure: a trend needs {FEWEST}.", points.len());
        return Plot::Missing { title: gate_name(trend.gate), why };
    }
    Plot::Drawn(Box::new(drawn(trend, &points)))
}

fn drawn(trend: &Trend, points: &[(f64, &TrendPoint)]) -> Chart {
    let figures = points.iter().filter_map(|(_, point)| point.value.measured());
    let ends = points.iter().filter_map(|(_, point)| point.range).flat_map(|(low, high)| [low, high]);
    let values: Vec<Point> = figures.chain(ends).chain(trend.bar).map(|value| (0.0, value)).collect();
    let (low, high) = extent([&values[..]]).unwrap_or((0.0, 1.0));
    let slack = (high - low).max(high.abs() * 0.05) * 0.12;
    let (begin, end) = (points.first().map_or(0.0, |it| it.0), points.last().map_or(1.0, |it| it.0));
    let mut across = Axis::over(begin - 0.5, end + 0.5, 4.0);
    (across.low, across.high) = (begin - 0.5, end + 0.5);
    across.ticks.clear();
    let up = Scale::new(Axis::over((low - slack).max(0.0), high + slack, 4.0), trend.gate.unit());
    let mut chart = Chart::new(
        "trend",
        gate_name(trend.gate),
        Scale::new(across, "releases, in the order of promotion"),
        up,
    );
    chart.size = (1_080, 190);
    bar(&mut chart, trend);
    levels(&mut chart, trend, points);
    for (at, point) in points {
        if let Some((low, high)) = point.range.filter(|(low, high)| low < high) {
            chart.marks.push((Ink::Bounds, (*at, low), (*at, high)));
        }
    }
    let dots = points.iter().filter_map(|(at, point)| Some((*at, point.value.measured()?)));
    chart.dots.push((Ink::Candidate, dots.collect()));
    names(&mut chart, points);
    chart.key = vec![
        (Ink::Candidate, "release, mean of its units".to_owned()),
        (Ink::Bounds, "from its lowest to its highest unit".to_owned()),
        (Ink::Figure, "level between two changes".to_owned()),
    ];
    chart.description = description(trend);
    chart.table = table(trend);
    chart
}

fn bar(chart: &mut Chart, trend: &Trend) {
    let Some(bar) = trend.bar.filter(|bar| bar.is_finite()) else { return };
    let (begin, end) = (chart.across.axis.low, chart.across.axis.high);
    chart.marks.push((Ink::Bar, (begin, bar), (end, bar)));
    chart.words.push(Words {
        at: (begin, bar),
        by: (4.0, -4.0),
        end: false,
        ink: Ink::Bar,
        text: format!("bar {}", round(bar)),
    });
}

/// The level of each stretch, and a line where one begins.
fn levels(chart: &mut Chart, trend: &Trend, points: &[(f64, &TrendPoint)]) {
    let (begin, end) = (chart.across.axis.low, chart.across.axis.high);
    let starts = trend.changes.iter().map(|change| (change.at as f64 - 0.5).max(begin));
    let ends: Vec<f64> = starts.clone().chain([end]).collect();
    let mut values: Vec<f64> = trend.changes.first().map(|change| change.before).into_iter().collect();
    values.extend(trend.changes.iter().map(|change| change.after));
    for ((from, to), value) in [begin].into_iter().chain(starts).zip(&ends).zip(values) {
        if *to > from {
            chart.marks.push((Ink::Figure, (from, value), (*to, value)));
        }
    }
    for TrendChange { at, change, .. } in &trend.changes {
        let at = *at as f64 - 0.5;
        if points.first().is_some_and(|first| at > first.0 - 0.5) {
            let (low, high) = (chart.up.axis.low, chart.up.axis.high);
            chart.marks.push((Ink::Cap, (at, low), (at, high)));
            let sign = if *change < 0.0 { "−" } else { "+" };
            let text = format!("{sign}{:.1} %", change.abs() * 100.0);
            chart.words.push(Words { at: (at, high), by: (5.0, 12.0), end: false, ink: Ink::Cap, text });
        }
    }
}

/// Names of releases below their dots, as many as there is room for; the last one always.
fn names(chart: &mut Chart, points: &[(f64, &TrendPoint)]) {
    let every = points.len().div_ceil(MOST_NAMES).max(1);
    let low = chart.up.axis.low;
    for (place, (at, point)) in points.iter().rev().enumerate() {
        if place % every == 0 {
            let text = bounded(&point.release, LONGEST);
            let back = -3.0 * text.chars().count() as f64;
            chart.words.push(Words {
                at: (*at, low),
                by: (back, 18.0),
                end: false,
                ink: Ink::Clock(0),
                text,
            });
        }
    }
}

fn description(trend: &Trend) -> String {
    let of = format!(
        "{} of {} on {} over {} releases.",
        gate_name(trend.gate),
        name(&trend.route),
        name(&trend.family),
        trend.points.len()
    );
    let changes = trend.changes.iter().map(|change| change.sentence.clone());
    let told: Vec<String> = [of].into_iter().chain(changes).take(4).collect();
    bounded(&told.join(" "), 420)
}

fn table(trend: &Trend) -> Table {
    let unit = trend.gate.unit();
    let number = |value: f64| Amount::of(value, unit).number;
    let row = |(place, point): (usize, &TrendPoint)| {
        let value = match &point.value {
            TrendValue::Measured(value) => number(*value),
            TrendValue::Missing(why) => name(why),
        };
        let range = point
            .range
            .map_or_else(|| NONE.to_owned(), |(low, high)| format!("{} to {}", number(low), number(high)));
        let change = trend.changes.iter().find(|change| change.at == place);
        vec![
            name(&point.release),
            point.promoted.map_or_else(|| "not promoted".to_owned(), date),
            value,
            range,
            point.units.len().to_string(),
            point.sessions.to_string(),
            change.map_or_else(String::new, |change| {
                format!("{} to {}", number(change.before), number(change.after))
            }),
        ]
    };
    Table {
        caption: format!("{} of each release", gate_name(trend.gate)),
        head: [
            "Release".to_owned(),
            "Promoted".to_owned(),
            format!("{} {unit}", gate_name(trend.gate)),
            "Lowest to highest unit".to_owned(),
            "Units".to_owned(),
            "Sessions".to_owned(),
            "Change of level".to_owned(),
        ]
        .into(),
        rows: trend.points.iter().enumerate().map(row).collect(),
    }
}
