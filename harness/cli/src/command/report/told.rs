//! What a report is made of, and its text.

use std::borrow::Cow;

use edgesoak_gates::regression::detectable;
use edgesoak_record::comparison::{Comparison, Detectable};
use edgesoak_record::{PlannedSession, Policy, Release, Run, RunVerdict, SessionRecord};
use edgesoak_reports::{Background, Beside, Redaction, ReportError, Side};
use edgesoak_store::Store;

use super::earlier;
use crate::args::{ReportKind, Shared};
use crate::failure::Failure;
use crate::stored;

/// Nothing was made for a comparison of what is stored.
const NOTHING_BESIDE: &Beside<'static> = &Beside { parts: Vec::new(), not_run: &[] };

/// What a report is made of.
#[derive(Clone, Copy)]
pub enum Told<'a> {
    /// A judged run, with what has its sessions whole.
    Run(Whole<'a>, &'a Run, &'a RunVerdict),
    /// A comparison with what stands beside it.
    Comparison(&'a Comparison, &'a Beside<'a>),
    /// A release.
    Release(&'a Release),
}

/// Where the sessions of a run are whole.
#[derive(Clone, Copy)]
pub struct Whole<'a> {
    store: &'a Store,
    /// The run as it is stored, where the one that is told is redacted.
    stored: Option<(&'a Run, &'a Redaction)>,
}

impl<'a> Told<'a> {
    /// A judged run as it is stored.
    pub fn run(store: &'a Store, run: &'a Run, verdict: &'a RunVerdict) -> Self {
        Self::Run(Whole { store, stored: None }, run, verdict)
    }

    /// A redacted run, and the one that is stored.
    pub fn redacted(
        store: &'a Store,
        stored: &'a Run,
        redaction: &'a Redaction,
        (run, verdict): (&'a Run, &'a RunVerdict),
    ) -> Self {
        Self::Run(Whole { store, stored: Some((stored, redaction)) }, run, verdict)
    }

    /// A comparison for which nothing was run.
    pub fn alone(comparison: &'a Comparison) -> Self {
        Self::Comparison(comparison, NOTHING_BESIDE)
    }

    /// Whether names were taken out of it.
    pub fn is_redacted(self) -> bool {
        match self {
            Self::Run(_, _, verdict) => verdict.redacted.is_some(),
            Self::Comparison(comparison, _) => comparison.redacted.is_some(),
            Self::Release(release) => release.redacted.is_some(),
        }
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

fn page(shared: &Shared, whole: Whole<'_>, run: &Run, verdict: &RunVerdict) -> Result<String, Failure> {
    // Nothing of other runs stands on a page whose names were taken out.
    let earlier = match whole.stored {
        None => earlier::of(shared, whole.store, run)?,
        Some(_) => Vec::new(),
    };
    let background = Background {
        explain: Some(edgesoak_gates::explain),
        detectable: least_certain(run),
        earlier: &earlier,
    };
    let whole = |record: &SessionRecord| whole.session(shared, run, record).map(Cow::Owned);
    edgesoak_reports::html_in_parts(run, verdict, &background, whole)
}

impl Whole<'_> {
    /// A session of the run that is told.
    fn session(self, shared: &Shared, run: &Run, record: &SessionRecord) -> Result<SessionRecord, Failure> {
        let load = |run: &Run, planned| {
            self.store.load_session(&run.id, planned).map_err(|error| stored::unreadable(shared, &error))
        };
        let Some((stored, redaction)) = self.stored else { return load(run, &record.planned) };
        let planned = stored.plan.sessions.iter().find(|planned| planned.session == record.planned.session);
        redaction.session(load(stored, planned.unwrap_or(&record.planned))?).map_err(not_redacted)
    }
}

/// What cannot be forwarded.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` hands over")]
pub fn not_redacted(error: ReportError) -> Failure {
    Failure::config("cannot take the names out of this report")
        .because(&error)
        .hint("rename the device in the matrix, run again, or forward another format by hand")
        .reason("redact")
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
