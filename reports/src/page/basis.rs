//! Beside each outcome, folded: how its figure is made, where it is seen, and which runs it was taken from.

use maud::{Markup, html};

use super::first_screen::with_code;
use crate::model::{Basis, GateRow, Scope, Session};

/// Everything that an outcome rests on.
pub(super) fn details(row: &GateRow, session: &Session) -> Markup {
    let basis = &row.basis;
    let in_place = session.scope == Scope::Full;
    html! {
        details.basis {
            summary { "Evidence" @if !basis.rules.is_empty() { " and formula" } span.unseen { " of " (row.name) } }
            dl.rows {
                div.seen.unplaced[basis.places.is_empty()] {
                    dt { "Seen in" }
                    dd { @if basis.places.is_empty() { "no one place" } @else { (places(basis)) } }
                }
                div.same { dt { "Observations" } dd { @if row.n.is_empty() { "not counted" } @else { (row.n) } } }
                div.same { dt { "Runs" } dd { bdi { (session.runs.join(" ")) } } }
            }
            @if in_place {
                (rules(&basis.rules, &basis.settings))
            } @else if !basis.rules.is_empty() {
                p { a href={ "#how-" (row.word) } { "How it is made" } }
            }
        }
    }
}

/// Where to look, each with a way to its strip.
pub(super) fn places(basis: &Basis) -> Markup {
    html! {
        @for (count, place) in basis.places.iter().enumerate() {
            @if count > 0 { ", " }
            @match &place.strip {
                Some(strip) => { a href={ "#" (strip) } { bdi { (place.text) } } }
                None => { bdi { (place.text) } }
            }
        }
    }
}

/// How a gate is made.
pub(super) fn rules(rules: &[(&'static str, &'static str)], settings: &str) -> Markup {
    html! {
        @if !rules.is_empty() {
            dl.rows.rules {
                @for (head, words) in rules { div { dt { (head) } dd { (with_code(words)) } } }
                @if !settings.is_empty() { div { dt { "Settings" } dd { (settings) } } }
            }
        }
    }
}
