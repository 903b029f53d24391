//! The gates of a session, and its figures without a bar.

use maud::{Markup, html};

use super::basis;
use super::first_screen::{diamond, virtual_mark, with_code};
use crate::model::{GateRow, Session};

/// The gates of a session, each with what it rests on.
pub(super) fn gates(session: &Session) -> Markup {
    html! {
        @if session.gates.is_empty() {
            p.soft { "No gate was evaluated." }
        } @else {
            div.scroll tabindex="0" role="group" aria-label="Gates" {
                table.gates {
                    caption { "Gates, worst first" @if session.is_virtual { " " (virtual_mark()) } }
                    thead {
                        tr {
                            th scope="col" { "Gate" }
                            th.number scope="col" { "Measured" }
                            th.number scope="col" { "95 % bounds" }
                            th.number scope="col" { "Bar" }
                            th.number scope="col" { "n" }
                            th scope="col" { "Why" }
                        }
                    }
                    tbody { @for row in &session.gates { (gate(row, session)) } }
                }
            }
        }
    }
}

fn gate(row: &GateRow, session: &Session) -> Markup {
    html! {
        tr class=(row.mood.class()) {
            th scope="row" {
                span class={ "symbol " (row.mood.class()) } aria-hidden="true" {
                    (row.mood.symbol())
                }
                " " (row.name)
                @if session.is_virtual { (diamond()) }
                span.unseen { ", " (row.mood.word()) }
                small { code { (row.word) } @if !row.blocking { " not blocking" } }
            }
            td.number { (row.measured) }
            td.number { (row.bounds) }
            td.number { (row.limit) }
            td.number { (row.n) }
            td {
                @if !row.cause.is_empty() { span.cause { bdi { (row.cause) } } " " }
                (with_code(&row.sentence))
                @if let Some(accepted) = &row.accepted { " " span.accepted { bdi { (accepted) } } }
                (basis::details(row, session))
            }
        }
    }
}

pub(super) fn figures(session: &Session) -> Markup {
    html! {
        @if !session.figures.is_empty() {
            div.scroll tabindex="0" role="group" aria-label="Figures without a bar" {
                table.figures {
                    caption { "Figures without a bar" @if session.is_virtual { " " (virtual_mark()) } }
                    thead {
                        tr {
                            th scope="col" { "Figure" }
                            th.number scope="col" { "Measured" }
                            th.number scope="col" { "95 % bounds" }
                            th.number scope="col" { "n" }
                        }
                    }
                    tbody {
                        @for row in &session.figures {
                            tr title=(row.sentence) {
                                th scope="row" {
                                    (row.name)
                                    @if session.is_virtual { (diamond()) }
                                    @if !row.cause.is_empty() { " " span.cause { bdi { (row.cause) } } }
                                    small {
                                        code { (row.word) } " " bdi { (row.sentence) }
                                        @if !row.basis.places.is_empty() { " Seen in " (basis::places(&row.basis)) "." }
                                    }
                                }
                                td.number { (row.measured) }
                                td.number { (row.bounds) }
                                td.number { (row.n) }
                            }
                        }
                    }
                }
            }
        }
    }
}
