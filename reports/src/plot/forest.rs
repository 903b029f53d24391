//! A candidate against its references: every run a dot, the interval of the change, and the margin that may be lost.

use edgesoak_record::comparison::{Change, DeviceComparison};

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Table, Words};
use super::ink::Ink;
use super::series::{Point, extent};
use crate::words::number::{NONE, number, round};

const TITLE: &str = "Every run";
/// Most runs of one side that are drawn: decisions fall after a few.
const MOST: usize = 64;
/// Places within the row of a reference, from its top.
const REFERENCE: f64 = 0.64;
const CANDIDATE: f64 = 0.40;
const INTERVAL: f64 = 0.22;

/// A change with runs that can be drawn.
struct Row<'a> {
    change: &'a Change,
    /// Changes of single runs against the mean of the reference, %.
    candidate: Vec<f64>,
    reference: Vec<f64>,
}

pub(crate) fn plot(device: &DeviceComparison) -> Plot {
    let rows: Vec<Row<'_>> = device.changes.iter().filter_map(row).collect();
    if rows.is_empty() {
        let why = "No runs of both sides with a sustained rate are known.".to_owned();
        return Plot::Missing { title: TITLE, why };
    }
    Plot::Drawn(Box::new(drawn(&rows)))
}

/// Rates against the mean of the reference's logarithms, as the change itself is told.
fn row(change: &Change) -> Option<Row<'_>> {
    let logs = |rates: &[f64]| -> Vec<f64> {
        let usable = rates.iter().filter(|rate| rate.is_finite() && **rate > 0.0);
        usable.take(MOST).map(|rate| rate.ln()).collect()
    };
    let (candidate, reference) = (logs(&change.candidate_rates), logs(&change.reference_rates));
    if candidate.is_empty() || reference.is_empty() {
        return None;
    }
    let mean = reference.iter().sum::<f64>() / reference.len() as f64;
    let against = |logs: &[f64]| logs.iter().map(|log| (log - mean).exp_m1() * 100.0).collect();
    Some(Row { change, candidate: against(&candidate), reference: against(&reference) })
}

fn drawn(rows: &[Row<'_>]) -> Chart {
    let values = rows.iter().flat_map(|row| {
        let bounds = [row.change.lo, row.change.hi, Some(row.change.limit), Some(0.0)];
        let bounds = bounds.into_iter().flatten().map(|part| part * 100.0);
        bounds.chain(row.candidate.iter().copied()).chain(row.reference.iter().copied())
    });
    let values: Vec<Point> = values.map(|value| (0.0, value)).collect();
    let (low, high) = extent([&values[..]]).unwrap_or((-1.0, 1.0));
    let slack = (high - low).max(1.0) * 0.05;
    let across = Scale::new(Axis::over(low - slack, high + slack, 8.0), "% change of the sustained rate");
    let count = u32::try_from(rows.len()).unwrap_or(1);
    let mut chart = Chart::new("runs", TITLE, across, Scale::rows(count));
    chart.size = (900, 96 * count);
    for (place, row) in rows.iter().enumerate() {
        add(&mut chart, row, f64::from(count) - place as f64);
    }
    chart.marks.push(chart.at_across(Ink::Grid, 0.0));
    let says = [
        (Ink::Candidate, "run of the candidate"),
        (Ink::Reference, "run of the reference"),
        (Ink::Bounds, "change, with its bounds"),
        (Ink::Margin, "may be lost"),
    ];
    chart.key = says.into_iter().map(|(ink, text)| (ink, text.to_owned())).collect();
    chart.describe(
        "Each dot is the sustained rate of one run against the mean of the reference's; the bar \
                         is the change with its bounds, and the shade is what may be lost.",
    );
    chart.table = Table {
        caption: "Sustained rates of single runs, oldest first".to_owned(),
        head: ["Side", "Runs", "Tokens/s of each", "Change of each, %"].map(str::to_owned).into(),
        rows: rows.iter().flat_map(table).collect(),
    };
    chart
}

/// Draws the row whose top stands here.
fn add(chart: &mut Chart, row: &Row<'_>, top: f64) {
    let at = |height: f64| top - 1.0 + height;
    let (limit, change) = (row.change.limit * 100.0, row.change);
    chart.areas.push((Ink::Margin, (limit, at(0.08)), (0.0, at(0.86))));
    chart.marks.push((Ink::Bar, (limit, at(0.08)), (limit, at(0.86))));
    let dots = |values: &[f64], height: f64| values.iter().map(|value| (*value, at(height))).collect();
    chart.dots.push((Ink::Reference, dots(&row.reference, REFERENCE)));
    chart.dots.push((Ink::Candidate, dots(&row.candidate, CANDIDATE)));
    if let (Some(lo), Some(hi)) = (change.lo, change.hi) {
        chart.marks.push((Ink::Bounds, (lo * 100.0, at(INTERVAL)), (hi * 100.0, at(INTERVAL))));
    }
    if let Some(seen) = change.change.map(|seen| seen * 100.0) {
        chart.marks.push((Ink::Bounds, (seen, at(INTERVAL - 0.08)), (seen, at(INTERVAL + 0.08))));
    }
    let left = chart.across.axis.low;
    chart.words.push(Words {
        at: (left, at(0.86)),
        by: (4.0, 12.0),
        end: false,
        ink: Ink::Reference,
        text: format!("against {}", change.reference.title()),
    });
    chart.words.push(Words {
        at: (limit, at(0.86)),
        by: (4.0, 12.0),
        end: false,
        ink: Ink::Bar,
        text: format!("limit {} %", round(limit)),
    });
}

fn table(row: &Row<'_>) -> [Vec<String>; 2] {
    let list = |values: &[f64]| match values {
        [] => NONE.to_owned(),
        values => values.iter().map(|value| number(*value)).collect::<Vec<_>>().join(" · "),
    };
    let side = |name: String, rates: &[f64], changes: &[f64]| {
        vec![name, rates.len().to_string(), list(&rates[..rates.len().min(MOST)]), list(changes)]
    };
    [
        side("the candidate".to_owned(), &row.change.candidate_rates, &row.candidate),
        side(row.change.reference.title().to_owned(), &row.change.reference_rates, &row.reference),
    ]
}

#[cfg(test)]
mod tests {
    use edgesoak_record::Outcome;
    use edgesoak_record::comparison::{MoreRuns, Reference};

    use super::*;
    use crate::page::chart;

    fn device(candidate: &[f64], reference: &[f64]) -> DeviceComparison {
        let change = Change {
            reference: Reference::Previous,
            outcome: Outcome::Fail,
            cause: None,
            sentence: String::new(),
            change: Some(-0.09),
            lo: Some(-0.11),
            hi: Some(-0.07),
            limit: -0.05,
            candidate_runs: 3,
            reference_runs: 3,
            invalid_runs: 0,
            candidate_rates: candidate.to_vec(),
            reference_rates: reference.to_vec(),
            sigma: None,
            p: None,
            p_corrected: None,
            p_ranks: None,
            suspect: false,
            more_runs: MoreRuns::default(),
            why: None,
            answers: None,
            notes: Vec::new(),
        };
        DeviceComparison {
            device: "phone-1".to_owned(),
            family: "phones".to_owned(),
            route: "policy_qa".to_owned(),
            is_virtual: false,
            outcome: Outcome::Fail,
            cause: None,
            sentence: String::new(),
            accepted: None,
            blocking: true,
            changes: vec![change],
        }
    }

    #[test]
    fn dots_interval_and_margin_are_drawn() {
        let plot = plot(&device(&[18.1, 18.2, 18.3], &[19.9, 20.0, 20.1]));
        insta::assert_snapshot!(chart("c0", &plot, false).into_string().replace("><", ">\n<"));
    }

    #[test]
    fn rates_that_cannot_be_are_left_out() {
        assert!(matches!(plot(&device(&[], &[20.0])), Plot::Missing { .. }));
        assert!(matches!(plot(&device(&[f64::NAN, -1.0], &[20.0])), Plot::Missing { .. }));
        let many = vec![20.0; 500];
        let Plot::Drawn(chart) = plot(&device(&many, &many)) else { panic!("it is drawn") };
        assert!(chart.dots.iter().all(|(_, dots)| dots.len() <= MOST));
    }
}
