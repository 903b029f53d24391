//! All runs, the newest first, on as many pages as they need.

use edgesoak_record::fleet::{Fleet, FleetRun};
use maud::{Markup, html};

use super::document::document;
use super::entries::{self, Entry, link, marks};
use super::place::Place;
use super::{Kind, RUNS_PER_PAGE, Site};
use crate::words::gate::Mood;
use crate::words::number::{count, plural};
use crate::words::text::{name, sentence};
use crate::words::time::{date, day};

/// Devices named beside a run.
const NAMED: usize = 2;

/// Pages that the runs need: one, even where there are none.
pub(super) fn pages(fleet: &Fleet) -> usize {
    fleet.runs.len().div_ceil(RUNS_PER_PAGE).max(1)
}

pub(super) fn page(site: &Site<'_>, number: usize) -> String {
    let here = Place::Runs(number);
    let runs = &site.fleet.runs;
    let shown = runs.chunks(RUNS_PER_PAGE).nth(number).unwrap_or_default();
    let body = html! {
        @if number == 0 { (overview(site, here)) }
        header.subject {
            h1 { "Runs" @if number > 0 { small { "page " (number + 1) " of " (pages(site.fleet)) } } }
            @if let (Some(last), Some(first)) = (shown.first(), shown.last()) {
                p.soft { (count(runs.len() as u64)) " stored; here " (day(first.opened)) " – " (day(last.opened)) }
            }
        }
        @if runs.is_empty() {
            p.nothing { "No run is stored yet. " (super::document::command("edgesoak run --profile quick")) " makes the first one." }
        } @else {
            div.scroll {
                table.runs {
                    thead {
                        tr {
                            th scope="col" { "Verdict" } th scope="col" { "Run" } th scope="col" { "Devices" }
                            th scope="col" { "Candidates" } th scope="col" { "Lowest floor" } th scope="col" { "Why" }
                        }
                    }
                    tbody { @for run in shown { (row(run, here)) } }
                }
            }
            (pager(site, number))
        }
    };
    document(site, here, "Runs", &body)
}

/// What a lab looks at in the morning.
fn overview(site: &Site<'_>, here: Place<'_>) -> Markup {
    let latest = site.fleet.runs.iter().find(|run| run.verdict.is_some());
    let held: Vec<&str> = site
        .subjects(Kind::Device)
        .iter()
        .filter(|device| device.quarantine().is_some())
        .map(|device| device.id)
        .collect();
    let open = site.fleet.runs.iter().filter(|run| !run.closed).count();
    let release = site.fleet.releases.last();
    html! {
        section.tiles aria-label="State of the fleet" {
            @let mood = latest.and_then(|run| run.verdict).map_or(Mood::Nothing, Mood::from);
            article class={ "tile " (mood.class()) } {
                h2 { "Latest verdict" }
                p.figure { span.symbol aria-hidden="true" { (mood.symbol()) } " " b { (mood.word()) } }
                p {
                    @match latest {
                        Some(run) => { (link(&here.to(Place::Run(&run.run)), &run.run)) }
                        None => { "nothing was judged yet" }
                    }
                }
            }
            article.tile.lab[!held.is_empty()] {
                h2 { "In quarantine" }
                p.figure {
                    @if !held.is_empty() { span.symbol.lab aria-hidden="true" { "!" } " " }
                    b { (count(held.len() as u64)) } span.unit { " of " (plural(site.subjects(Kind::Device).len(), "device")) }
                }
                p {
                    @if held.is_empty() { "all may be used" }
                    @for (number, device) in held.iter().take(NAMED).enumerate() {
                        @if number > 0 { ", " }
                        (link(&here.to(Place::Device(device)), device))
                    }
                    @if held.len() > NAMED { " and " (held.len() - NAMED) " more" }
                }
            }
            article.tile {
                h2 { "Not closed" }
                p.figure { b { (count(open as u64)) } span.unit { " of " (plural(site.fleet.runs.len(), "run")) } }
                p { @if open == 0 { "every run was closed" } @else { "they run, or can be resumed" } }
            }
            article.tile {
                h2 { "Latest release" }
                @match release {
                    Some(release) => {
                        p.figure { b { (link(&here.to(Place::Release(&release.name)), &release.name)) } }
                        p { "promoted " (day(release.promoted)) }
                    }
                    None => { p.figure { b { "none" } } p { "nothing was promoted yet" } }
                }
            }
        }
    }
}

fn row(run: &FleetRun, here: Place<'_>) -> Markup {
    let devices = distinct(run, |session| &session.device);
    let candidates = distinct(run, |session| &session.candidate);
    let entries = || run.sessions.iter().map(|session| Entry { run, session });
    let lowest = entries().filter_map(|entry| entry.floor()).min_by(|a, b| margin(a).total_cmp(&margin(b)));
    html! {
        tr.simulated[!run.sessions.is_empty() && run.sessions.iter().all(|session| session.is_virtual)] {
            td { (entries::verdict(run.verdict, run.closed)) }
            th scope="row" {
                (link(&here.to(Place::Run(&run.run)), &run.run))
                small { (date(run.opened)) " · " bdi { (name(&run.profile)) } " / " bdi { (name(&run.tier)) } }
            }
            td { (named(&devices, here, Kind::Device)) (run_marks(run)) }
            td { (named(&candidates, here, Kind::Candidate)) }
            td { (entries::figure(lowest)) }
            td.why {
                bdi { (sentence(&run.sentence)) }
                @if let Some(why) = &run.interrupted { small { "ended early: " bdi { (sentence(why)) } } }
            }
        }
    }
}

fn run_marks(run: &FleetRun) -> Markup {
    let any = |of: fn(&edgesoak_record::fleet::FleetSession) -> bool| run.sessions.iter().any(of);
    marks(any(|session| session.is_virtual), any(|session| session.is_imported))
}

/// How far a floor is above its bar, as a part of it; one without a bar comes last.
fn margin(figure: &edgesoak_record::fleet::FleetFigure) -> f64 {
    match (figure.measured, figure.limit) {
        (Some(measured), Some(limit)) if limit > 0.0 => (measured - limit) / limit,
        (None, Some(_)) => f64::MAX / 2.0,
        _ => f64::MAX,
    }
}

fn distinct<'a>(
    run: &'a FleetRun,
    of: impl Fn(&'a edgesoak_record::fleet::FleetSession) -> &'a str,
) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for text in run.sessions.iter().map(of) {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

fn named(ids: &[&str], here: Place<'_>, kind: Kind) -> Markup {
    html! {
        @for (number, id) in ids.iter().take(NAMED).enumerate() {
            @if number > 0 { ", " }
            (link(&here.to(kind.place(id)), id))
        }
        @if ids.len() > NAMED { " and " (ids.len() - NAMED) " more" }
    }
}

fn pager(site: &Site<'_>, number: usize) -> Markup {
    let (here, all) = (Place::Runs(number), pages(site.fleet));
    html! {
        @if all > 1 {
            nav.pager aria-label="Pages of runs" {
                @if number > 0 { a rel="prev" href=(here.to(Place::Runs(number - 1))) { "← newer" } }
                @for page in 0..all {
                    a href=(here.to(Place::Runs(page))) aria-current=[(page == number).then_some("page")] { (page + 1) }
                }
                @if number + 1 < all { a rel="next" href=(here.to(Place::Runs(number + 1))) { "older →" } }
            }
        }
    }
}

pub(super) fn without_report(site: &Site<'_>, run: &str, why: &str) -> String {
    let body = html! {
        header.subject { p.kind { "Run" } h1 { bdi { (name(run)) } } }
        p.nothing { "Its report could not be made: " bdi { (sentence(why)) } }
    };
    document(site, Place::Run(run), &name(run), &body)
}
