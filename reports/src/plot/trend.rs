//! A figure of a family over releases: level and range of units, the bar, and where the level changed for good.

use edgesoak_record::release::{Trend, TrendPoint};

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Words};
use super::ink::Ink;
use super::series::{Point, extent};
use crate::words::number::round;
use crate::words::text::bounded;

const TITLE: &str = "Over releases";
/// Most releases that are drawn, the newest of them.
const MOST: usize = 40;
/// Most names below the axis: more would run into each other.
const MOST_NAMES: usize = 8;

pub(crate) fn plot(trend: &Trend) -> Plot {
    let first = trend.points.len().saturating_sub(MOST);
    let points = &trend.points[first..];
    if points.iter().filter(|point| point.value.measured().is_some()).count() < 2 {
        let why = "One release with a figure makes no course.".to_owned();
        return Plot::Missing { title: TITLE, why };
    }
    Plot::Drawn(Box::new(drawn(trend, points, first)))
}

fn drawn(trend: &Trend, points: &[TrendPoint], first: usize) -> Chart {
    let at = |place: usize| place as f64 + 0.5;
    let figures: Vec<(f64, &TrendPoint, f64)> = points
        .iter()
        .enumerate()
        .filter_map(|(place, point)| Some((at(place), point, point.value.measured()?)))
        .collect();
    let ends = figures
        .iter()
        .flat_map(|(_, point, value)| point.range.map_or([*value, *value], |(low, high)| [low, high]));
    let ends: Vec<Point> = ends.chain(trend.bar).map(|value| (0.0, value)).collect();
    let (low, high) = extent([&ends[..]]).unwrap_or((0.0, 1.0));
    let slack = (high - low).max(high.abs() * 0.02) * 0.08;
    let up = Scale::new(Axis::over(low - slack, high + slack, 4.0), trend.gate.unit());
    let mut across = Scale::rows(u32::try_from(points.len()).unwrap_or(1));
    "releases in the order of their promotion".clone_into(&mut across.words);
    let mut chart = Chart::new("trend", TITLE, across, up);
    chart.size = (900, 170);
    chart.marks.extend(figures.iter().filter_map(|(x, point, _)| {
        let (low, high) = point.range?;
        Some((Ink::Bounds, (*x, low), (*x, high)))
    }));
    // A release without a figure is a gap, not a slope.
    let near = |a: &(f64, &TrendPoint, f64), b: &(f64, &TrendPoint, f64)| b.0 - a.0 < 1.5;
    let pieces = figures.chunk_by(near).filter(|piece| piece.len() > 1);
    chart.lines =
        pieces.map(|piece| (Ink::Rate, piece.iter().map(|(x, _, value)| (*x, *value)).collect())).collect();
    chart.dots.push((Ink::Candidate, figures.iter().map(|(x, _, value)| (*x, *value)).collect()));
    chart.key = vec![
        (Ink::Candidate, "mean of the units".to_owned()),
        (Ink::Bounds, "lowest to highest unit".to_owned()),
    ];
    if let Some(bar) = trend.bar.filter(|bar| bar.is_finite()) {
        chart.marks.push((Ink::Bar, (0.0, bar), (points.len() as f64, bar)));
        chart.key.push((Ink::Bar, format!("bar {}", round(bar))));
    }
    changes(&mut chart, trend, first);
    names(&mut chart, points);
    chart
        .describe("The level of each release, oldest first; a dotted line stands where it changed for good.");
    chart
}

/// A line before the first release of each new level.
fn changes(chart: &mut Chart, trend: &Trend, first: usize) {
    let high = chart.up.axis.high;
    for change in trend.changes.iter().filter(|change| change.at > first) {
        let x = (change.at - first) as f64;
        chart.marks.push(chart.at_across(Ink::Floor, x));
        let text =
            format!("{}{} %", if change.change < 0.0 { "" } else { "+" }, round(change.change * 100.0));
        chart.words.push(Words { at: (x, high), by: (4.0, 12.0), end: false, ink: Ink::Floor, text });
    }
}

/// Names of the releases under their dots, as many as have room.
fn names(chart: &mut Chart, points: &[TrendPoint]) {
    let low = chart.up.axis.low;
    let every = points.len().div_ceil(MOST_NAMES);
    let last = points.len() - 1;
    for (place, point) in points.iter().enumerate().filter(|(place, _)| (last - place).is_multiple_of(every))
    {
        let text = bounded(&point.release, 14);
        let half = text.chars().count() as f64 * 3.1;
        let at = (place as f64 + 0.5, low);
        chart.words.push(Words { at, by: (-half, 17.0), end: false, ink: Ink::Reference, text });
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::Gate;
    use edgesoak_record::release::{TrendChange, TrendValue};

    use super::*;
    use crate::page::chart;

    fn trend(levels: &[f64]) -> Trend {
        let point = |(place, level): (usize, &f64)| TrendPoint {
            release: format!("1.{place}"),
            promoted: None,
            value: if level.is_finite() {
                TrendValue::Measured(*level)
            } else {
                TrendValue::Missing("not run".to_owned())
            },
            range: level.is_finite().then(|| (level - 0.5, level + 0.5)),
            units: vec!["a".to_owned()],
            sessions: 3,
        };
        let sentence = "The floor fell by 20 % with 1.3.".to_owned();
        Trend {
            family: "phones".to_owned(),
            route: "policy_qa".to_owned(),
            is_virtual: false,
            gate: Gate::FloorTps,
            bar: Some(15.0),
            points: levels.iter().enumerate().map(point).collect(),
            sigma: Some(0.02),
            changes: vec![TrendChange {
                at: 3,
                before: 20.0,
                after: 16.0,
                change: -0.2,
                sentence: sentence.clone(),
            }],
            sentence,
        }
    }

    #[test]
    fn levels_ranges_bar_and_change_are_drawn() {
        let plot = plot(&trend(&[20.0, 20.2, f64::NAN, 16.1, 15.9]));
        insta::assert_snapshot!(chart("t", &plot, false).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn one_release_is_no_course() {
        assert!(matches!(plot(&trend(&[20.0, f64::NAN])), Plot::Missing { .. }));
    }

    #[test]
    fn of_many_releases_the_newest_are_drawn_and_a_few_named() {
        let many: Vec<f64> = (0..100).map(|place| 20.0 - f64::from(place) * 0.01).collect();
        let Plot::Drawn(chart) = plot(&trend(&many)) else { panic!("it is drawn") };
        assert_eq!(chart.dots[0].1.len(), MOST);
        let names = chart.words.iter().filter(|words| words.ink == Ink::Reference);
        assert_eq!(names.clone().count(), MOST_NAMES);
        assert!(names.into_iter().any(|words| words.text == "1.99"), "the newest is named");
    }
}
