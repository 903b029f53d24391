//! How a release was judged, and where everything came from.

use edgesoak_record::release::{Named, Release};
use maud::{Markup, html};

use super::MOST_ROWS;
use crate::model::Fact;
use crate::page::facts;
use crate::words::text::{bounded, name, sentence};
use crate::words::time::date;

/// Longest digest.
const DIGEST: usize = 64;

/// Term and definition.
const METHOD: [(&str, &str); 5] = [
    (
        "Verdict",
        "A session that fails, or a loss against a reference beyond what is accepted, fails the release. What was not shown, a family that is owed and not measured among it, leaves it not proven. Where hardware was measured only hardware counts.",
    ),
    (
        "Worst gate",
        "Of all gates that block or have a bar: a failure, then what is open, then the smallest distance to the bar as a part of it.",
    ),
    (
        "Change",
        "Sustained rate against the same unit and route of the reference, as edgesoak gate judges it.",
    ),
    (
        "Floor",
        "The 5th percentile of rolling minutes. Over releases: the geometric mean of the family's units.",
    ),
    (
        "Change of level",
        "Optimal partitioning of the logarithms of the floors with the spread between runs; a series without any change shows one in at most 1 of 100 cases. It decides nothing.",
    ),
];

/// How it was judged.
pub(super) fn method() -> Markup {
    html! {
        section aria-labelledby="method" {
            h2 #method { "Method" }
            dl.method { @for (term, text) in METHOD { div { dt { (term) } dd { (text) } } } }
        }
    }
}

/// Where everything came from.
pub(super) fn provenance(release: &Release) -> Markup {
    let mut all = vec![
        Fact::new("Release", name(&release.name), super::stands_for(release)),
        Fact::new("Policy", bounded(&release.policy_digest, DIGEST), super::policy(release)),
    ];
    if let Named::Baseline { reason, sha256, .. } = &release.named {
        all.push(Fact::new("Promotion", bounded(sha256, DIGEST), sentence(reason)));
    }
    for run in release.runs.iter().take(MOST_ROWS) {
        let of = format!(
            "{}, edgesoak {}, plan {}, profile {}, {} of its sessions, {}",
            date(run.opened),
            name(&run.version),
            name(&run.plan),
            name(&run.profile),
            run.sessions,
            run.verdict.word()
        );
        all.push(Fact::new("Run", name(&run.run), of));
    }
    for (run, session) in release.outdated.iter().take(MOST_ROWS) {
        let of = format!("{}, of what the candidate was before", name(session));
        all.push(Fact::new("Not counted", name(run), of));
    }
    html! {
        section aria-labelledby="provenance" {
            h2 #provenance { "Provenance" }
            div.card { (facts("rows", &all)) }
        }
    }
}
