//! A run and its verdict as JUnit XML.

mod case;
mod document;
mod properties;
mod suite;

use edgesoak_record::comparison::Comparison;
use edgesoak_record::{Release, Run, RunVerdict};

use crate::comparison::{self, Beside, comparison_verdict};

use crate::release::release_verdict;

use case::{Case, Ending};
use suite::Suite;

/// Renders a run and its verdict as JUnit XML.
///
/// The first suite holds one case, the verdict on the run. Then follows a suite per device, route and candidate, in the
/// order of the verdict, with a case per gate that passes or not; figures without a bar are properties. A broken promise
/// is a `failure`, a blocking one that was not shown an `error` of type `not_proven`, and one that does not block or was
/// accepted by name is `skipped`, with the reason: nothing that was not shown counts as passed. What the lab failed at is
/// an `error` of type `infra`. Simulated devices carry `(virtual)` in the names of their suites and cases.
///
/// Every text is bounded, and characters that XML forbids, or that hide or reorder others, are replaced.
#[must_use]
pub fn junit(run: &Run, verdict: &RunVerdict) -> String {
    let mut suites = vec![Suite::of_run(run, verdict)];
    suites.extend(suite::of_sessions(Some(run), verdict));
    document::written(&suites)
}

/// Renders a comparison as JUnit XML, under the same rules.
///
/// The first suite holds one case, the verdict. Then follows a suite per device, route and reference, and one per family,
/// each with the case `regression`, and the suites of the runs that were made for it, with what blocks in their tier: what
/// did not pass there is `skipped`, as it does not decide the comparison.
#[must_use]
pub fn comparison_junit(comparison: &Comparison, beside: &Beside<'_>) -> String {
    let mut suites = vec![Suite::of_comparison(comparison, beside.not_run)];
    suites.extend(suite::of_sessions(None, &comparison_verdict(comparison, &Beside::default())));
    for part in &beside.parts {
        let of_part = suite::of_sessions(Some(part.run), &comparison::beside_it(part.verdict));
        suites.extend(of_part.into_iter().map(|suite| suite.within(&part.run.id)));
    }
    document::written(&suites)
}

/// Renders a release as JUnit XML, under the same rules.
///
/// The first suite holds the verdict and a case per family and route that is owed: a hole is an `error` of type `not_proven`.
/// Then follow the suites of its sessions and of its changes against earlier releases.
#[must_use]
pub fn release_junit(release: &Release) -> String {
    let mut suites = vec![Suite::of_release(release)];
    suites.extend(suite::of_sessions(None, &release_verdict(release)));
    document::written(&suites)
}

/// What stands in place of a run's JUnit XML until the run is judged: one `error`, so that a host that dies leaves neither
/// nothing nor the results of another run behind.
#[must_use]
pub fn junit_unfinished() -> String {
    let case = Case {
        name: "verdict".to_owned(),
        ending: Ending::Error("infra"),
        message: "The run did not reach its verdict.".to_owned(),
        detail: "`edgesoak resume` takes up what a killed host left.".to_owned(),
    };
    let suite = Suite { name: suite::RUN.to_owned(), cases: vec![case], ..Suite::default() };
    document::written(&[suite])
}
