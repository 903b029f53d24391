//! Everything that was ever run here as pages that lead to each other: runs, devices, candidates, releases. They need no
//! server and no script, so that a folder on a file share is enough.

mod document;
mod entries;
mod history;
mod history_figure;
mod listing;
mod place;
mod releases;
mod running;
mod runs;
mod subject;

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::Run;
use edgesoak_record::fleet::Fleet;
use maud::{Markup, html};

use crate::words::text::name;
use place::Place;
use releases::Releases;
use subject::{Kind, Subject};

/// Runs on a page.
const RUNS_PER_PAGE: usize = 100;

/// The site of a fleet: every page but the reports of the runs, which are those of [`crate::html`].
#[derive(Debug)]
pub struct Site<'a> {
    fleet: &'a Fleet,
    devices: Vec<Subject<'a>>,
    candidates: Vec<Subject<'a>>,
    releases: Releases<'a>,
    runs: BTreeSet<&'a str>,
    pages: BTreeMap<String, Page>,
    is_live: bool,
}

/// A page by its number in what the site holds.
#[derive(Debug, Clone, Copy)]
enum Page {
    Runs(usize),
    Devices,
    Device(usize),
    Candidates,
    Candidate(usize),
    Releases,
    Release(usize),
}

impl<'a> Site<'a> {
    /// Where a server has the page of what runs now.
    pub const RUNNING: &'static str = "running.html";

    /// Sorts what is known by what is asked for.
    #[must_use]
    pub fn of(fleet: &'a Fleet) -> Self {
        let devices = subject::subjects(fleet, Kind::Device);
        let candidates = subject::subjects(fleet, Kind::Candidate);
        let releases = Releases::of(fleet);
        let mut pages = BTreeMap::new();
        let mut add = |place: Place<'_>, page| pages.insert(place.path(), page);
        for number in 0..runs::pages(fleet) {
            add(Place::Runs(number), Page::Runs(number));
        }
        add(Place::Devices, Page::Devices);
        add(Place::Candidates, Page::Candidates);
        add(Place::Releases, Page::Releases);
        for (number, device) in devices.iter().enumerate() {
            add(Place::Device(device.id), Page::Device(number));
        }
        for (number, candidate) in candidates.iter().enumerate() {
            add(Place::Candidate(candidate.id), Page::Candidate(number));
        }
        for (number, name) in releases.names().enumerate() {
            add(Place::Release(name), Page::Release(number));
        }
        let runs = fleet.runs.iter().map(|run| run.run.as_str()).collect();
        Self { fleet, devices, candidates, releases, runs, pages, is_live: false }
    }

    /// The same with a way to [`Self::RUNNING`] on each page.
    #[must_use]
    pub fn live(self) -> Self {
        Self { is_live: true, ..self }
    }

    /// The page of these runs, which are not over, as far as they have come.
    #[must_use]
    pub fn running(&self, runs: &[Run]) -> String {
        running::page(self, runs)
    }

    /// Where its pages lie, from the root of the site, the reports of runs left out.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.pages.keys().map(String::as_str)
    }

    /// Where the report of a run lies, from the root of the site.
    #[must_use]
    pub fn run_path(run: &str) -> String {
        Place::Run(run).path()
    }

    /// The page at a path; `None` where there is none.
    #[must_use]
    pub fn page(&self, path: &str) -> Option<String> {
        let page = *self.pages.get(path)?;
        Some(match page {
            Page::Runs(number) => runs::page(self, number),
            Page::Devices => listing::page(self, Kind::Device),
            Page::Device(number) => subject::page(self, self.devices.get(number)?),
            Page::Candidates => listing::page(self, Kind::Candidate),
            Page::Candidate(number) => subject::page(self, self.candidates.get(number)?),
            Page::Releases => releases::listing(self),
            Page::Release(number) => releases::page(self, number)?,
        })
    }

    /// What stands in the place of a report that could not be made, so that no link is dead.
    #[must_use]
    pub fn without_report(&self, run: &str, why: &str) -> String {
        runs::without_report(self, run, why)
    }

    /// The id of a run, a link where the run is stored: it may be purged, or of another host.
    fn run(&self, here: Place<'_>, run: &str) -> Markup {
        if self.runs.contains(run) {
            entries::link(&here.to(Place::Run(run)), run)
        } else {
            html! { bdi { (name(run)) } }
        }
    }

    fn subjects(&self, kind: Kind) -> &[Subject<'a>] {
        match kind {
            Kind::Device => &self.devices,
            Kind::Candidate => &self.candidates,
        }
    }
}
