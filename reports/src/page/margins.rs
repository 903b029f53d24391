//! Devices by gates: how far each figure is from its bar, shaded and as a number.

use maud::{Markup, html};

use super::first_screen::device_heading;
use crate::model::{Margin, Margins, Page};

/// More rows than this are folded.
const ROOMY: usize = 12;

pub(super) fn margins(page: &Page) -> Markup {
    html! {
        @if let Some(margins) = &page.margins {
            section.margins aria-labelledby="margins" {
                h2 #margins { "Margin to the bar" }
                p.soft { "Distance of each figure to the good side of its bar, as a part of the bar: the stronger the shade, the further." }
                @if margins.rows.len() > ROOMY {
                    details { summary { "All " (margins.rows.len()) " sessions" } (table(margins)) }
                } @else {
                    (table(margins))
                }
            }
        }
    }
}

fn table(margins: &Margins) -> Markup {
    html! {
        div.scroll role="group" aria-label="Margins to the bars" tabindex="0" {
            table.heat {
                caption.unseen { "Margin to the bar, device by gate" }
                thead {
                    tr {
                        th scope="col" { "Device" }
                        @for title in &margins.columns { th.number scope="col" { (title) } }
                    }
                }
                tbody {
                    @for row in &margins.rows {
                        tr {
                            (device_heading(row.section, &row.device, row.is_virtual))
                            @for cell in &row.cells { (margin(cell.as_ref())) }
                        }
                    }
                }
            }
        }
    }
}

fn margin(cell: Option<&Margin>) -> Markup {
    html! {
        @match cell {
            Some(cell) => {
                td class={ "number " (cell.mood.class()) " h" (cell.shade) } title=(cell.sentence) {
                    span.symbol aria-hidden="true" { (cell.mood.symbol()) }
                    "\u{a0}" (cell.text)
                    span.unseen { ", " (cell.mood.word()) }
                }
            }
            None => { td.number.none { span aria-hidden="true" { "–" } span.unseen { "no figure or no bar" } } }
        }
    }
}
