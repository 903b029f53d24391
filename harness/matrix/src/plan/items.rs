//! Workloads of items: answers that end by themselves and are counted whole, and what does not go with them.

use edgesoak_record::Gate;

use crate::node::Table;
use crate::plan::device::is_simulated;
use crate::problem::{Problem, quote};
use crate::report::Report;
use crate::support;

/// Why bars, candidate or device do not fit the workload; empty where they do.
pub(super) fn misfits(
    (workload_id, workload): (&str, &Table),
    bars: &Table,
    (candidate_id, candidate): (&str, &Table),
    device: &Table,
) -> Vec<Report> {
    let refuse = |complaint, at, label: &str| Report::at(Problem::Contradiction { complaint }, at, label);
    let workload_id = quote(workload_id);
    let Some(items) = workload.entry("items") else {
        let is_model = candidate.text("runtime").is_none_or(support::is_model);
        let report = || {
            let id = quote(candidate_id);
            let complaint = format!(
                "candidate {id} decodes nothing, so workload {workload_id} cannot force the length of its answers"
            );
            refuse(complaint, candidate.at, "this candidate")
                .help("a workload with `items` in place of `prompts` lets answers end by themselves")
        };
        return if is_model { Vec::new() } else { vec![report()] };
    };
    let decoding = Gate::ALL.iter().filter(|gate| gate.is_of_decoding());
    let barred = decoding.filter_map(|gate| bars.entry(gate.word()));
    let mut found: Vec<Report> = barred
        .map(|bar| {
            let complaint = format!("`{}` speaks of decoding, and workload {workload_id} has `items`", bar.name);
            refuse(complaint, bar.key_at, "this bar")
                .and(items.key_at, "answers are counted whole here")
                .help("bars for items are `items_per_s`, `e2e_p50` and `e2e_p95`, beside those of heat, memory and energy")
        })
        .collect();
    if is_simulated(device) {
        let id = quote(device.text("id").unwrap_or_default());
        let complaint = format!(
            "device {id} is simulated, and workload {workload_id} has `items`: nobody knows where an answer of it would end"
        );
        found.push(
            refuse(complaint, device.at, "this device")
                .help("the profile may name other devices, or routes without items"),
        );
    }
    found
}
