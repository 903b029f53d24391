//! The pages that are looked at.

use std::path::Path;

use edgesoak_reports::{Beside, comparison_html};

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

/// A committed example.
fn example(name: &'static str) -> Shown {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("example").join(name);
    (name, std::fs::read_to_string(file).expect("the example is committed"))
}

/// One of each kind, and what was really measured.
pub fn every() -> [Shown; 5] {
    [run(), twelve_devices(), comparison(), example("this-machine.html"), example("virtual-rack.html")]
}
