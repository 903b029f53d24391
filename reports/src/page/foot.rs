//! How it was measured, and where everything came from.

use maud::{Markup, PreEscaped, html};

use super::first_screen::with_code;
use super::{basis, facts};
use crate::model::{MethodRow, Page};

/// Term and definition: what a reader needs to read the figures above.
const METHOD: [(&str, &str); 8] = [
    (
        "Rate",
        "Tokens after the first of each prompt, by active seconds: first token to last token. Prefill and pauses between prompts are not in it.",
    ),
    ("Burst", "The rate of ten active seconds, after the first second and eight tokens."),
    ("Sustained", "The rate of the last whole prompt cycles that take 180 seconds or more."),
    (
        "Floor",
        "The 5th percentile of rolling minutes, without the first 30 seconds. It is what a user gets on a bad minute.",
    ),
    (
        "Bounds",
        "One-sided 95 %. A gate passes when the bound on the bad side keeps the bar, fails when the other breaks it, and is not proven in between.",
    ),
    (
        "Not proven",
        "Never green: a sensor is missing, a run is too short, or the interval crosses the bar. The row says which.",
    ),
    (
        "Lines",
        "Of each pixel the smallest and the largest value are drawn, so that a stall of one sample is seen. A pause of more than five seconds without a reading is a gap.",
    ),
    ("Time", "The device's monotonic clock; zero is the submit of the first scored prompt."),
];

pub(super) fn foot(page: &Page) -> Markup {
    html! {
        section aria-labelledby="method" {
            h2 #method { "Method" }
            dl.method { @for (term, text) in METHOD { div { dt { (term) } dd { (text) } } } }
            @if !page.method.is_empty() { (how(&page.method)) }
        }
        section aria-labelledby="provenance" {
            h2 #provenance { "Provenance" }
            div.card { (facts::list("rows", &page.provenance)) }
            @if !page.settings.is_empty() { (settings(page)) }
        }
        (data_block(&page.data))
        footer { p { "Made by EdgeSoak from stored data. The same data give the same page." } }
    }
}

/// What the page says, for programs: no browser runs it. `said` reads it back.
pub(crate) fn data_block(json: &str) -> Markup {
    html! { script type="application/json" id="edgesoak-data" { (PreEscaped(json)) } }
}

/// Every gate of the page, explained.
fn how(rows: &[MethodRow]) -> Markup {
    html! {
        details.how {
            summary { "How each gate is made, what decides, and its settings (" (rows.len()) ")" }
            @for row in rows {
                section.card id={ "how-" (row.word) } {
                    h3 { (row.name) " " small { code { (row.word) } } }
                    p { (with_code(row.meaning)) }
                    (basis::rules(&row.rules, &row.settings))
                }
            }
        }
    }
}

fn settings(page: &Page) -> Markup {
    html! {
        details {
            summary { "Every setting and the line that set it (" (page.settings.len() + page.settings_left_out) ")" }
            div.scroll tabindex="0" role="group" aria-label="Settings" {
                table {
                    thead { tr { th scope="col" { "Setting" } th scope="col" { "Value" } th scope="col" { "Set by" } } }
                    tbody {
                        @for row in &page.settings {
                            tr {
                                th scope="row" { code { (row.key) } }
                                td { bdi { (row.value) } }
                                td { bdi { (row.origin) } }
                            }
                        }
                    }
                }
            }
            @if page.settings_left_out > 0 { p.soft { (page.settings_left_out) " more are in the database." } }
        }
    }
}
