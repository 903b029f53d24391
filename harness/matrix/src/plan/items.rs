//! Workloads of items: answers that end by themselves and are counted whole, and what does not go with them.

use std::ops::RangeInclusive;

use edgesoak_record::Gate;

use crate::node::{At, Entry, Table};
use crate::plan::device::is_simulated;
use crate::plan::request::Wanted;
use crate::problem::{Problem, quote};
use crate::report::Report;
use crate::support;

/// Pauses between lookups: shorter ones ask at a pace that nobody does, and longer ones leave hardly any work to soak in.
const PAUSES_MS: RangeInclusive<f64> = 10.0..=1000.0;

/// What of a session may not go together.
pub(super) struct Parts<'t> {
    pub workload: (&'t str, &'t Table),
    pub bars: &'t Table,
    pub candidate: (&'t str, &'t Table),
    pub device: &'t Table,
}

/// Why bars, candidate or device do not fit the workload, or it not what is wanted; empty where they do.
pub(super) fn misfits(parts: &Parts<'_>, wanted: &Wanted<'_>) -> Vec<Report> {
    let is_model = parts.candidate.1.text("runtime").is_none_or(support::is_model);
    let Some(items) = parts.workload.1.entry("items") else {
        return if is_model { Vec::new() } else { vec![parts.forced()] };
    };
    let mut found = parts.barred(items);
    found.extend(is_simulated(parts.device).then(|| parts.simulated()));
    found.extend(parts.paced(items, is_model));
    found.extend(parts.compared(items, wanted));
    found
}

impl Parts<'_> {
    fn workload_id(&self) -> String {
        quote(self.workload.0)
    }

    fn forced(&self) -> Report {
        let (id, candidate) = self.candidate;
        let complaint = format!(
            "candidate {} decodes nothing, so workload {} cannot force the length of its answers",
            quote(id),
            self.workload_id()
        );
        refuse(complaint, candidate.at, "this candidate")
            .help("a workload with `items` in place of `prompts` lets answers end by themselves")
    }

    fn barred(&self, items: &Entry) -> Vec<Report> {
        let decoding = Gate::ALL.iter().filter(|gate| gate.is_of_decoding());
        let barred = decoding.filter_map(|gate| self.bars.entry(gate.word()));
        let report = |bar: &Entry| {
            let complaint =
                format!("`{}` speaks of decoding, and workload {} has `items`", bar.name, self.workload_id());
            refuse(complaint, bar.key_at, "this bar").and(items.key_at, "answers are counted whole here").help(
                "bars for items are `items_per_s`, `e2e_p50` and `e2e_p95`, beside those of heat, memory and energy",
            )
        };
        barred.map(report).collect()
    }

    fn simulated(&self) -> Report {
        let complaint = format!(
            "device {} is simulated, and workload {} has `items`: nobody knows where an answer of it would end",
            quote(self.device.text("id").unwrap_or_default()),
            self.workload_id()
        );
        refuse(complaint, self.device.at, "this device")
            .help("the profile may name other devices, or routes without items")
    }

    /// Planned pauses count as work. A model that rests in them stays cool, and a lookup without them is asked at a pace
    /// that nobody asks at.
    fn paced(&self, items: &Entry, is_model: bool) -> Option<Report> {
        let (id, candidate) = (quote(self.candidate.0), self.candidate.1);
        let pause = self.workload.1.entry("think_time");
        let pause_ms = self.workload.1.amount("think_time").unwrap_or_default();
        let workload = self.workload_id();
        let (complaint, help) = if is_model {
            let complaint =
                format!("candidate {id} decodes, and workload {workload} lets it rest between its items");
            (complaint, "pauses between items are for runtimes that decode nothing: leave `think_time` out")
        } else {
            let complaint = format!(
                "candidate {id} decodes nothing, and workload {workload} does not pause from 10 ms to 1 s between its items"
            );
            (
                complaint,
                "such as `think_time = \"50 ms\"`: nobody asks without a pause, and a longer one is no soak",
            )
        };
        let fits = if is_model { pause_ms <= 0.0 } else { PAUSES_MS.contains(&pause_ms) };
        let written = pause.filter(|pause| pause.node.at.is_some());
        let (at, label) = written
            .map_or((items.key_at, "no pause is planned between these"), |it| (it.key_at, "this pause"));
        (!fits).then(|| refuse(complaint, at, label).and(candidate.at, "this candidate").help(help))
    }

    /// What is compared are rates of decoding: runs of items would be made for nothing.
    fn compared(&self, items: &Entry, wanted: &Wanted<'_>) -> Option<Report> {
        let workload = self.workload_id();
        let (complaint, help) = if wanted.pair.is_some() {
            let complaint = format!(
                "two candidates are compared by their rates of decoding, and workload {workload} has `items`"
            );
            (complaint, "a profile whose `routes` have workloads of `prompts` can be compared")
        } else if wanted.owes_regression {
            let complaint = format!(
                "the profile's tier blocks on `regression`, which compares rates of decoding, and workload {workload} has `items`"
            );
            (
                complaint,
                "a profile of another tier may name this route, or the tier lists `regression` in `accept_not_proven`",
            )
        } else {
            return None;
        };
        Some(refuse(complaint, items.key_at, "answers are counted whole here").help(help))
    }
}

fn refuse(complaint: String, at: At, label: &str) -> Report {
    Report::at(Problem::Contradiction { complaint }, at, label)
}
