//! Why a session slowed down: one sentence each, and what every suspect explains.

use maud::{Markup, html};

use super::first_screen::virtual_mark;
use crate::model::{Session, SlowdownRow, SuspectRow};

pub(super) fn slowdowns(session: &Session) -> Markup {
    html! {
        @for slowdown in &session.slowdowns {
            section.card aria-label="Why it slowed down" {
                h3 { "Why it slowed down" @if session.is_virtual { " " (virtual_mark()) } }
                p { bdi { (slowdown.sentence) } }
                @if let Some(part) = &slowdown.recovered {
                    p.soft { "After the rest behind the soak " (part) " of it was back." }
                }
                @if !slowdown.suspects.is_empty() { (suspects(slowdown)) }
            }
        }
    }
}

fn suspects(slowdown: &SlowdownRow) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="What each suspect explains" {
            table.suspects {
                caption.unseen { "What each suspect explains" }
                thead {
                    tr {
                        th scope="col" { "Suspect" }
                        th.number scope="col" { "Of the loss" }
                        th scope="col" { span.unseen { "As a bar" } }
                        th.number scope="col" { "Of the course" }
                    }
                }
                tbody { @for row in &slowdown.suspects { (suspect(row)) } }
            }
        }
    }
}

fn suspect(row: &SuspectRow) -> Markup {
    html! {
        tr {
            th scope="row" { (row.name) }
            td.number { (row.loss) }
            td { meter max="100" value=(row.bar) aria-hidden="true" {} }
            td.number { (row.variance) }
        }
    }
}
