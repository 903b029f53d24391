//! The first screen of a comparison: verdict, sides, tiles, matrix, what to do next, what it rests on.

use edgesoak_record::comparison::{Change, Comparison, DeviceComparison, Reference};
use maud::{Markup, html};

use super::{Beside, bounds, listed, policy, runs, signed, tile, title};
use crate::model::Fact;
use crate::page::{facts, lines, tiles, virtual_mark, with_code};
use crate::words::gate::Mood;
use crate::words::number::{Amount, NONE};
use crate::words::text::{name, sentence, word};

/// More rows than this stand close together, each on one line.
const ROOMY: usize = 5;
/// Most rows of the matrix, and lines beside it.
const MOST_ROWS: usize = 400;
const MOST_LINES: usize = 12;

pub(super) fn first_screen(comparison: &Comparison, beside: &Beside<'_>) -> Markup {
    let mood = Mood::from(comparison.verdict);
    html! {
        header class={ "banner " (mood.class()) } {
            h1 { span.symbol aria-hidden="true" { (mood.symbol()) } " " (comparison.headline()) }
            div {
                p { (with_code(&sentence(&comparison.sentence))) }
                @if let Some(remark) = &comparison.redacted { p.remark { (sentence(remark)) } }
            }
        }
        section.tested aria-label="What was compared" { (facts("line", &tested(comparison))) }
        (tiles(&tile::tiles(comparison)))
        div.two {
            div {
                (matrix(comparison))
                section.trust aria-label="Why this can be believed" { (facts("line", &trust(comparison))) }
            }
            (aside(comparison, beside))
        }
    }
}

fn tested(comparison: &Comparison) -> Vec<Fact> {
    let sides = comparison.sides.iter();
    let mut facts: Vec<Fact> =
        sides.map(|side| Fact::new(title(side), listed(&side.candidates), listed(&side.runs))).collect();
    facts.push(Fact::new("policy", policy(comparison), ""));
    facts
}

/// How it is judged, and how much of it was evidence.
fn trust(comparison: &Comparison) -> Vec<Fact> {
    let changes = || comparison.devices.iter().flat_map(|device| &device.changes);
    let part = |part: f64| Amount::limit(part, "ratio").full();
    let widest = changes().filter_map(|change| change.sigma).reduce(f64::max);
    let runs: Vec<String> = comparison.sides.iter().map(|side| side.runs.len().to_string()).collect();
    // A run is held against each reference: it counts once.
    let of_device = |device: &DeviceComparison| device.changes.iter().map(|change| change.invalid_runs).max();
    let discarded = comparison.devices.iter().filter_map(of_device).fold(0_u32, u32::saturating_add);
    let looks: Vec<String> = comparison.looks.iter().map(u32::to_string).collect();
    let simulated = comparison.devices.iter().filter(|device| device.is_virtual).count();
    let beside = if simulated > 0 { "not counted beside hardware" } else { "" };
    vec![
        Fact::new("runs of each side", runs.join(" : "), ""),
        Fact::new("sessions that are no evidence", discarded.to_string(), ""),
        Fact::new("decides after", looks.join(", "), "runs of either side"),
        Fact::new(
            "may be lost",
            part(comparison.margin),
            format!("pinned {}", part(comparison.pinned_margin)),
        ),
        Fact::new("largest spread between runs", widest.map_or_else(|| NONE.to_owned(), part), ""),
        Fact::new("virtual", simulated.to_string(), beside),
    ]
}

fn matrix(comparison: &Comparison) -> Markup {
    let mut devices: Vec<(usize, &DeviceComparison)> = comparison.devices.iter().enumerate().collect();
    devices.sort_by_key(|(_, device)| (!device.blocking, Mood::from(device.outcome)));
    let changes = || comparison.devices.iter().flat_map(|device| &device.changes);
    let asked = |reference| changes().any(|change| change.reference == reference);
    let references: Vec<Reference> =
        [Reference::Previous, Reference::Pinned].into_iter().filter(|reference| asked(*reference)).collect();
    html! {
        div.scroll.matrix-box tabindex="0" role="group" aria-label="Devices and references" {
            table.matrix.dense[devices.len() > ROOMY] {
                caption.unseen { "Devices and references, worst first" }
                thead {
                    tr {
                        th scope="col" { "Device" }
                        th scope="col" { "Route" }
                        @for reference in &references {
                            th scope="col" { (column(*reference)) small { "change and bounds" } }
                            th scope="col" { "Runs" }
                        }
                        th scope="col" { "Answers" }
                    }
                }
                tbody {
                    @for (place, device) in devices.into_iter().take(MOST_ROWS) { (row(place, device, &references)) }
                    @if comparison.devices.is_empty() {
                        tr { td.empty colspan=(references.len() * 2 + 3) { "Nothing was compared." } }
                    }
                }
            }
        }
    }
}

fn column(reference: Reference) -> &'static str {
    match reference {
        Reference::Previous => "Previous",
        Reference::Pinned => "Pinned",
    }
}

fn row(place: usize, device: &DeviceComparison, references: &[Reference]) -> Markup {
    let mood = Mood::from(device.outcome);
    let of = |reference: Reference| device.changes.iter().find(|change| change.reference == reference);
    html! {
        tr.simulated[device.is_virtual] {
            th scope="row" {
                span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
                " " a href={ "#d" (place) } { bdi { (name(&device.device)) } }
                span.unseen { ", " (mood.word()) }
                small {
                    @if device.is_virtual { (virtual_mark()) " " }
                    bdi { (name(&device.family)) }
                    @if device.accepted.is_some() { " " span.accepted title="excused by name" { "accepted" } }
                }
            }
            td { bdi { (name(&device.route)) } }
            @for reference in references { (change_cells(of(*reference))) }
            (answers(device))
        }
    }
}

fn change_cells(change: Option<&Change>) -> Markup {
    let Some(change) = change else {
        return html! { td.none { (NONE) span.unseen { "not compared" } } td.none { (NONE) } };
    };
    let mood = Mood::from(change.outcome);
    let value = match change.change {
        Some(part) => signed(Some(part)),
        None => change.cause.as_deref().map_or_else(|| NONE.to_owned(), word),
    };
    html! {
        td class=(mood.class()) title=(sentence(&change.sentence)) {
            span.symbol aria-hidden="true" { (mood.symbol()) }
            "\u{a0}" bdi { (value) }
            span.unseen { ", " (mood.word()) }
            @if change.lo.is_some() && change.hi.is_some() { small { (bounds(change)) } }
        }
        td { (runs(change)) }
    }
}

fn answers(device: &DeviceComparison) -> Markup {
    let answers = device.changes.iter().filter_map(|change| change.answers.as_ref());
    let Some(worst) = answers.min_by_key(|answers| Mood::from(answers.outcome)) else {
        return html! { td.none { (NONE) span.unseen { "no golden items" } } };
    };
    let mood = Mood::from(worst.outcome);
    html! {
        td class=(mood.class()) title=(sentence(&worst.sentence)) {
            span.symbol aria-hidden="true" { (mood.symbol()) }
            "\u{a0}−" (worst.only_reference) " +" (worst.only_candidate)
            span.unseen { ", " (mood.word()) }
        }
    }
}

fn aside(comparison: &Comparison, beside: &Beside<'_>) -> Markup {
    let said =
        |lines: &[String]| lines.iter().take(MOST_LINES).map(|line| sentence(line)).collect::<Vec<_>>();
    let left_out: Vec<String> = beside.not_run.iter().map(|missing| missing.sentence.clone()).collect();
    html! {
        aside {
            h2 { "What to do next" }
            @if comparison.next_actions.is_empty() {
                p { "Nothing. No device asks for more runs." }
            } @else {
                (lines(&said(&comparison.next_actions), 4))
            }
            @for (head, all) in [("Accepted and waived", &comparison.accepted), ("Not run", &left_out)] {
                @if !all.is_empty() { h2 { (head) } (lines(&said(all), 3)) }
            }
        }
    }
}
