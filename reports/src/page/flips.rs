//! Golden items that flipped: between the hot and the rested device, and against earlier releases.

use maud::{Markup, html};

use super::first_screen::device_heading;
use crate::model::{AgainstRow, FlipRow, Page};

pub(super) fn flips(page: &Page) -> Markup {
    html! {
        @if !page.flips.is_empty() || !page.against.is_empty() {
            section.after aria-labelledby="flips" {
                h2 #flips { "Golden flips" }
                @if !page.against.is_empty() { (against(&page.against)) }
                @if !page.flips.is_empty() { (with_heat(&page.flips)) }
            }
        }
    }
}

fn against(rows: &[AgainstRow]) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Golden items against earlier releases" {
            table {
                caption { "Against earlier releases, on identical sets" }
                thead {
                    tr {
                        th scope="col" { "Device" }
                        th scope="col" { "Against" }
                        th scope="col" { "Right then, wrong now" }
                        th scope="col" { "Wrong then, right now" }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            (device_heading(row.section, &row.device, row.is_virtual))
                            td { bdi { (row.against) } }
                            td { bdi { (row.lost) } }
                            td { bdi { (row.gained) } }
                        }
                    }
                }
            }
        }
    }
}

fn with_heat(rows: &[FlipRow]) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Golden items hot and rested" {
            table {
                caption { "Asked right after the soak, and again behind the rest" }
                thead {
                    tr {
                        th scope="col" { "Device" }
                        th.number scope="col" { "Asked twice" }
                        th scope="col" { "Wrong when hot, right when rested" }
                        th.number scope="col" { "Another text" }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            (device_heading(row.section, &row.device, row.is_virtual))
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
