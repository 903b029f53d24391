//! What the first screen of a release rests on, as tables.

use edgesoak_record::comparison::{Change, DeviceComparison};
use edgesoak_record::release::{Coverage, Release, WaiverStanding, WaiverState};
use maud::{Markup, html};

use super::{MOST_ROWS, reference};
use crate::comparison::{bounds, runs, signed};
use crate::page::{virtual_mark, with_code};
use crate::words::gate::Mood;
use crate::words::number::Amount;
use crate::words::text::{name, sentence};

/// A mood in front of what it is of.
pub(super) fn head_cell(mood: Mood, words: &str) -> Markup {
    html! {
        th scope="row" {
            span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
            " " bdi { (words) }
            span.unseen { ", " (mood.word()) }
        }
    }
}

/// Families that are owed, holes first.
pub(super) fn families(release: &Release) -> Markup {
    html! {
        section.after aria-labelledby="families" {
            h2 #families { "Families" }
            @if release.coverage.is_empty() {
                p.soft { "The tier names no family, and no route of this release was tried anywhere." }
            } @else {
                p.soft { "A family that is owed and was not measured is a hole: the release is not proven. Simulated devices fill none." }
                div.scroll tabindex="0" role="group" aria-label="Families by route" {
                    table.gates {
                        thead {
                            tr {
                                th scope="col" { "Family" }
                                th scope="col" { "Route" }
                                th.number scope="col" { "Units" }
                                th scope="col" { "Which" }
                                th scope="col" { "What is known" }
                            }
                        }
                        tbody { @for one in release.coverage.iter().take(MOST_ROWS) { (family(one)) } }
                    }
                }
            }
        }
    }
}

fn family(coverage: &Coverage) -> Markup {
    let mood = Mood::from(coverage.outcome);
    html! {
        tr class=(mood.class()) {
            (head_cell(mood, &name(&coverage.family)))
            td { bdi { (name(&coverage.route)) } }
            td.number { (coverage.units.len()) " of " (coverage.needed) }
            td { bdi { (crate::comparison::listed(&coverage.units)) } }
            td { (with_code(&sentence(&coverage.sentence))) }
        }
    }
}

/// Every device against the previous release and the pinned one.
pub(super) fn references(release: &Release) -> Markup {
    let devices = release.comparison.iter().flat_map(|comparison| &comparison.devices);
    let rows: Vec<(&DeviceComparison, &Change)> =
        devices.flat_map(|device| device.changes.iter().map(move |change| (device, change))).collect();
    let names: Vec<String> = release.references.iter().map(reference).collect();
    html! {
        section.after aria-labelledby="references" {
            h2 #references { "Against earlier releases" }
            @if !names.is_empty() { p { "Held against " bdi { (names.join(" and ")) } "." } }
            @if !release.not_compared.is_empty() { p.soft { (sentence(&release.not_compared)) } }
            @if !rows.is_empty() {
                div.scroll tabindex="0" role="group" aria-label="Changes of the sustained rate" {
                    table.gates {
                        caption.unseen { "Changes of the sustained rate" }
                        thead {
                            tr {
                                th scope="col" { "Device" }
                                th scope="col" { "Route" }
                                th scope="col" { "Against" }
                                th.number scope="col" { "Change" }
                                th.number scope="col" { "Bounds" }
                                th.number scope="col" { "May be lost" }
                                th.number scope="col" { "Runs" }
                                th scope="col" { "Why" }
                            }
                        }
                        tbody { @for (device, change) in rows.iter().take(MOST_ROWS) { (compared(device, change)) } }
                    }
                }
            }
        }
    }
}

fn compared(device: &DeviceComparison, change: &Change) -> Markup {
    let mood = Mood::from(change.outcome);
    html! {
        tr class=(mood.class()) {
            th scope="row" {
                span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
                " " bdi { (name(&device.device)) }
                span.unseen { ", " (mood.word()) }
                @if device.is_virtual { " " (virtual_mark()) }
            }
            td { bdi { (name(&device.route)) } }
            td { (change.reference.title()) }
            td.number { (signed(change.change)) }
            td.number { (bounds(change)) }
            td.number { (Amount::limit(-change.limit, "ratio").full()) }
            td.number { (runs(change)) }
            td {
                (with_code(&sentence(&change.sentence)))
                @if let Some(why) = &change.why { small { bdi { (sentence(&why.sentence)) "." } } }
            }
        }
    }
}

/// Waivers with their ends and uses.
pub(super) fn waivers(release: &Release) -> Markup {
    html! {
        @if !release.waivers.is_empty() || !release.accepted.is_empty() {
            section.after aria-labelledby="waivers" {
                h2 #waivers { "Accepted and waived" }
                @if !release.waivers.is_empty() {
                    div.scroll tabindex="0" role="group" aria-label="Waivers" {
                        table.gates {
                            thead {
                                tr {
                                    th scope="col" { "Gate" }
                                    th scope="col" { "Of" }
                                    th scope="col" { "Standing" }
                                    th.number scope="col" { "Uses" }
                                    th.number scope="col" { "Excuses" }
                                    th scope="col" { "Why" }
                                }
                            }
                            tbody { @for one in release.waivers.iter().take(MOST_ROWS) { (waiver(one)) } }
                        }
                    }
                }
                @if !release.accepted.is_empty() {
                    ul { @for line in release.accepted.iter().take(MOST_ROWS) { li { (with_code(&sentence(line))) } } }
                }
            }
        }
    }
}

fn waiver(waiver: &WaiverState) -> Markup {
    let mood = if waiver.state == WaiverStanding::Holds { Mood::Info } else { Mood::NotProven };
    let uses = match (waiver.uses, waiver.max_uses) {
        (Some(uses), Some(most)) => format!("{uses} of {most}"),
        _ => "not limited".to_owned(),
    };
    html! {
        tr class=(mood.class()) {
            (head_cell(mood, waiver.gate.word()))
            td { bdi { (name(waiver.holds_for())) } }
            td { bdi { (name(&waiver.standing())) } }
            td.number { (uses) }
            td.number { (waiver.excuses) }
            td {
                bdi { (sentence(&waiver.reason)) }
                small { bdi { (name(&waiver.ticket)) } ", mended by " bdi { (name(&waiver.owner)) } ", allowed by " bdi { (name(&waiver.approver)) } }
            }
        }
    }
}
