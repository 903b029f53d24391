//! The pages that are looked at.

use std::path::Path;

use edgesoak_reports::{Beside, Site, comparison_html, release_html};

use super::{fleet, release};
use crate::document::full_page;
use crate::{comparison_made, made_up, size};

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

pub fn release() -> Shown {
    ("a release", release_html(&release::example()))
}

/// A committed example.
fn example(name: &'static str) -> Shown {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("example").join(name);
    (name, std::fs::read_to_string(file).expect("the example is committed"))
}

/// The front of a site of ninety runs, and the page of one of its devices.
fn site() -> [Shown; 2] {
    let fleet = fleet::fleet(90);
    let site = Site::of(&fleet);
    let page = |start: &str| {
        let path = site.paths().find(|path| path.starts_with(start)).expect("a page of this kind");
        site.page(path).expect("a page")
    };
    [("the front of a site", page("index")), ("a device of a site", page("device"))]
}

/// One of each kind, and what was really measured.
pub fn every() -> Vec<Shown> {
    let runs = [run(), twelve_devices(), example("this-machine.html"), example("virtual-rack.html")];
    runs.into_iter().chain([comparison(), release()]).chain(site()).collect()
}
