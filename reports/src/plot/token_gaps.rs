//! How long tokens let wait for them: cold, as in the burst, against hot, as in the last minutes.

use edgesoak_record::Gate;
use edgesoak_record::session::Prompt;

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Table, Words};
use super::ink::Ink;
use super::series::Point;
use super::sheet::Subject;
use crate::words::number::{count, number};
use crate::words::time::clock;

const TITLE: &str = "Time between tokens";
/// Fewest times between tokens that make a curve.
const FEWEST: usize = 30;
/// Columns of pixels that a curve is thinned to.
const COLUMNS: u32 = 500;
/// The tail behind this part of the slower side is named and not drawn: one stall would press all else flat.
const SHOWN: f64 = 0.995;

/// Times of one stretch, milliseconds, rising.
struct Side {
    ink: Ink,
    name: String,
    gaps: Vec<f64>,
}

pub(crate) fn plot(subject: &Subject<'_>) -> Plot {
    match sides(subject) {
        Ok(sides) => Plot::Drawn(Box::new(drawn(subject, &sides))),
        Err(why) => Plot::Missing { title: TITLE, why },
    }
}

fn sides(subject: &Subject<'_>) -> Result<Vec<Side>, String> {
    if subject.session.planned.workload.is_of_items {
        return Err("Answers are counted whole: nobody waits for single tokens.".to_owned());
    }
    let stamped = subject.session.prompts.iter().filter(|prompt| prompt.token_times.len() > 1);
    if let Some(most) = stamped.map(|prompt| prompt.tokens_per_stamp).max().filter(|most| *most > 1) {
        return Err(format!("The runtime tells {most} tokens at a time: the time of each is not known."));
    }
    let sides: Vec<Side> = [(Gate::BurstTps, Ink::Cold, "burst"), (Gate::SustainedTps, Ink::Hot, "soaked")]
        .into_iter()
        .filter_map(|(gate, ink, word)| {
            let span = subject.gate(gate)?.evidence.iter().find(|evidence| evidence.channel == "tokens")?;
            let gaps = gaps(&subject.session.prompts, subject, span.from_s, span.to_s);
            let name = format!("{word}, {} to {}", clock(span.from_s), clock(span.to_s));
            (gaps.len() >= FEWEST).then_some(Side { ink, name, gaps })
        })
        .collect();
    if sides.len() == 2 { Ok(sides) } else { Err("It needs a burst and three minutes of soak.".to_owned()) }
}

/// Between tokens of one answer that both lie in the stretch.
fn gaps(prompts: &[Prompt], subject: &Subject<'_>, from: f64, to: f64) -> Vec<f64> {
    let within = |t: f64| (from..=to).contains(&t);
    let mut gaps: Vec<f64> = prompts
        .iter()
        .filter(|prompt| prompt.phase == "soaking")
        .flat_map(|prompt| prompt.token_times.windows(2))
        .filter(|pair| within(subject.timeline.at(pair[0])) && within(subject.timeline.at(pair[1])))
        .map(|pair| pair[1].since(pair[0]).as_millis_f64())
        .collect();
    gaps.sort_by(f64::total_cmp);
    gaps
}

fn drawn(subject: &Subject<'_>, sides: &[Side]) -> Chart {
    let low = sides.iter().map(|side| side.gaps[0]).fold(f64::INFINITY, f64::min);
    let limit = subject.limit(Gate::ItlP95).filter(|limit| limit.is_finite());
    let high = sides.iter().map(|side| nearest(&side.gaps, SHOWN)).chain(limit).fold(low, f64::max);
    let across = Scale::new(Axis::over(low, high, 6.0), "milliseconds between tokens");
    let mut chart =
        Chart::new("token-gaps", TITLE, across, Scale::new(Axis::over(0.0, 100.0, 4.0), "% of tokens"));
    for side in sides {
        chart.lines.push((side.ink, curve(&side.gaps, &chart.across.axis)));
        let text = format!(
            "{} median {}",
            side.name.split(',').next().unwrap_or_default(),
            number(nearest(&side.gaps, 0.5))
        );
        // Above on the right of the one, below on the left of the other: near each other they stay apart.
        let cold = side.ink == Ink::Cold;
        let part = if cold { 0.75 } else { 0.25 };
        let at = (nearest(&side.gaps, part), part * 100.0);
        let by = (if cold { 8.0 } else { -8.0 }, 4.0);
        chart.words.push(Words { at, by, end: !cold, ink: side.ink, text });
        chart.key.push((side.ink, format!("{} ({} tokens)", side.name, count(side.gaps.len() as u64))));
    }
    if let Some(limit) = limit {
        chart.marks.push(chart.at_across(Ink::Bar, limit));
        chart.key.push((Ink::Bar, format!("bar at p95: {} ms", number(limit))));
    }
    let longest = sides.iter().filter_map(|side| side.gaps.last()).copied().fold(0.0, f64::max);
    if longest > chart.across.axis.high {
        let words = &chart.across.words;
        chart.across.words = format!("{words}; the longest took {} and is not drawn", number(longest));
    }
    chart.describe("The part of tokens that came within a time, in the burst and in the last minutes.");
    chart.table = table(sides);
    chart
}

/// The part of times up to each column of pixels.
fn curve(gaps: &[f64], axis: &Axis) -> Vec<Point> {
    let width = (axis.high - axis.low) / f64::from(COLUMNS);
    let part = |x: f64| gaps.partition_point(|gap| *gap <= x) as f64 / gaps.len() as f64 * 100.0;
    (0..=COLUMNS).map(|column| axis.low + f64::from(column) * width).map(|x| (x, part(x))).collect()
}

/// Nearest rank: the smallest that so many are not above.
fn nearest(gaps: &[f64], part: f64) -> f64 {
    let place = gaps.iter().enumerate().find(|(place, _)| (place + 1) as f64 >= part * gaps.len() as f64);
    place.map_or(0.0, |(_, gap)| *gap)
}

fn table(sides: &[Side]) -> Table {
    const RANKS: [(&str, f64); 6] =
        [("p10", 0.1), ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("longest", 1.0)];
    let head = std::iter::once("Milliseconds".to_owned()).chain(sides.iter().map(|side| side.name.clone()));
    let row = |(word, part): &(&str, f64)| {
        let values = sides.iter().map(|side| number(nearest(&side.gaps, *part)));
        std::iter::once((*word).to_owned()).chain(values).collect()
    };
    Table { caption: TITLE.to_owned(), head: head.collect(), rows: RANKS.iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_curve_rises_from_the_first_to_all(gaps in prop::collection::vec(0.1..500.0_f64, 30..300)) {
            let mut gaps = gaps;
            gaps.sort_by(f64::total_cmp);
            let axis = Axis::over(gaps[0], gaps[gaps.len() - 1], 6.0);
            let curve = curve(&gaps, &axis);
            prop_assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1));
            prop_assert!((curve[curve.len() - 1].1 - 100.0).abs() < 1e-9);
            prop_assert!(nearest(&gaps, 0.5) <= nearest(&gaps, 0.95));
            prop_assert!((nearest(&gaps, 1.0) - gaps[gaps.len() - 1]).abs() < 1e-12);
        }
    }
}
