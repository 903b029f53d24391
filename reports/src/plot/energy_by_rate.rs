//! Joules per token against tokens per second: every session of a run a dot. Fast and frugal is at the lower right.

use edgesoak_record::{Gate, RunVerdict, SessionVerdict};

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Table, Words};
use super::ink::Ink;
use super::series::{Point, extent};
use crate::words::number::number;
use crate::words::text::{bounded, name};

const TITLE: &str = "Energy against rate";
/// Most sessions that are drawn, and of these most that are named beside their dot.
const MOST: usize = 200;
const MOST_NAMED: usize = 12;

/// A session with both figures.
struct Dot<'a> {
    session: &'a SessionVerdict,
    rate: f64,
    joules: f64,
}

pub(crate) fn plot(verdict: &RunVerdict) -> Plot {
    let dots: Vec<Dot<'_>> = verdict.sessions.iter().filter_map(dot).take(MOST).collect();
    if dots.is_empty() {
        let why = "No session has both a sustained rate and an energy that was measured.".to_owned();
        return Plot::Missing { title: TITLE, why };
    }
    Plot::Drawn(Box::new(drawn(&dots)))
}

fn dot(session: &SessionVerdict) -> Option<Dot<'_>> {
    let of = |gate: Gate| {
        let result = session.gates.iter().find(|result| result.gate == gate)?;
        result.measured.filter(|value| value.is_finite() && *value > 0.0)
    };
    // The one is the other upside down; a session may have either.
    let joules = of(Gate::JoulesPerToken).or_else(|| of(Gate::TokensPerJoule).map(f64::recip))?;
    Some(Dot { session, rate: of(Gate::SustainedTps)?, joules })
}

fn drawn(dots: &[Dot<'_>]) -> Chart {
    let points: Vec<Point> = dots.iter().map(|dot| (dot.rate, dot.joules)).collect();
    let rates: Vec<Point> = points.iter().map(|(rate, _)| (0.0, *rate)).collect();
    let (_, fastest) = extent([&rates[..]]).unwrap_or((0.0, 1.0));
    let (_, dearest) = extent([&points[..]]).unwrap_or((0.0, 1.0));
    let across = Scale::new(Axis::from_zero(fastest * 1.1, 8.0), "tokens/s, sustained");
    let mut chart =
        Chart::new("energy-by-rate", TITLE, across, Scale::new(Axis::from_zero(dearest, 4.0), "J/token"));
    chart.size = (900, 200);
    let of = |is_virtual: bool| {
        let dots = dots.iter().filter(move |dot| dot.session.is_virtual == is_virtual);
        dots.map(|dot| (dot.rate, dot.joules)).collect::<Vec<Point>>()
    };
    for (is_virtual, ink, words) in
        [(true, Ink::Reference, "◇ simulated device"), (false, Ink::Candidate, "hardware")]
    {
        let dots = of(is_virtual);
        if !dots.is_empty() {
            chart.key.push((ink, words.to_owned()));
            chart.dots.push((ink, dots));
        }
    }
    if dots.len() <= MOST_NAMED {
        chart.words = dots.iter().map(|dot| named(dot, &chart)).collect();
    }
    chart.describe("Each dot is one session: how fast it stayed, and what a token cost.");
    chart.table = Table {
        caption: TITLE.to_owned(),
        head: ["Device", "Session", "Candidate", "tokens/s", "J/token"].map(str::to_owned).into(),
        rows: dots.iter().map(row).collect(),
    };
    chart
}

fn named(dot: &Dot<'_>, chart: &Chart) -> Words {
    // Near the right edge a name stands at the left of its dot.
    let end = chart.across.axis.place(dot.rate) > 0.8;
    let mark = if dot.session.is_virtual { "◇ " } else { "" };
    Words {
        at: (dot.rate, dot.joules),
        by: (if end { -8.0 } else { 8.0 }, 4.0),
        end,
        ink: Ink::Candidate,
        text: format!("{mark}{}", bounded(&dot.session.device, 24)),
    }
}

fn row(dot: &Dot<'_>) -> Vec<String> {
    let mark = if dot.session.is_virtual { "◇ " } else { "" };
    vec![
        format!("{mark}{}", name(&dot.session.device)),
        name(&dot.session.session),
        name(&dot.session.candidate),
        number(dot.rate),
        number(dot.joules),
    ]
}
