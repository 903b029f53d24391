//! What was proven of a session's privacy, promise by promise, and every place that was searched.

use maud::{Markup, html};

use super::first_screen::virtual_mark;
use crate::model::{Privacy, Session};

pub(super) fn privacy(session: &Session) -> Markup {
    html! {
        @if let Some(privacy) = &session.privacy {
            section.card aria-label="Privacy" {
                h3 { "Privacy" @if session.is_virtual { " " (virtual_mark()) } }
                @for proof in &privacy.proofs {
                    p {
                        span class={ "symbol " (proof.mood.class()) } aria-hidden="true" { (proof.mood.symbol()) }
                        " " (proof.title) ": "
                        span class={ "mood " (proof.mood.class()) } { (proof.mood.word()) }
                        ". " bdi { (proof.sentence) }
                    }
                }
                p { (privacy.answers) }
                @if !privacy.places.is_empty() { (places(privacy)) }
            }
        }
    }
}

fn places(privacy: &Privacy) -> Markup {
    html! {
        details {
            summary { "Where the planted secrets were searched for (" (privacy.places.len()) " places)" }
            div.scroll tabindex="0" role="group" aria-label="Where the planted secrets were searched for" {
                table.slices {
                    thead {
                        tr {
                            th scope="col" { "Side" }
                            th scope="col" { "Place" }
                            th.number scope="col" { "Files" }
                            th.number scope="col" { "KiB" }
                            th scope="col" { "Found" }
                        }
                    }
                    tbody {
                        @for row in &privacy.places {
                            tr {
                                td { (row.side) }
                                th scope="row" { bdi { (row.place) } }
                                td.number { (row.files) }
                                td.number { (row.kib) }
                                td { bdi { (row.found) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
