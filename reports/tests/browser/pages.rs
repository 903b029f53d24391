//! The pages that are looked at.

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

/// One of each kind.
pub fn every() -> [Shown; 3] {
    [run(), twelve_devices(), comparison()]
}
