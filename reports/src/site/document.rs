//! What all pages of the site share: head, way between them, foot.

use maud::{DOCTYPE, Markup, html};

use super::place::Place;
use super::{Kind, Site};
use crate::page::head_with;
use crate::words::number::count;
use crate::words::text::without_tricks;

/// A page with its way to the others.
pub(super) fn document(site: &Site<'_>, here: Place<'_>, title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head_with(&format!("{title} · EdgeSoak"), include_str!("site.css")))
            body {
                a.skip href="#page" { "Skip to the page" }
                (ways(site, here))
                main #page { (body) (foot()) }
            }
        }
    };
    without_tricks(&page.into_string())
}

fn ways(site: &Site<'_>, here: Place<'_>) -> Markup {
    let ways = [
        (Place::Runs(0), "Runs", site.fleet.runs.len()),
        (Place::Devices, "Devices", site.subjects(Kind::Device).len()),
        (Place::Candidates, "Candidates", site.subjects(Kind::Candidate).len()),
        (Place::Releases, "Releases", site.releases.names().count()),
    ];
    html! {
        nav.ways aria-label="Parts of the site" {
            div {
                span.maker { "EdgeSoak" }
                @for (place, words, number) in ways {
                    a href=(here.to(place)) aria-current=[current(here, place)] {
                        (words) " " span { (count(number as u64)) }
                    }
                }
                @if site.is_live {
                    a href=(here.to(Place::Running)) aria-current=[current(here, Place::Running)] { "Running" }
                }
            }
        }
    }
}

/// The part that a page belongs to, and whether it is that part's first page.
fn current(here: Place<'_>, part: Place<'_>) -> Option<&'static str> {
    let first = match here {
        Place::Runs(_) | Place::Run(_) => Place::Runs(0),
        Place::Devices | Place::Device(_) => Place::Devices,
        Place::Candidates | Place::Candidate(_) => Place::Candidates,
        Place::Releases | Place::Release(_) => Place::Releases,
        Place::Running => Place::Running,
    };
    match (first == part, here == part) {
        (true, true) => Some("page"),
        (true, false) => Some("true"),
        _ => None,
    }
}

fn foot() -> Markup {
    html! { footer { p { "Made by EdgeSoak from stored data. The same data give the same pages." } } }
}

/// A command beside what it is about.
pub(super) fn command(text: &str) -> Markup {
    html! { code { (text) } }
}
