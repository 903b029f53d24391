//! The strips as a table: means over rows of equal length.

use maud::{Markup, html};

use crate::model::Session;
use crate::plot::sheet::Sheet;
use crate::plot::strip::{Body, Line};
use crate::words::number::{NONE, number};
use crate::words::time::{clock, span};

pub(super) fn table(session: &Session, sheet: &Sheet) -> Markup {
    let lines: Vec<(&str, &str, &Line)> = sheet
        .strips
        .iter()
        .filter_map(|strip| match &strip.body {
            Body::Drawn(drawn) => Some((strip.title, strip.unit, drawn)),
            Body::Missing(_) => None,
        })
        .flat_map(|(title, unit, drawn)| drawn.lines.iter().map(move |line| (title, unit, line)))
        .filter(|(_, _, line)| !line.rows.is_empty())
        .collect();
    html! {
        @if !lines.is_empty() {
            details.data {
                summary { "The strips as a table, means over " (span(sheet.timeline.row())) }
                div.scroll tabindex="0" role="group" aria-label="The strips as a table" {
                    table {
                        caption.unseen { "Means of the strips of " (session.device) }
                        thead {
                            tr {
                                th scope="col" { "From" }
                                @for (title, unit, line) in &lines {
                                    th.number scope="col" {
                                        @if session.is_virtual { "◇ " }
                                        (title) small { bdi { (line.name) } } small { (unit) }
                                    }
                                }
                            }
                        }
                        tbody { @for (place, begin) in sheet.timeline.rows().iter().enumerate() {
                            tr {
                                th scope="row" { (clock(*begin)) }
                                @for (_, _, line) in &lines { td.number { (value(line, place)) } }
                            }
                        } }
                    }
                }
            }
        }
    }
}

fn value(line: &Line, place: usize) -> String {
    line.rows.get(place).copied().flatten().map_or_else(|| NONE.to_owned(), number)
}
