//! What ran and what left the device, promise by promise; what is not held is told in words.

use maud::{Markup, html};

use super::first_screen::device_heading;
use crate::model::{Integrity, Page};
use crate::words::gate::Mood;

pub(super) fn integrity(page: &Page) -> Markup {
    html! {
        @if let Some(integrity) = &page.integrity {
            section.after aria-labelledby="integrity" {
                h2 #integrity { "Integrity" }
                div.scroll tabindex="0" role="group" aria-label="Integrity" { (table(integrity)) }
            }
        }
    }
}

fn table(integrity: &Integrity) -> Markup {
    html! {
        table.integrity {
            caption.unseen { "Promises of integrity by device" }
            thead {
                tr {
                    th scope="col" { "Device" }
                    @for title in &integrity.columns { th scope="col" { (title) } }
                }
            }
            tbody {
                @for row in &integrity.rows {
                    tr {
                        (device_heading(row.section, &row.device, row.is_virtual))
                        @for cell in &row.cells { (promise(cell.as_ref())) }
                    }
                }
            }
        }
    }
}

fn promise(cell: Option<&(Mood, String)>) -> Markup {
    html! {
        @match cell {
            Some((mood, sentence)) => {
                td title=(sentence) {
                    span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
                    " " (mood.word())
                    @if *mood != Mood::Pass { small { bdi { (sentence) } } }
                }
            }
            None => { td.soft { "not asked" } }
        }
    }
}
