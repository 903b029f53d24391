//! A device or a candidate over all its runs.

use std::collections::BTreeMap;

use edgesoak_record::fleet::{Fleet, QuarantineSpell};
use maud::{Markup, html};

use super::Site;
use super::document::{command, document};
use super::entries::{self, Entry, link, marks};
use super::history;
use super::history_figure::figure;
use super::place::Place;
use crate::model::Fact;
use crate::page::facts;
use crate::words::number::{NONE, count, fixed, plural};
use crate::words::text::{name, sentence};
use crate::words::time::{clock, date, day};

/// Most sessions listed.
const MOST_ROWS: usize = 500;
/// Most routes with a plot.
const MOST_PLOTS: usize = 8;
/// Most times in quarantine listed.
const MOST_SPELLS: usize = 50;

/// What a history is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Device,
    Candidate,
}

impl Kind {
    /// What stands on the other side: a device ran candidates, a candidate ran on devices.
    fn other(self) -> Kind {
        match self {
            Kind::Device => Kind::Candidate,
            Kind::Candidate => Kind::Device,
        }
    }

    /// The heading of a column.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Device => "Device",
            Kind::Candidate => "Candidate",
        }
    }

    /// Its id in a session.
    fn of<'a>(self, entry: &Entry<'a>) -> &'a str {
        match self {
            Kind::Device => &entry.session.device,
            Kind::Candidate => &entry.session.candidate,
        }
    }

    /// Its page.
    pub fn place(self, id: &str) -> Place<'_> {
        match self {
            Kind::Device => Place::Device(id),
            Kind::Candidate => Place::Candidate(id),
        }
    }
}

/// A device or a candidate with its sessions.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub kind: Kind,
    pub id: &'a str,
    /// The newest first.
    pub entries: Vec<Entry<'a>>,
    /// The latest first; candidates have none.
    pub spells: Vec<&'a QuarantineSpell>,
}

/// Every device or candidate, by id.
pub(super) fn subjects(fleet: &Fleet, kind: Kind) -> Vec<Subject<'_>> {
    let mut found: BTreeMap<&str, Subject<'_>> = BTreeMap::new();
    let new = |id| Subject { kind, id, entries: Vec::new(), spells: Vec::new() };
    for run in &fleet.runs {
        for session in &run.sessions {
            let entry = Entry { run, session };
            let id = kind.of(&entry);
            found.entry(id).or_insert_with(|| new(id)).entries.push(entry);
        }
    }
    if kind == Kind::Device {
        for spell in &fleet.quarantines {
            let id = spell.device.as_str();
            found.entry(id).or_insert_with(|| new(id)).spells.push(spell);
        }
    }
    found.into_values().collect()
}

impl<'a> Subject<'a> {
    /// The time in quarantine that has not ended.
    pub fn quarantine(&self) -> Option<&'a QuarantineSpell> {
        self.spells.iter().copied().find(|spell| spell.let_out.is_none())
    }

    /// The newest session.
    pub fn newest(&self) -> Option<Entry<'a>> {
        self.entries.first().copied()
    }

    /// A simulated device, or a candidate that ran on such devices alone.
    pub fn is_virtual(&self) -> bool {
        !self.entries.is_empty() && self.entries.iter().all(|entry| entry.session.is_virtual)
    }

    /// Nothing of ours ever watched it.
    pub fn is_imported(&self) -> bool {
        !self.entries.is_empty() && self.entries.iter().all(|entry| entry.session.is_imported)
    }

    /// What its battery was last known to have left of a new one, and the cycles that it had seen.
    pub fn battery(&self) -> (Option<f64>, Option<f64>) {
        let entries = || self.entries.iter();
        (
            entries().find_map(|entry| entry.session.battery_health),
            entries().find_map(|entry| entry.session.charge_cycles),
        )
    }

    /// Sessions by route, that of the newest session first.
    fn by_route(&self) -> Vec<(&'a str, Vec<Entry<'a>>)> {
        let mut routes: Vec<(&str, Vec<Entry<'a>>)> = Vec::new();
        for entry in &self.entries {
            let route = entry.session.route.as_str();
            match routes.iter_mut().find(|(known, _)| *known == route) {
                Some((_, entries)) => entries.push(*entry),
                None => routes.push((route, vec![*entry])),
            }
        }
        routes
    }
}

/// The page of a device or a candidate.
pub(super) fn page(site: &Site<'_>, subject: &Subject<'_>) -> String {
    let here = subject.kind.place(subject.id);
    let other = subject.kind.other();
    let routes = subject.by_route();
    let plots = routes.iter().take(MOST_PLOTS).filter_map(|(route, entries)| {
        history::floors(
            format!("Floor on {}", name(route)),
            entries,
            |entry| other.of(entry),
            &subject.spells,
        )
    });
    let mut plots: Vec<_> = plots.collect();
    if subject.kind == Kind::Device {
        plots.extend(history::battery(&subject.entries, &subject.spells));
    }
    let body = html! {
        header.subject {
            p.kind { (subject.kind.title()) }
            h1 { bdi { (name(subject.id)) } (marks(subject.is_virtual(), subject.is_imported())) }
            (facts("line", &about(subject)))
        }
        @if subject.kind == Kind::Device { (state(site, subject, here)) }
        @for (number, plot) in plots.iter().enumerate() { (figure(plot, &format!("h{number}"), here)) }
        @if plots.is_empty() && !subject.entries.is_empty() {
            p.nothing { "No session has a figure to draw." }
        }
        @if !subject.spells.is_empty() { (spells(site, subject, here)) }
        (sessions(subject, here))
    };
    document(site, here, &name(subject.id), &body)
}

fn about(subject: &Subject<'_>) -> Vec<Fact> {
    let distinct = |of: &dyn Fn(&Entry<'_>) -> String| {
        let mut values: Vec<String> = subject.entries.iter().map(of).collect();
        values.sort();
        values.dedup();
        values.truncate(4);
        values.join(", ")
    };
    let mut runs: Vec<&str> = subject.entries.iter().map(|entry| entry.run.run.as_str()).collect();
    runs.dedup();
    let span = match (subject.entries.last(), subject.newest()) {
        (Some(first), Some(last)) => format!("{} – {}", day(first.run.opened), day(last.run.opened)),
        _ => String::new(),
    };
    let (health, cycles) = subject.battery();
    let battery = [
        health.map(|health| format!("{}\u{a0}% of new", fixed(health, 0))),
        cycles.map(|cycles| format!("{} cycles", fixed(cycles, 0))),
    ];
    let families = |entry: &Entry<'_>| name(&entry.session.family);
    let mut facts = vec![
        Fact::new("Family", distinct(&families), ""),
        Fact::new("Routes", distinct(&|entry| name(&entry.session.route)), ""),
        Fact::new("Runs", count(runs.len() as u64), span),
        Fact::new("Sessions", count(subject.entries.len() as u64), ""),
        Fact::new("Battery", battery.into_iter().flatten().collect::<Vec<_>>().join(", "), "last known"),
    ];
    if subject.kind == Kind::Candidate {
        let mut devices: Vec<&str> =
            subject.entries.iter().map(|entry| entry.session.device.as_str()).collect();
        devices.sort_unstable();
        devices.dedup();
        facts.truncate(4);
        facts.push(Fact::new("Devices", count(devices.len() as u64), ""));
    }
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

/// Whether a device may be used, the first thing that a lab asks.
fn state(site: &Site<'_>, subject: &Subject<'_>, here: Place<'_>) -> Markup {
    // What is copied into a shell is only a name that no shell reads anything into.
    let is_plain = |id: &str| id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b));
    let id = if is_plain(subject.id) { subject.id } else { "ID" };
    html! {
        @match subject.quarantine() {
            Some(spell) => {
                section.state.lab aria-label="State" {
                    p {
                        b { span.symbol.lab aria-hidden="true" { "!" } " In quarantine" }
                        " since " (since(site, spell, here)) ": " bdi { (sentence(&spell.why)) }
                    }
                    p.soft {
                        "No run uses it. " (command(&format!("edgesoak devices --check {id}"))) " looks at it, "
                        (command(&format!("edgesoak devices --clear {id} --reason TEXT"))) " lets it out."
                    }
                }
            }
            None => { section.state aria-label="State" { p { b { "In use." } " This host has it in no quarantine." } } }
        }
    }
}

fn since(site: &Site<'_>, spell: &QuarantineSpell, here: Place<'_>) -> Markup {
    html! {
        @if spell.since.0 > 0 { (date(spell.since)) } @else { "a time that is not known" }
        @if !spell.run.is_empty() { ", run " (site.run(here, &spell.run)) }
    }
}

fn spells(site: &Site<'_>, subject: &Subject<'_>, here: Place<'_>) -> Markup {
    html! {
        section aria-labelledby="quarantine" {
            h2 #quarantine { "Quarantine" }
            div.scroll tabindex="0" role="group" aria-label="Times in quarantine" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Since" } th scope="col" { "Until" } th scope="col" { "Whose fault" }
                            th scope="col" { "Why" } th scope="col" { "Last check" } th scope="col" { "Let out because" }
                        }
                    }
                    tbody {
                        @for spell in subject.spells.iter().take(MOST_SPELLS) {
                            tr {
                                th scope="row" { (since(site, spell, here)) }
                                td { @match &spell.let_out { Some((at, _)) => (date(*at)), None => b { "still there" } } }
                                td { bdi { (name(&spell.whose)) } }
                                td { bdi { (sentence(&spell.why)) } }
                                td { (check(site, spell, here)) }
                                td { @match &spell.let_out { Some((_, why)) => bdi { (sentence(why)) }, None => (NONE) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn check(site: &Site<'_>, spell: &QuarantineSpell, here: Place<'_>) -> Markup {
    html! {
        @match &spell.check {
            Some((run, verdict)) => { bdi { (name(verdict)) } ", run " (site.run(here, run)) }
            None => { (NONE) }
        }
    }
}

fn sessions(subject: &Subject<'_>, here: Place<'_>) -> Markup {
    let other = subject.kind.other();
    html! {
        section aria-labelledby="sessions" {
            h2 #sessions { "Sessions" }
            @if subject.entries.is_empty() {
                p.nothing { "No stored run has it." }
            } @else {
                div.scroll tabindex="0" role="group" aria-label="Sessions" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "Verdict" } th scope="col" { "Run" } th scope="col" { "Route" }
                                th scope="col" { (other.title()) }
                                th scope="col" { "Floor" } th.number scope="col" { "Slower after" }
                                th.number scope="col" { "Battery" } th scope="col" { "Ended" }
                            }
                        }
                        tbody { @for entry in subject.entries.iter().take(MOST_ROWS) { (row(entry, other, here)) } }
                    }
                }
                @if subject.entries.len() > MOST_ROWS {
                    p.soft { (plural(subject.entries.len() - MOST_ROWS, "older session")) " are in the database." }
                }
            }
        }
    }
}

fn row(entry: &Entry<'_>, other: Kind, here: Place<'_>) -> Markup {
    let session = entry.session;
    let health = session.battery_health.map(|health| format!("{}\u{a0}%", fixed(health, 0)));
    html! {
        tr {
            td { (entries::verdict(session.verdict, entry.run.closed)) }
            th scope="row" {
                (link(&here.to(Place::Run(&entry.run.run)), &entry.run.run))
                small { (date(entry.run.opened)) }
            }
            td { bdi { (name(&session.route)) } }
            td {
                (link(&here.to(other.place(other.of(entry))), other.of(entry)))
                @if other == Kind::Device { (marks(session.is_virtual, session.is_imported)) }
            }
            td { (entries::figure(entry.floor())) }
            td.number { (entry.onset_s().map_or(NONE.to_owned(), clock)) }
            td.number { (health.unwrap_or_else(|| NONE.to_owned())) }
            td { (entry.ending().unwrap_or_else(|| "whole".to_owned())) }
        }
    }
}
