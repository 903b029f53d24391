//! Answers to golden items: shares by slice, and the items that were not right. No text of an answer is here.

use maud::{Markup, html};

use super::first_screen::virtual_mark;
use super::routing::routing;
use crate::model::{Answers, ItemRow, Session, SliceRow};

pub(super) fn answers(session: &Session) -> Markup {
    html! {
        @if let Some(answers) = &session.answers {
            section.card aria-label="Answers" {
                h3 {
                    "Answers " small { "to " bdi { (answers.set) } }
                    @if session.is_virtual { " " (virtual_mark()) }
                }
                p { (answers.sentence) }
                @if !answers.heat.is_empty() { p.soft { bdi { (answers.heat) } } }
                @if !answers.slices.is_empty() { div.scroll tabindex="0" role="group" aria-label="Right answers by slice" { (slices(&answers.slices)) } }
                @if !answers.wrong.is_empty() { (wrong(answers)) }
                @if let Some(queries) = &answers.routing { (routing(queries)) }
            }
        }
    }
}

fn slices(slices: &[SliceRow]) -> Markup {
    html! {
        table.slices {
            caption { "Right answers by slice" }
            thead {
                tr {
                    th scope="col" { "By" }
                    th scope="col" { "Slice" }
                    th.number scope="col" { "Right" }
                    th.number scope="col" { "Share" }
                    th.number scope="col" { "95 % bounds" }
                }
            }
            tbody {
                @for row in slices {
                    tr {
                        td { bdi { (row.key) } }
                        th scope="row" { bdi { (row.value) } }
                        td.number { (row.right) }
                        td.number { (row.share) }
                        td.number { (row.bounds) }
                    }
                }
            }
        }
    }
}

fn wrong(answers: &Answers) -> Markup {
    html! {
        details {
            summary { "Items that were not answered right (" (answers.wrong.len() as u64 + answers.left_out) ")" }
            div.scroll tabindex="0" role="group" aria-label="Items that were not answered right" {
                table.items {
                    thead {
                        tr { th scope="col" { "Item" } th scope="col" { "What it was" } th scope="col" { "Why" } }
                    }
                    tbody { @for row in &answers.wrong { (item(row)) } }
                }
            }
            @if answers.left_out > 0 { p.soft { (answers.left_out) " more are in the database." } }
        }
    }
}

fn item(row: &ItemRow) -> Markup {
    html! {
        tr {
            th scope="row" { bdi { (row.item) } @if row.is_critical { " " small { "critical" } } }
            td { (row.cell) }
            td { bdi { (row.reasons) } }
        }
    }
}
