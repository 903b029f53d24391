//! Why a session slowed down: one sentence each, and what every suspect explains.

use maud::{Markup, html};

use super::charts;
use super::first_screen::virtual_mark;
use crate::model::Session;

pub(super) fn slowdowns(session: &Session) -> Markup {
    html! {
        @for (place, slowdown) in session.slowdowns.iter().enumerate() {
            section.card aria-label="Why it slowed down" {
                h3 { "Why it slowed down" @if session.is_virtual { " " (virtual_mark()) } }
                p { bdi { (slowdown.sentence) } }
                @if let Some(part) = &slowdown.recovered {
                    p.soft { "After the rest behind the soak " (part) " of it was back." }
                }
                @if let Some(plot) = &slowdown.causes {
                    (charts::chart(&format!("s{}-{place}", session.index), plot, session.is_virtual))
                }
            }
        }
    }
}
