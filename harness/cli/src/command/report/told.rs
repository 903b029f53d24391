//! What a report is made of, and its text.

use std::borrow::Cow;

use edgesoak_gates::regression::detectable;
use edgesoak_record::comparison::{Comparison, Detectable};
use edgesoak_record::{PlannedSession, Policy, Release, Run, RunVerdict, SessionRecord};
use edgesoak_reports::{Background, Beside, Side};
use edgesoak_store::Store;

use crate::args::{ReportKind, Shared};
use crate::failure::Failure;
use crate::stored;

/// Nothing was made for a comparison of what is stored.
const NOTHING_BESIDE: &Beside<'static> = &Beside { parts: Vec::new(), not_run: &[] };

/// What a report is made of.
#[derive(Clone, Copy)]
pub enum Told<'a> {
    /// A judged run, with the store that has its sessions whole.
    Run(&'a Store, &'a Run, &'a RunVerdict),
    /// A comparison with what stands beside it.
    Comparison(&'a Comparison, &'a Beside<'a>),
    /// A release.
    Release(&'a Release),
}

impl<'a> Told<'a> {
    /// A comparison for which nothing was run.
    pub fn alone(comparison: &'a Comparison) -> Self {
        Self::Comparison(comparison, NOTHING_BESIDE)
    }

    /// The report as text.
    pub fn rendered(self, shared: &Shared, kind: ReportKind) -> Result<String, Failure> {
        Ok(match (kind, self) {
            (ReportKind::Html, Self::Run(store, run, verdict)) => page(shared, store, run, verdict)?,
            (ReportKind::Html, Self::Comparison(of, beside)) => edgesoak_reports::comparison_html(of, beside),
            (ReportKind::Html, Self::Release(release)) => edgesoak_reports::release_html(release),
            (ReportKind::Md, Self::Run(_, run, verdict)) => edgesoak_reports::markdown(run, verdict),
            (ReportKind::Md, Self::Comparison(of, beside)) => {
                edgesoak_reports::comparison_markdown(of, beside)
            }
            (ReportKind::Md, Self::Release(release)) => edgesoak_reports::release_markdown(release),
            (ReportKind::Json, Self::Run(_, run, verdict)) => edgesoak_reports::json(run, verdict),
            (ReportKind::Json, Self::Comparison(of, beside)) => edgesoak_reports::comparison_json(of, beside),
            (ReportKind::Json, Self::Release(release)) => edgesoak_reports::release_json(release),
            (ReportKind::Junit, Self::Run(_, run, verdict)) => edgesoak_reports::junit(run, verdict),
            (ReportKind::Junit, Self::Comparison(of, beside)) => {
                edgesoak_reports::comparison_junit(of, beside)
            }
            (ReportKind::Junit, Self::Release(release)) => edgesoak_reports::release_junit(release),
            (ReportKind::Openmetrics, _) => edgesoak_reports::openmetrics(&self.judged()),
            (ReportKind::Annotations, _) => edgesoak_reports::annotations(&self.judged()),
            (ReportKind::Bencher, _) => edgesoak_reports::bencher(&self.judged()),
            (ReportKind::Bigger, _) => {
                edgesoak_reports::benchmark_entries(&self.judged(), Side::BiggerIsBetter)
            }
            (ReportKind::Smaller, _) => {
                edgesoak_reports::benchmark_entries(&self.judged(), Side::SmallerIsBetter)
            }
        })
    }

    /// Sessions and gates, for formats that know nothing else.
    fn judged(self) -> Cow<'a, RunVerdict> {
        match self {
            Self::Run(_, _, verdict) => Cow::Borrowed(verdict),
            Self::Comparison(comparison, beside) => {
                Cow::Owned(edgesoak_reports::comparison_verdict(comparison, beside))
            }
            Self::Release(release) => Cow::Owned(edgesoak_reports::release_verdict(release)),
        }
    }
}

fn page(shared: &Shared, store: &Store, run: &Run, verdict: &RunVerdict) -> Result<String, Failure> {
    let whole = |record: &SessionRecord| store.load_session(&run.id, &record.planned).map(Cow::Owned);
    let background = Background { explain: Some(edgesoak_gates::explain), detectable: least_certain(run) };
    edgesoak_reports::html_in_parts(run, verdict, &background, whole)
        .map_err(|error| stored::unreadable(shared, &error))
}

/// What a comparison of the run's candidates could show after the fewest runs, where the least is known of a device.
fn least_certain(run: &Run) -> Option<Detectable> {
    let Policy { regression_margin: margin, regression_runs, .. } = &run.plan.policy;
    let of = |planned: &PlannedSession| {
        let known = run
            .history
            .between_run_sigma
            .iter()
            .find(|known| known.device == planned.device.id && known.candidate == planned.candidate.id);
        detectable(known, *margin, &regression_runs.looks)?.into_iter().next()
    };
    run.plan.sessions.iter().filter_map(of).min_by(|a, b| a.fails_from.total_cmp(&b.fails_from))
}
