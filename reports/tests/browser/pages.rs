//! The pages that are looked at.

use std::path::Path;

use edgesoak_reports::{Beside, Site, comparison_html};

use crate::document::full_page;
use crate::{comparison_made, made_up, site_made, size};

/// What a page is called when something is wrong with it, and its text.
pub type Shown = (&'static str, String);

/// Three devices: one throttles, one holds, one has no sensors.
pub fn run() -> Shown {
    let (run, verdict) = made_up::example();
    ("a run", full_page(&run, &verdict))
}

pub fn twelve_devices() -> Shown {
    let (run, verdict) = size::fleet(12);
    ("a run on twelve devices", full_page(&run, &verdict))
}

pub fn comparison() -> Shown {
    ("a comparison", comparison_html(&comparison_made::example(), &Beside::default()))
}

/// A committed example.
fn example(name: &'static str) -> Shown {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("example").join(name);
    (name, std::fs::read_to_string(file).expect("the example is committed"))
}

/// A page of the site of a made-up fleet, by how its path begins.
fn of_site(name: &'static str, begin: &str) -> Shown {
    let fleet = site_made::fleet(40);
    let site = Site::of(&fleet);
    let path = site.paths().find(|path| path.starts_with(begin)).expect("a page of the site").to_owned();
    (name, site.page(&path).expect("a page of the site"))
}

/// Runs, and a device in quarantine.
pub fn site() -> [Shown; 3] {
    [
        of_site("all runs", "index"),
        of_site("a device", "devices/scanner-2-04"),
        of_site("a release", "releases/release-1-2"),
    ]
}

/// One report of each kind, and what was really measured.
pub fn every() -> [Shown; 5] {
    [run(), twelve_devices(), comparison(), example("this-machine.html"), example("virtual-rack.html")]
}

/// These, and those of the site.
pub fn all() -> impl Iterator<Item = Shown> {
    every().into_iter().chain(site())
}
