//! What a loss is made of: one bar, a part for each suspect, and what none of them explains.

use edgesoak_record::slowdown::{Share, Slowdown};

use super::axis::Axis;
use super::chart::{Chart, Plot, Scale, Table};
use super::ink::Ink;
use crate::words::number::{Amount, NONE};
use crate::words::suspect;

const TITLE: &str = "What the loss is made of";
/// Whole per cent, as they are told elsewhere.
pub(crate) fn percent(part: f64) -> String {
    Amount::limit((part * 100.0).round() / 100.0, "ratio").full()
}

/// Parts that are too small to be seen are not drawn.
const LEAST: f64 = 0.005;

pub(crate) fn plot(slowdown: &Slowdown) -> Plot {
    let shares: Vec<(&Share, f64)> = slowdown
        .shares
        .iter()
        .filter_map(|share| Some((share, share.loss.filter(|loss| loss.is_finite() && *loss > LEAST)?)))
        .collect();
    if shares.is_empty() {
        let why = "No suspect explains a part of this loss.".to_owned();
        return Plot::Missing { title: TITLE, why };
    }
    Plot::Drawn(Box::new(drawn(slowdown, &shares)))
}

fn drawn(slowdown: &Slowdown, shares: &[(&Share, f64)]) -> Chart {
    let all: f64 = shares.iter().map(|(_, loss)| loss).sum();
    // Suspects that overlap may explain more than there is: then the bar is as long as all of them.
    let end = (all * 100.0).max(100.0);
    let across = Scale::new(Axis::over(0.0, end, 10.0), "% of the loss");
    let mut chart = Chart::new("causes", TITLE, across, Scale::rows(1));
    chart.size = (500, 22);
    let mut from = 0.0;
    for (share, loss) in shares {
        let ink = Ink::Suspect(share.suspect);
        let to = from + loss * 100.0;
        chart.areas.push((ink, (from, 0.0), (to, 1.0)));
        chart.key.push((ink, format!("{} {}", suspect::title(share.suspect), percent(*loss))));
        from = to;
    }
    if from < 100.0 - LEAST * 100.0 {
        chart.areas.push((Ink::Unexplained, (from, 0.0), (100.0, 1.0)));
        chart.key.push((Ink::Unexplained, format!("Not explained {}", percent(1.0 - from / 100.0))));
    }
    let told: Vec<&str> = chart.key.iter().map(|(_, text)| text.as_str()).collect();
    let parts = format!("Parts of the loss: {}.", told.join(", "));
    chart.describe(&parts);
    chart.table = table(&slowdown.shares);
    chart
}

fn table(shares: &[Share]) -> Table {
    let percent =
        |part: Option<f64>| part.filter(|part| part.is_finite()).map_or_else(|| NONE.to_owned(), percent);
    let row = |share: &Share| {
        vec![suspect::title(share.suspect).to_owned(), percent(share.loss), percent(share.variance)]
    };
    Table {
        caption: "What each suspect explains".to_owned(),
        head: ["Suspect", "Of the loss", "Of the course"].map(str::to_owned).into(),
        rows: shares.iter().map(row).collect(),
    }
}
