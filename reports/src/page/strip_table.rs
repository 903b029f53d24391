//! The strips as a table: means over rows of equal length, and the states in each.

use maud::{Markup, html};

use crate::model::Session;
use crate::plot::ribbon::Ribbon;
use crate::plot::sheet::Sheet;
use crate::plot::strip::{Body, Line, Strip};
use crate::words::number::{NONE, number};
use crate::words::time::{clock, span};

/// A column of the table.
enum Column<'a> {
    Mean(&'a Strip, &'a Line),
    State(&'a Ribbon),
}

pub(super) fn table(session: &Session, sheet: &Sheet) -> Markup {
    let columns: Vec<Column<'_>> = sheet.strips.iter().flat_map(columns).collect();
    html! {
        @if !columns.is_empty() {
            details.data {
                summary { "The strips as a table, means over " (span(sheet.timeline.row())) }
                div.scroll tabindex="0" role="group" aria-label="The strips as a table" {
                    table {
                        caption.unseen { "Means of the strips of " (session.device) }
                        thead {
                            tr {
                                th scope="col" { "From" }
                                @for column in &columns { (head(column, session.is_virtual)) }
                            }
                        }
                        tbody { @for (place, begin) in sheet.timeline.rows().iter().enumerate() {
                            tr {
                                th scope="row" { (clock(*begin)) }
                                @for column in &columns { (cell(column, place, *begin, sheet)) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

fn columns(strip: &Strip) -> Vec<Column<'_>> {
    let lines = match &strip.body {
        Body::Drawn(drawn) => drawn.lines.as_slice(),
        Body::Missing(_) => &[],
    };
    let means = lines.iter().filter(|line| !line.rows.is_empty()).map(|line| Column::Mean(strip, line));
    means.chain(strip.ribbon.iter().filter(|ribbon| !ribbon.spans.is_empty()).map(Column::State)).collect()
}

fn head(column: &Column<'_>, is_virtual: bool) -> Markup {
    html! {
        @match column {
            Column::Mean(strip, line) => {
                th.number scope="col" {
                    @if is_virtual { "◇ " }
                    (strip.title) small { bdi { (line.name) } } small { (strip.unit) }
                }
            }
            Column::State(ribbon) => { th scope="col" { @if is_virtual { "◇ " } (ribbon.name) } }
        }
    }
}

fn cell(column: &Column<'_>, place: usize, begin: f64, sheet: &Sheet) -> Markup {
    html! {
        @match column {
            Column::Mean(_, line) => { td.number { (value(line, place)) } }
            Column::State(ribbon) => { td { (states(ribbon, begin, begin + sheet.timeline.row())) } }
        }
    }
}

fn value(line: &Line, place: usize) -> String {
    line.rows.get(place).copied().flatten().map_or_else(|| NONE.to_owned(), number)
}

fn states(ribbon: &Ribbon, from: f64, to: f64) -> String {
    /// A row says no more than that there were many.
    const MOST: usize = 3;
    let words = ribbon.between(from, to);
    match words.len() {
        0 => NONE.to_owned(),
        1..=MOST => words.join(", "),
        more => format!("{} and {} more", words[..MOST].join(", "), more - MOST),
    }
}
