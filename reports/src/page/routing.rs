//! Where queries would have gone, and at other thresholds.

use maud::{Markup, html};

use crate::model::{Routing, SweepRow};

pub(super) fn routing(routing: &Routing) -> Markup {
    html! {
        h4 { "Where queries go" }
        @if !routing.left.is_empty() {
            p { strong { "✖ Would leave the device though sensitive: " bdi { (routing.left) } } }
        }
        p { (routing.sentence) }
        p.soft { (routing.told) }
        @if !routing.rows.is_empty() {
            details {
                summary { "The same queries at other thresholds (" (routing.rows.len()) ")" }
                div.scroll tabindex="0" role="group" aria-label="Other thresholds" { (sweep(routing)) }
            }
        }
    }
}

fn sweep(routing: &Routing) -> Markup {
    html! {
        table.thresholds {
            thead {
                tr {
                    th.number scope="col" { "Threshold" }
                    th.number scope="col" { "On the device" }
                    th.number scope="col" { "Before a person" }
                    th.number scope="col" { "Out" }
                    th.number scope="col" { "Wrong" }
                    th.number scope="col" { "Sensitive and out" }
                    @if routing.has_costs { th.number scope="col" { "Cost" } }
                }
            }
            tbody { @for row in &routing.rows { (threshold(row, routing.has_costs)) } }
        }
    }
}

fn threshold(row: &SweepRow, has_costs: bool) -> Markup {
    html! {
        tr {
            th.number scope="row" { (row.threshold) }
            @for count in &row.destinations { td.number { (count) } }
            td.number { (row.wrong) }
            td.number { (row.left) }
            @if has_costs { td.number { (row.cost) } }
        }
    }
}
