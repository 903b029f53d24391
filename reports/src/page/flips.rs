//! Golden items that flipped between the hot and the rested device.

use maud::{Markup, html};

use super::first_screen::diamond;
use crate::model::Page;

pub(super) fn flips(page: &Page) -> Markup {
    html! {
        @if !page.flips.is_empty() {
            section.after aria-labelledby="flips" {
                h2 #flips { "Golden flips" }
                p.soft { "Items that were asked right after the soak and again behind the rest." }
                div.scroll tabindex="0" role="group" aria-label="Golden flips" {
                    table {
                        caption.unseen { "Golden items by device, hot against rested" }
                        thead {
                            tr {
                                th scope="col" { "Device" }
                                th.number scope="col" { "Asked twice" }
                                th scope="col" { "Wrong when hot, right when rested" }
                                th.number scope="col" { "Another text" }
                            }
                        }
                        tbody {
                            @for row in &page.flips {
                                tr {
                                    th scope="row" {
                                        a href={ "#s" (row.section) } { bdi { (row.device) } }
                                        @if row.is_virtual { (diamond()) }
                                    }
                                    td.number { (row.asked) }
                                    td { bdi { (row.wrong_hot) } }
                                    td.number { (row.other) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
