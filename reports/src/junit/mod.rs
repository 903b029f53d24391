//! A run and its verdict as JUnit XML.

mod case;
mod document;
mod properties;
mod suite;

use edgesoak_record::{Run, RunVerdict};

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
    suites.extend(suite::of_sessions(run, verdict));
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
