//! A release in the formats that runs have.

mod evidence;
mod first_screen;
mod foot;
mod page;
mod sessions;
mod summary;
mod tables;
mod tile;
mod trend;

use edgesoak_record::release::{Named, ReferenceRelease, Release};

use crate::words::text::name;
use crate::words::time::date;

pub use page::release_html;
pub use sessions::release_verdict;
pub use summary::release_markdown;

/// Most rows of a table on the page.
const MOST_ROWS: usize = 400;

/// What the name of a release stands for.
fn stands_for(release: &Release) -> String {
    match &release.named {
        Named::Baseline { promoted, .. } => format!("promoted {}", date(*promoted)),
        Named::Candidate => "a candidate's newest sessions".to_owned(),
    }
}

/// The policy that was judged by, in words.
fn policy(release: &Release) -> String {
    release.policy.as_ref().map_or_else(
        || format!("tier {} as the newest run was planned with", name(&release.tier)),
        |policy| name(&policy.title()),
    )
}

/// A reference by its name: `the previous release 1.4`.
fn reference(held: &ReferenceRelease) -> String {
    format!("{} {}", held.reference.title(), name(&held.name))
}
