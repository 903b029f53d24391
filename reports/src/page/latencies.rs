//! Latency percentiles with the number of observations behind them.

use maud::{Markup, html};

use super::first_screen::virtual_mark;
use crate::model::Session;

pub(super) fn latencies(session: &Session) -> Markup {
    html! {
        @if !session.latencies.is_empty() {
            div.scroll tabindex="0" role="group" aria-label="Latency" {
                table.latencies {
                    caption { "Latency, nearest rank" @if session.is_virtual { " " (virtual_mark()) } }
                    thead {
                        tr {
                            th scope="col" { "Latency" }
                            @for percentile in ["p50", "p90", "p95", "p99", "n"] {
                                th.number scope="col" { (percentile) }
                            }
                        }
                    }
                    tbody {
                        @for row in &session.latencies {
                            tr {
                                th scope="row" { (row.name) }
                                @for value in &row.percentiles { td.number { (value) } }
                                td.number { (row.n) }
                            }
                        }
                    }
                }
            }
        }
    }
}
