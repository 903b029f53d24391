//! Decode rate against the clock of what decodes, coloured by time: heat moves a point along a line, all else off it.

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Table};
use super::clock_strip;
use super::ink::Ink;
use super::rate::Rates;
use super::series::{Point, extent, mean};
use super::sheet::Subject;
use super::strip::COLUMNS;
use crate::words::number::number;
use crate::words::time::clock;

const TITLE: &str = "Rate against clock";
/// Fewest points that show anything.
const FEWEST: usize = 20;
/// Seconds that a rate is taken over: so is the clock.
const WINDOW: f64 = 5.0;
/// Time is shown in fifths.
const FIFTHS: u8 = 5;

/// Seconds, gigahertz, tokens/s.
type Moment = (f64, f64, f64);

pub(crate) fn plot(subject: &Subject<'_>) -> Plot {
    if subject.session.planned.workload.is_of_items {
        return missing("Answers are counted whole: there is no rate of tokens.");
    }
    let Some((name, trace)) = clock_strip::fastest(subject) else {
        return missing("No clock of what decodes could be read.");
    };
    let rates = Rates::of(&subject.session.prompts, subject.timeline).rolling();
    // What comes after the soak is cold again: its dots would hide those of the end.
    let soak = subject.timeline.spans.iter().find(|span| span.phase == "soaking");
    let end = soak.map_or(subject.timeline.end, |span| span.to);
    let soaked = rates.into_iter().filter(|(t, _)| *t <= end);
    let moments: Vec<Moment> =
        soaked.filter_map(|(t, rate)| Some((t, mean(&trace, t - WINDOW, t)?, rate))).collect();
    if moments.len() < FEWEST {
        return missing("There are too few moments at which both a rate and a clock are known.");
    }
    Plot::Drawn(Box::new(drawn(subject, &name, &moments)))
}

fn missing(why: &str) -> Plot {
    Plot::Missing { title: TITLE, why: why.to_owned() }
}

fn drawn(subject: &Subject<'_>, name: &str, moments: &[Moment]) -> Chart {
    let points: Vec<Point> = moments.iter().map(|(_, clock, rate)| (*clock, *rate)).collect();
    let clocks: Vec<Point> = points.iter().map(|(clock, _)| (0.0, *clock)).collect();
    let (low, high) = extent([&clocks[..]]).unwrap_or((0.0, 1.0));
    let (_, top) = extent([&points[..]]).unwrap_or((0.0, 1.0));
    let slack = (high - low).max(0.05) * 0.06;
    let across = Scale::new(Axis::over((low - slack).max(0.0), high + slack, 6.0), format!("GHz of {name}"));
    let mut chart =
        Chart::new("rate-by-clock", TITLE, across, Scale::new(Axis::from_zero(top, 4.0), "tokens/s"));
    let end = moments.last().map_or(subject.timeline.end, |moment| moment.0);
    for fifth in 0..FIFTHS {
        let (from, to) = (end * f64::from(fifth) / 5.0, end * f64::from(fifth + 1) / 5.0);
        let within = |moment: &&Moment| moment.0 > from && moment.0 <= to;
        let dots = moments.iter().filter(within).map(|(_, clock, rate)| (*clock, *rate));
        let dots = seen(dots, &chart);
        if dots.is_empty() {
            continue;
        }
        chart.dots.push((Ink::Time(fifth), dots));
        chart.key.push((Ink::Time(fifth), format!("{} to {}", clock(from), clock(to))));
        chart.table.rows.push(row(moments.iter().filter(within), from, to));
    }
    chart.describe("Each dot is the rate of five seconds and the clock at the same time; colours tell when.");
    chart.table = Table {
        caption: TITLE.to_owned(),
        head: ["Time", "GHz", "tokens/s", "tokens/s by GHz"].map(str::to_owned).into(),
        rows: std::mem::take(&mut chart.table.rows),
    };
    chart
}

/// Dots that fall on the same pixel are one.
fn seen(dots: impl Iterator<Item = Point>, chart: &Chart) -> Vec<Point> {
    let mut known = std::collections::BTreeSet::new();
    let pixel = |part: f64| format!("{:.0}", part * COLUMNS / 2.0);
    dots.filter(|(x, y)| known.insert((pixel(chart.across.axis.place(*x)), pixel(chart.up.axis.place(*y)))))
        .collect()
}

fn row<'a>(moments: impl Iterator<Item = &'a Moment>, from: f64, to: f64) -> Vec<String> {
    let (mut clocks, mut rates, mut count) = (0.0, 0.0, 0.0);
    for (_, clock, rate) in moments {
        clocks += clock;
        rates += rate;
        count += 1.0;
    }
    let time = format!("{} to {}", clock(from), clock(to));
    vec![time, number(clocks / count), number(rates / count), number(rates / clocks)]
}
