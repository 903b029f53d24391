//! One section for each session: failing first, passing folded.

use maud::{Markup, html};

use super::first_screen::{imported_mark, virtual_mark};
use super::{answers, charts, facts, gates, latencies, privacy, slowdowns, strip_table, strips};
use crate::model::{ChannelRow, NoteRow, Page, Scope, Session};

pub(super) fn sessions(page: &Page) -> Markup {
    let (full, short): (Vec<&Session>, Vec<&Session>) =
        page.sessions.iter().partition(|session| session.scope == Scope::Full);
    html! {
        section #sessions aria-label="Sessions" {
            @for session in full { (section(session)) }
            @if !short.is_empty() {
                p.soft.shorter {
                    "The " (short.len()) " sessions from here on, none of them worse, are told in short: their strips at a third of the resolution, "
                    "and without plots of tokens and clocks; their latencies, costs, notes and channels are not here but in the database."
                }
                @for session in short { (section(session)) }
            }
        }
    }
}

fn section(session: &Session) -> Markup {
    html! {
        section.session id={ "s" (session.index) } aria-labelledby={ "h" (session.index) } {
            (heading(session))
            @if session.open {
                (inside(session))
            } @else {
                details.fold { summary { "Strips, gates and evidence" } (inside(session)) }
            }
        }
    }
}

fn heading(session: &Session) -> Markup {
    html! {
        h2 id={ "h" (session.index) } {
            span class={ "symbol " (session.mood.class()) } aria-hidden="true" { (session.mood.symbol()) }
            " " bdi { (session.device) }
            " " span class={ "mood " (session.mood.class()) } { (session.mood.word()) }
            @if session.is_virtual { " " (virtual_mark()) }
            @if session.is_imported { " " (imported_mark()) }
        }
        p.chips { @for chip in &session.chips { span { bdi { (chip) } } " " } }
        p.cause-line { bdi { (session.sentence) } }
        @if let Some(close) = &session.close { p.soft { bdi { (close) } } }
        @if !session.gist.is_empty() { p.gist { @if session.is_virtual { "◇ " } (session.gist) } }
    }
}

fn inside(session: &Session) -> Markup {
    html! {
        @match &session.sheet {
            Some(sheet) => {
                (strips::figure(session, sheet))
                (strip_table::table(session, sheet))
                (charts::charts(&format!("s{}", session.index), &sheet.plots, session.is_virtual))
            }
            None => { p.nothing { "No strips: the host has no samples and no tokens of this session." } }
        }
        (slowdowns::slowdowns(session))
        @if let Some(outlook) = &session.outlook {
            section.card aria-label="Where it would settle" {
                h3 { "Where it would settle" @if session.is_virtual { " " (virtual_mark()) } }
                p { bdi { (outlook) } }
                p.soft { "A prediction from this soak's temperatures, power and rates. It decides nothing." }
            }
        }
        (gates::gates(session))
        (answers::answers(session))
        (privacy::privacy(session))
        @if session.scope == Scope::Full { (closer(session)) }
    }
}

/// What only those ask who look closer.
fn closer(session: &Session) -> Markup {
    html! {
        div.pair { (latencies::latencies(session)) (gates::figures(session)) }
        div.three {
            (card("Trust", "What measuring cost", &session.trust))
            (card("Runtime and placement", "Where the work ran", &session.runtime))
            (card("Provenance", "Versions and digests", &session.provenance))
        }
        (notes(session))
        (channels(session))
    }
}

fn card(title: &str, under: &str, list: &[crate::model::Fact]) -> Markup {
    html! {
        @if !list.is_empty() {
            section.card { h3 { (title) " " small { (under) } } (facts::list("rows", list)) }
        }
    }
}

fn notes(session: &Session) -> Markup {
    html! {
        @if !session.notes.is_empty() {
            details {
                summary { "Notes of the agent (" (session.notes.len() + session.notes_left_out) ")" }
                div.scroll tabindex="0" role="group" aria-label="Notes of the agent" {
                    table.notes {
                        thead { tr { th scope="col" { "Time" } th scope="col" { "Note" } th scope="col" { "Text" } } }
                        tbody { @for note in &session.notes { (note_row(note)) } }
                    }
                }
                @if session.notes_left_out > 0 { p.soft { (session.notes_left_out) " more are in the journal." } }
            }
        }
    }
}

fn note_row(note: &NoteRow) -> Markup {
    html! { tr { td.number { (note.at) } td { code { (note.code) } } td { bdi { (note.text) } } } }
}

fn channels(session: &Session) -> Markup {
    html! {
        @if !session.channels.is_empty() {
            details {
                summary { "Channels that were tried (" (session.channels.len() + session.channels_left_out) ")" }
                div.scroll tabindex="0" role="group" aria-label="Channels that were tried" {
                    table.channels {
                        thead {
                            tr {
                                th scope="col" { "Channel" }
                                th scope="col" { "Quantity" }
                                th scope="col" { "Read from" }
                                th.number scope="col" { "Values" }
                                th.number scope="col" { "Range" }
                                th scope="col" { "Without value" }
                            }
                        }
                        tbody { @for row in &session.channels { (channel(row)) } }
                    }
                }
                @if session.channels_left_out > 0 {
                    p.soft { (session.channels_left_out) " more are in the database." }
                }
            }
        }
    }
}

fn channel(row: &ChannelRow) -> Markup {
    html! {
        tr {
            th scope="row" { bdi { (row.name) } }
            td { (row.quantity) }
            td { code { (row.source) } }
            td.number { (row.values) }
            td.number { (row.range) @if !row.range.is_empty() { " " (row.unit) } }
            td { (row.reasons) }
        }
    }
}
