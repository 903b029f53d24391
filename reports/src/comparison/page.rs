//! A comparison as one HTML page.

use edgesoak_record::comparison::{AnswersChange, Change, Comparison, DeviceComparison, Reference};
use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Gate, Outcome, SessionVerdict};
use maud::{DOCTYPE, Markup, html};

use super::first_screen::first_screen;
use super::summary::{bounds, runs, signed};
use super::{Beside, comparison_verdict, first_of};
use crate::ci::summary::MOST_ROWS;
use crate::document::comparison_data;
use crate::page::{chart, data_block, head, virtual_mark, with_code};
use crate::plot::forest;
use crate::words::gate::Mood;
use crate::words::number::{Amount, count};
use crate::words::text::{name, sentence, without_tricks};

/// The report of a comparison as one HTML document, under the same rules as [`crate::html`].
#[must_use]
pub fn comparison_html(comparison: &Comparison, beside: &Beside<'_>) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            (head(comparison.headline()))
            body {
                main {
                    (first_screen(comparison, beside))
                    @for (place, device) in comparison.devices.iter().enumerate() { (device_card(place, device)) }
                    (families(comparison))
                    (parts(&comparison_verdict(comparison, beside).sessions))
                    (data_block(&comparison_data(comparison, beside)))
                    footer { p { "Made by EdgeSoak from stored data. The same data give the same page." } }
                }
            }
        }
    };
    without_tricks(&document.into_string())
}

fn device_card(place: usize, device: &DeviceComparison) -> Markup {
    html! {
        section.card.after id={ "d" (place) } aria-label=(name(&device.device)) {
            h2 {
                bdi { (name(&device.device)) } " · " bdi { (name(&device.route)) }
                @if device.is_virtual { " " (virtual_mark()) }
            }
            @if let Some(accepted) = &device.accepted { p { span.accepted { bdi { (sentence(accepted)) } } } }
            div.scroll tabindex="0" role="group" aria-label="Changes of the sustained rate" {
                table.gates {
                    caption.unseen { "Changes of the sustained rate" }
                    thead {
                        tr {
                            th scope="col" { "Against" }
                            th.number scope="col" { "Sustained rate" }
                            th.number scope="col" { "Bounds" }
                            th.number scope="col" { "May be lost" }
                            th.number scope="col" { "Runs" }
                            th scope="col" { "Why" }
                        }
                    }
                    tbody { @for change in &device.changes { (row(change)) } }
                }
            }
            (chart(&format!("c{place}"), &forest::plot(device), device.is_virtual))
            (flips(device))
        }
    }
}

/// Items that were answered right on one side alone.
fn flips(device: &DeviceComparison) -> Markup {
    let answers =
        device.changes.iter().filter_map(|change| Some((change.reference, change.answers.as_ref()?)));
    let answers: Vec<(Reference, &AnswersChange)> = answers.collect();
    html! {
        @if !answers.is_empty() {
            div.scroll tabindex="0" role="group" aria-label="Answers to the same golden items" {
                table.gates {
                    caption { "Answers to the same golden items" }
                    thead {
                        tr {
                            th scope="col" { "Against" }
                            th.number scope="col" { "Right on both" }
                            th.number scope="col" { "Lost" }
                            th.number scope="col" { "Gained" }
                            th.number scope="col" { "Wrong on both" }
                            th scope="col" { "Which" }
                        }
                    }
                    tbody { @for (reference, answers) in &answers { (flip_row(reference.title(), answers)) } }
                }
            }
        }
    }
}

fn flip_row(title: &str, answers: &AnswersChange) -> Markup {
    let lists = [("lost", &answers.lost), ("gained", &answers.gained), ("not answered", &answers.unanswered)];
    html! {
        tr class=(Mood::from(answers.outcome).class()) {
            (outcome(answers.outcome, title))
            td.number { (count(answers.both_right)) }
            td.number { (count(answers.only_reference)) }
            td.number { (count(answers.only_candidate)) }
            td.number { (count(answers.both_wrong)) }
            td {
                @for (what, items) in lists {
                    @if !items.is_empty() { small { (what) ": " bdi { (first_of(items, MOST_ROWS)) } } }
                }
            }
        }
    }
}

fn row(change: &Change) -> Markup {
    html! {
        tr class=(Mood::from(change.outcome).class()) {
            (outcome(change.outcome, change.reference.title()))
            td.number { (signed(change.change)) }
            td.number { (bounds(change)) }
            td.number { (Amount::limit(-change.limit, "ratio").full()) }
            td.number { (runs(change)) }
            td {
                (with_code(&sentence(&change.sentence)))
                @if let Some(why) = &change.why { small { bdi { (sentence(&why.sentence)) "." } } }
                @if let Some(answers) = &change.answers {
                    small { bdi { (sentence(&answers.sentence)) } }
                }
                @for note in &change.notes { small { bdi { (sentence(note)) } } }
            }
        }
    }
}

fn outcome(outcome: Outcome, words: &str) -> Markup {
    let mood = Mood::from(outcome);
    html! {
        th scope="row" {
            span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
            " " bdi { (words) }
            span.unseen { ", " (mood.word()) }
        }
    }
}

fn families(comparison: &Comparison) -> Markup {
    html! {
        @if !comparison.families.is_empty() {
            section.card.after aria-label="Families" {
                h2 { "Families" }
                div.scroll tabindex="0" role="group" aria-label="Families" {
                    table.gates {
                        tbody {
                            @for family in &comparison.families {
                                tr class=(Mood::from(family.outcome).class()) {
                                    (outcome(family.outcome, &format!("{} · {}", name(&family.family), name(&family.route))))
                                    td { bdi { (sentence(&family.sentence)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What blocks in the tier of the runs that were made for it, and did not pass there.
fn parts(sessions: &[SessionVerdict]) -> Markup {
    let is_open = |gate: &&GateResult| gate.gate != Gate::Regression && gate.outcome != Outcome::Pass;
    let open: Vec<(&SessionVerdict, &GateResult)> = sessions
        .iter()
        .flat_map(|session| session.gates.iter().filter(is_open).map(move |gate| (session, gate)))
        .collect();
    html! {
        @if !open.is_empty() {
            section.card.after aria-label="Gates of the runs beside it" {
                h2 { "Gates of the runs that were made for it" }
                p.soft { "They block in the tier of these runs, and decide nothing here." }
                div.scroll tabindex="0" role="group" aria-label="Gates of the runs beside it" {
                    table.gates {
                        tbody {
                            @for (session, gate) in open.iter().take(MOST_ROWS) {
                                tr class=(Mood::from(gate.outcome).class()) {
                                    (outcome(gate.outcome, gate.gate.word()))
                                    td { bdi { (name(&session.device)) } @if session.is_virtual { " " (virtual_mark()) } }
                                    td { bdi { (name(&session.candidate)) } }
                                    td { (with_code(&sentence(&gate.sentence))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
