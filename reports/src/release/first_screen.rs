//! The first screen of a release: verdict, what it is, tiles, matrix, what to do next, what it rests on.

use edgesoak_record::comparison::{Change, Reference};
use edgesoak_record::release::{Release, ReleaseCell};
use edgesoak_record::{GateResult, Verdict};
use maud::{Markup, html};

use super::{policy, stands_for, tile};
use crate::comparison::first_screen::{change_cell, column};
use crate::model::Fact;
use crate::page::{facts, lines, tiles, virtual_mark, with_code};
use crate::words::gate::{Mood, name as gate_name, sign};
use crate::words::number::{Amount, NONE, plural};
use crate::words::text::{digest, name, sentence, word};
use crate::words::time::date;

/// More rows than this stand close together, each on one line.
const ROOMY: usize = 5;
/// Most rows of the matrix.
const MOST_ROWS: usize = 400;
/// Most lines beside the matrix.
const MOST_LINES: usize = 12;

pub(super) fn first_screen(release: &Release) -> Markup {
    let mood = Mood::from(release.verdict);
    html! {
        header class={ "banner " (mood.class()) } {
            h1 { span.symbol aria-hidden="true" { (mood.symbol()) } " " (mood.shout()) }
            div {
                p { (with_code(&sentence(&release.sentence))) }
                @for remark in remarks(release) { p.remark { (remark) } }
            }
        }
        section.tested aria-label="What was tested" { (facts("line", &tested(release))) }
        (tiles(&tile::tiles(release)))
        div.two {
            div {
                (matrix(release))
                section.trust aria-label="Why this can be believed" { (facts("line", &trust(release))) }
            }
            (aside(release))
        }
    }
}

fn remarks(release: &Release) -> Vec<String> {
    let simulated = release.cells.iter().filter(|cell| cell.is_virtual).count();
    let mut remarks: Vec<String> = release.redacted.iter().map(|remark| sentence(remark)).collect();
    if simulated > 0 {
        let of = plural(simulated, "row");
        remarks.push(format!("◇ {of} of simulated devices, which prove nothing about hardware."));
    }
    if !release.accepted.is_empty() {
        remarks.push(format!("{} accepted or waived.", plural(release.accepted.len(), "shortfall")));
    }
    remarks
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = values.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn tested(release: &Release) -> Vec<Fact> {
    let candidates = distinct(release.cells.iter().map(|cell| {
        let runtime =
            if cell.runtime.is_empty() { String::new() } else { format!(" in {}", name(&cell.runtime)) };
        format!("{} {}{runtime}", name(&cell.candidate), digest(&cell.artifact_sha256))
    }));
    let mut facts = vec![
        Fact::new("release", name(&release.name), stands_for(release)),
        Fact::new("candidates", first_of(&candidates, 3), ""),
    ];
    for held in &release.references {
        facts.push(Fact::new(held.reference.title(), name(&held.name), date(held.promoted)));
    }
    facts.push(Fact::new("policy", policy(release), digest(&release.policy_digest)));
    facts
}

fn first_of(all: &[String], most: usize) -> String {
    let shown = all.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    let more = all.len().saturating_sub(most);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

fn trust(release: &Release) -> Vec<Fact> {
    let valid = release.sessions.iter().filter(|it| !is_idle(it.verdict.verdict)).count();
    let discarded = release.sessions.len() - valid;
    let lost = if discarded > 0 { format!("{discarded} that tell nothing") } else { String::new() };
    let units = |is_virtual: bool| {
        let cells = release.cells.iter().filter(|cell| cell.is_virtual == is_virtual);
        distinct(cells.map(|cell| cell.device.clone())).len()
    };
    let mut facts = vec![
        Fact::new("runs", release.runs.len().to_string(), ""),
        Fact::new("sessions", valid.to_string(), lost),
        Fact::new("units of hardware", units(false).to_string(), ""),
        Fact::new(
            "virtual",
            units(true).to_string(),
            if units(true) > 0 { "prove nothing of hardware" } else { "" },
        ),
    ];
    if let (Some(newest), Some(oldest)) = (release.runs.first(), release.runs.last()) {
        let from =
            if release.runs.len() > 1 { format!("oldest {}", date(oldest.opened)) } else { String::new() };
        facts.push(Fact::new("newest run", date(newest.opened), from));
    }
    facts.push(Fact::new("exit code", release.exit.to_string(), name(&release.reason)));
    facts
}

fn is_idle(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Infrastructure | Verdict::Nothing)
}

fn matrix(release: &Release) -> Markup {
    let pinned = release.references.iter().any(|held| held.reference == Reference::Pinned);
    let previous = release.references.iter().any(|held| held.reference == Reference::Previous);
    let shown = [(Reference::Previous, previous), (Reference::Pinned, pinned)];
    let shown: Vec<Reference> =
        shown.into_iter().filter(|(_, is)| *is).map(|(reference, _)| reference).collect();
    html! {
        div.scroll.matrix-box tabindex="0" role="group" aria-label="Devices, routes and candidates" {
            table.matrix.dense[release.cells.len() > ROOMY] {
                caption.unseen { "Devices, routes and candidates, worst first" }
                thead {
                    tr {
                        th scope="col" { "Device" }
                        th scope="col" { "Route" }
                        th scope="col" { "Candidate" }
                        th scope="col" { "Worst gate" }
                        th scope="col" { "Floor" small { "tokens/s" } }
                        @for reference in &shown { th scope="col" { (column(*reference)) small { "sustained rate" } } }
                    }
                }
                tbody {
                    @for cell in release.cells.iter().take(MOST_ROWS) { (row(release, cell, &shown)) }
                }
            }
        }
        @if release.cells.len() > MOST_ROWS {
            p.soft { (release.cells.len() - MOST_ROWS) " more rows are in the JSON of the release." }
        }
    }
}

fn row(release: &Release, cell: &ReleaseCell, shown: &[Reference]) -> Markup {
    let mood = Mood::from(cell.verdict);
    html! {
        tr.simulated[cell.is_virtual] {
            th scope="row" title=(sentence(&cell.sentence)) {
                span class={ "symbol " (mood.class()) } aria-hidden="true" { (mood.symbol()) }
                " " bdi { (name(&cell.device)) }
                span.unseen { ", " (mood.word()) }
                small {
                    @if cell.is_virtual { (virtual_mark()) " " }
                    @if cell.is_imported { span.soft { "⇥ imported " } }
                    bdi { (name(&cell.family_title)) }
                }
            }
            td { bdi { (name(&cell.route)) } }
            td { bdi { (name(&cell.candidate)) } }
            (worst(cell))
            (figure(cell.floor.as_ref()))
            @for reference in shown { (change_cell(change(release, cell, *reference))) }
        }
    }
}

/// The worst gate with its number.
fn worst(cell: &ReleaseCell) -> Markup {
    let Some(gate) = &cell.worst else {
        return html! { td.none { (if cell.stored { "no gate" } else { "not stored" }) } };
    };
    let mood = Mood::from(gate.outcome);
    html! {
        td class=(mood.class()) title=(sentence(&gate.sentence)) {
            span.symbol aria-hidden="true" { (mood.symbol()) }
            "\u{a0}" (gate_name(gate.gate)) " " bdi { (shown(gate)) }
            span.unseen { ", " (mood.word()) }
            @if gate.accepted.is_some() { " " span.accepted title="excused by name" { "accepted" } }
        }
    }
}

/// A figure with its unit, else why there is none.
fn shown(gate: &GateResult) -> String {
    match gate.measured.filter(|value| value.is_finite()) {
        Some(value) if !gate.unit.is_empty() => Amount::of(value, &gate.unit).full(),
        _ => gate.cause.as_deref().map(word).unwrap_or_default(),
    }
}

fn figure(gate: Option<&GateResult>) -> Markup {
    let Some(gate) = gate else { return html! { td.none { (NONE) span.unseen { "no floor" } } } };
    let mood = Mood::from(gate.outcome);
    let value = gate.measured.map_or_else(|| NONE.to_owned(), |value| Amount::of(value, &gate.unit).number);
    let bar =
        gate.limit.map(|limit| format!("{} {}", sign(gate.gate), Amount::limit(limit, &gate.unit).number));
    html! {
        td class=(mood.class()) title=(sentence(&gate.sentence)) {
            span.symbol aria-hidden="true" { (mood.symbol()) }
            "\u{a0}" (value)
            span.unseen { ", " (mood.word()) }
            @if let Some(bar) = bar { small { (bar) } }
        }
    }
}

fn change<'a>(release: &'a Release, cell: &ReleaseCell, reference: Reference) -> Option<&'a Change> {
    let mut devices = release.comparison.iter().flat_map(|comparison| &comparison.devices);
    let device = devices.find(|device| device.device == cell.device && device.route == cell.route)?;
    device.changes.iter().find(|change| change.reference == reference)
}

fn aside(release: &Release) -> Markup {
    let said =
        |lines: &[String]| lines.iter().take(MOST_LINES).map(|line| sentence(line)).collect::<Vec<_>>();
    let waivers: Vec<String> = release.waivers.iter().map(waiver).collect();
    html! {
        aside {
            h2 { "What to do next" }
            @if release.next_actions.is_empty() {
                p { "Nothing. No gate and no family asks for more." }
            } @else {
                (lines(&said(&release.next_actions), 4))
            }
            @if !waivers.is_empty() {
                h2 { "Waivers" }
                (lines(&said(&waivers), 3))
            }
        }
    }
}

fn waiver(waiver: &edgesoak_record::release::WaiverState) -> String {
    let uses = match (waiver.uses, waiver.max_uses) {
        (Some(uses), Some(most)) => format!(", {uses} of {most} uses"),
        _ => String::new(),
    };
    let place = if waiver.holds_for().is_empty() { "nothing" } else { waiver.holds_for() };
    let of = format!("{} / {place} {}{uses}", waiver.gate, waiver.standing());
    format!("{of}: {} ({}, {})", waiver.reason, waiver.owner, waiver.ticket)
}
