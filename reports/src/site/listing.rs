//! All devices, or all candidates, with their state.

use maud::{Markup, html};

use super::Site;
use super::document::document;
use super::entries::{self, link, marks};
use super::place::Place;
use super::subject::{Kind, Subject};
use crate::words::number::{NONE, count, fixed};
use crate::words::text::{name, sentence};
use crate::words::time::day;

pub(super) fn page(site: &Site<'_>, kind: Kind) -> String {
    let (here, title, empty) = match kind {
        Kind::Device => (Place::Devices, "Devices", "No device was in a run yet."),
        Kind::Candidate => (Place::Candidates, "Candidates", "No candidate was in a run yet."),
    };
    let mut subjects: Vec<&Subject<'_>> = site.subjects(kind).iter().collect();
    subjects.sort_by_key(|subject| (subject.quarantine().is_none(), subject.is_virtual()));
    let body = html! {
        header.subject { h1 { (title) } (summary(kind, &subjects)) }
        @if subjects.is_empty() {
            p.nothing { (empty) }
        } @else {
            div.scroll tabindex="0" role="group" aria-label="Devices and candidates" {
                table {
                    thead {
                        tr {
                            th scope="col" { (kind.title()) }
                            @if kind == Kind::Device { th scope="col" { "State" } }
                            th scope="col" { "Newest session" }
                            th scope="col" { "Its floor" }
                            @if kind == Kind::Device { th.number scope="col" { "Battery" } }
                            th.number scope="col" { "Sessions" }
                        }
                    }
                    tbody { @for subject in subjects { (row(subject, here)) } }
                }
            }
        }
    };
    document(site, here, title, &body)
}

fn summary(kind: Kind, subjects: &[&Subject<'_>]) -> Markup {
    let held = subjects.iter().filter(|subject| subject.quarantine().is_some()).count();
    let simulated = subjects.iter().filter(|subject| subject.is_virtual()).count();
    html! {
        p.soft {
            (count(subjects.len() as u64)) " known"
            @if kind == Kind::Device {
                ", " (count(held as u64)) " in quarantine, " (count(simulated as u64)) " virtual"
            }
        }
    }
}

fn row(subject: &Subject<'_>, here: Place<'_>) -> Markup {
    let newest = subject.newest();
    let (health, cycles) = subject.battery();
    // Where the whole subject is marked, its newest session needs no mark of its own.
    let mark = marks(
        !subject.is_virtual() && newest.is_some_and(|entry| entry.session.is_virtual),
        !subject.is_imported() && newest.is_some_and(|entry| entry.session.is_imported),
    );
    html! {
        tr.simulated[subject.is_virtual()] {
            th scope="row" {
                (link(&here.to(subject.kind.place(subject.id)), subject.id))
                (marks(subject.is_virtual(), subject.is_imported()))
                @if let Some(entry) = newest { small { bdi { (name(&entry.session.family)) } } }
            }
            @if subject.kind == Kind::Device { td { (state(subject)) } }
            td {
                @if let Some(entry) = newest {
                    (entries::verdict(entry.session.verdict, entry.run.closed)) (mark)
                    small {
                        (link(&here.to(Place::Run(&entry.run.run)), &entry.run.run)) ", " (day(entry.run.opened))
                    }
                } @else { (NONE) }
            }
            td {
                (entries::figure(newest.and_then(|entry| entry.floor())))
                @if newest.is_some_and(|entry| entry.floor().is_some()) { (mark) }
            }
            @if subject.kind == Kind::Device {
                td.number {
                    (health.map_or(NONE.to_owned(), |health| format!("{}\u{a0}%", fixed(health, 0))))
                    @if let Some(cycles) = cycles { small { (fixed(cycles, 0)) " cycles" } }
                }
            }
            td.number { (count(subject.entries.len() as u64)) }
        }
    }
}

fn state(subject: &Subject<'_>) -> Markup {
    html! {
        @match subject.quarantine() {
            Some(spell) => {
                span.symbol.lab aria-hidden="true" { "!" } b { " in quarantine" }
                small { bdi { (sentence(&spell.why)) } }
            }
            None => { "in use" }
        }
    }
}
