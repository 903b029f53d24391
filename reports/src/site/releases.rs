//! What was promoted: each release with its runs, and what it changed against the one before.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::SessionTrial;
use edgesoak_record::baseline::Baseline;
use edgesoak_record::fleet::Fleet;
use maud::{Markup, html};

use super::document::{command, document};
use super::entries::{link, marks};
use super::place::Place;
use super::{Kind, Site};
use crate::model::Fact;
use crate::page::facts;
use crate::words::number::{NONE, count, fixed, number, plural};
use crate::words::text::{digest, name, sentence};
use crate::words::time::{date, day};

/// Promotions by name.
#[derive(Debug)]
pub(super) struct Releases<'a> {
    /// The name that was promoted last is first.
    by_name: Vec<(&'a str, Vec<&'a Baseline>)>,
    in_order: &'a [Baseline],
}

impl<'a> Releases<'a> {
    pub fn of(fleet: &'a Fleet) -> Self {
        let mut by_name: Vec<(&str, Vec<&Baseline>)> = Vec::new();
        for promoted in fleet.releases.iter().rev() {
            match by_name.iter_mut().find(|(name, _)| *name == promoted.name) {
                Some((_, promotions)) => promotions.push(promoted),
                None => by_name.push((&promoted.name, vec![promoted])),
            }
        }
        Self { by_name, in_order: &fleet.releases }
    }

    /// Every name, the one that was promoted last first.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.by_name.iter().map(|(name, _)| *name)
    }

    /// The promotion before this one that has another name.
    fn before(&self, promoted: &Baseline) -> Option<&'a Baseline> {
        let place = self.in_order.iter().rposition(|other| other == promoted)?;
        self.in_order[..place].iter().rfind(|other| other.name != promoted.name)
    }
}

/// A device with a candidate on a route.
type Cell<'a> = (&'a str, &'a str, &'a str);

/// The rates of a cell.
#[derive(Debug, Default)]
struct Rates<'a> {
    /// Of valid sessions, natural logarithms.
    ln: Vec<f64>,
    sessions: usize,
    artifacts: BTreeSet<&'a str>,
    is_virtual: bool,
    is_imported: bool,
}

impl Rates<'_> {
    /// Their geometric mean.
    fn level(&self) -> Option<f64> {
        (!self.ln.is_empty()).then(|| self.ln.iter().sum::<f64>() / self.ln.len() as f64)
    }
}

fn rates(baseline: &Baseline) -> BTreeMap<Cell<'_>, Rates<'_>> {
    let mut cells: BTreeMap<Cell<'_>, Rates<'_>> = BTreeMap::new();
    for SessionTrial { device, route, candidate, artifact_sha256, is_virtual, trial, .. } in &baseline.trials
    {
        let cell = cells.entry((device, route, candidate)).or_default();
        cell.ln.extend(trial.ln_rate());
        cell.sessions += 1;
        cell.artifacts.insert(artifact_sha256);
        cell.is_virtual |= is_virtual;
        cell.is_imported |= trial.is_imported;
    }
    cells
}

pub(super) fn listing(site: &Site<'_>) -> String {
    let here = Place::Releases;
    let promotions = &site.releases.by_name;
    let body = html! {
        header.subject {
            h1 { "Releases" }
            p.soft { "What was promoted, the last first: later candidates are held against these." }
        }
        @if promotions.is_empty() {
            p.nothing { "Nothing was promoted. " (command("edgesoak baseline promote NAME RUN --reason TEXT")) " keeps what a run showed." }
        } @else {
            div.scroll tabindex="0" role="group" aria-label="Releases" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Release" } th scope="col" { "Promoted" } th scope="col" { "Why" }
                            th.number scope="col" { "Runs" } th.number scope="col" { "Devices" }
                            th.number scope="col" { "Sessions" }
                        }
                    }
                    tbody {
                        @for (release, promoted) in promotions {
                            @if let Some(last) = promoted.first() { (listed(release, last, promoted.len(), here)) }
                        }
                    }
                }
            }
        }
    };
    document(site, here, "Releases", &body)
}

fn listed(release: &str, last: &Baseline, times: usize, here: Place<'_>) -> Markup {
    html! {
        tr {
            th scope="row" { (link(&here.to(Place::Release(release)), release)) }
            td { (date(last.promoted)) @if times > 1 { small { "the last of " (times) " times" } } }
            td { bdi { (sentence(&last.reason)) } }
            td.number { (count(last.runs.len() as u64)) }
            td.number { (count(devices(last) as u64)) }
            td.number { (count(last.trials.len() as u64)) }
        }
    }
}

fn devices(baseline: &Baseline) -> usize {
    baseline.trials.iter().map(|trial| &trial.device).collect::<BTreeSet<_>>().len()
}

pub(super) fn page(site: &Site<'_>, number: usize) -> Option<String> {
    let (release, promotions) = site.releases.by_name.get(number)?;
    let last = *promotions.first()?;
    let here = Place::Release(release);
    let before = site.releases.before(last);
    let body = html! {
        header.subject {
            p.kind { "Release" }
            h1 { bdi { (name(release)) } }
            (facts("line", &about(last)))
            p { bdi { (sentence(&last.reason)) } }
        }
        (rows(site, last, before, here))
        (runs(site, last, here))
        @if promotions.len() > 1 { (earlier(promotions)) }
    };
    Some(document(site, here, &name(release), &body))
}

fn about(baseline: &Baseline) -> Vec<Fact> {
    vec![
        Fact::new("Promoted", date(baseline.promoted), ""),
        Fact::new("Tier", name(&baseline.policy.tier), ""),
        Fact::new("Runs", count(baseline.runs.len() as u64), ""),
        Fact::new("Devices", count(devices(baseline) as u64), ""),
        Fact::new(
            "Margin",
            format!("{}\u{a0}%", number(baseline.policy.regression_margin * 100.0)),
            "may be lost",
        ),
    ]
}

fn rows(site: &Site<'_>, last: &Baseline, before: Option<&Baseline>, here: Place<'_>) -> Markup {
    let (now, then) = (rates(last), before.map(rates).unwrap_or_default());
    let levels = |(_, route, candidate): Cell<'_>, device: &str| {
        // A release brings another candidate as a rule: the same device and route is what it is held against.
        let same = then.get(&(device, route, candidate)).and_then(Rates::level);
        let on_route: Vec<f64> = then
            .iter()
            .filter(|((of, on, _), _)| *of == device && *on == route)
            .filter_map(|(_, rates)| rates.level())
            .collect();
        same.or_else(|| (on_route.len() == 1).then(|| on_route[0]))
    };
    html! {
        section aria-labelledby="rates" {
            h2 #rates { "Sustained rates" }
            p.soft {
                "Geometric means of the sessions that are evidence. "
                @match before {
                    Some(before) => {
                        "The change is against " (link(&here.to(Place::Release(&before.name)), &before.name))
                        ", the release before, on the same device and route; it has no bounds: "
                        (command("edgesoak gate")) " decides."
                    }
                    None => { "It is the first release, so there is nothing to hold it against." }
                }
            }
            div.scroll tabindex="0" role="group" aria-label="Sustained rates" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Device" } th scope="col" { "Route" } th scope="col" { "Candidate" }
                            th.number scope="col" { "Sustained" } th.number scope="col" { "Change" }
                            th.number scope="col" { "Sessions" } th scope="col" { "Artifact" }
                        }
                    }
                    tbody {
                        @for (cell, rates) in &now {
                            (rate_row(site, *cell, rates, levels(*cell, cell.0), here))
                        }
                    }
                }
            }
        }
    }
}

fn rate_row(
    site: &Site<'_>,
    (device, route, candidate): Cell<'_>,
    rates: &Rates<'_>,
    before: Option<f64>,
    here: Place<'_>,
) -> Markup {
    let level = rates.level();
    let change = level.zip(before).map(|(now, then)| ((now - then).exp() - 1.0) * 100.0);
    html! {
        tr.simulated[rates.is_virtual] {
            th scope="row" {
                (known(site, Kind::Device, device, here)) (marks(rates.is_virtual, rates.is_imported))
            }
            td { bdi { (name(route)) } }
            td { (known(site, Kind::Candidate, candidate, here)) }
            td.number { @match level { Some(level) => { b { (number(level.exp())) } }, None => "not proven" } }
            td.number { (change.map_or(NONE.to_owned(), signed)) }
            td.number { (rates.ln.len()) " of " (rates.sessions) }
            td { @for artifact in &rates.artifacts { code { (digest(artifact)) } " " } }
        }
    }
}

fn signed(change: f64) -> String {
    let sign = if change > 0.05 { "+" } else { "" };
    format!("{sign}{}\u{a0}%", fixed(change, 1))
}

/// A link, where its page is there: a release may come from another host.
fn known(site: &Site<'_>, kind: Kind, id: &str, here: Place<'_>) -> Markup {
    let is_known = site.subjects(kind).iter().any(|subject| subject.id == id);
    html! {
        @if is_known { (link(&here.to(kind.place(id)), id)) } @else { bdi { (name(id)) } }
    }
}

fn runs(site: &Site<'_>, last: &Baseline, here: Place<'_>) -> Markup {
    let stored = |run: &str| site.fleet.runs.iter().find(|stored| stored.run == run);
    html! {
        section aria-labelledby="runs" {
            h2 #runs { "Made from " (plural(last.runs.len(), "run")) }
            ul.plain {
                @for run in &last.runs {
                    li {
                        @match stored(run) {
                            Some(stored) => {
                                (super::entries::verdict(stored.verdict, stored.closed)) " "
                                (link(&here.to(Place::Run(run)), run)) " " span.soft { (day(stored.opened)) }
                            }
                            None => { bdi { (name(run)) } " " span.soft { "is not in this database" } }
                        }
                    }
                }
            }
        }
    }
}

fn earlier(promotions: &[&Baseline]) -> Markup {
    html! {
        section aria-labelledby="earlier" {
            h2 #earlier { "Promoted before under this name" }
            ul.plain {
                @for promoted in promotions.iter().skip(1) {
                    li { (date(promoted.promoted)) ": " bdi { (sentence(&promoted.reason)) } ", "
                        (plural(promoted.runs.len(), "run")) }
                }
            }
        }
    }
}
