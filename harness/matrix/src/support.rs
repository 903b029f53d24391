//! What this version cannot do is refused by name: nothing that a file asks for is ignored.

use crate::node::{At, Node, Table};
use crate::problem::Problem;
use crate::report::Report;

/// Drivers that are built in.
const DRIVERS: &[&str] = &["local", "virtual", "adb"];
/// Runtimes that are built in.
const RUNTIMES: &[&str] = &["gguf-runner", "scripted-runner", LOOKUP];
/// The one that is no language model: it looks answers up.
const LOOKUP: &str = "lookup-runner";

/// Why a device with its defaults cannot be used; empty when it can.
pub(crate) fn device(device: &Table) -> Vec<Report> {
    let mut reports = Vec::new();
    if let Some(driver) = device.text("driver")
        && !DRIVERS.contains(&driver)
    {
        let what = format!("driver `{driver}`");
        reports.push(refuse(what, device.get("driver"), device.at, Some(DRIVERS)));
    }
    reports
}

/// What a candidate asks for.
pub(crate) fn candidate(candidate: &Table) -> Option<Report> {
    let runtime = candidate.text("runtime").filter(|runtime| !RUNTIMES.contains(runtime))?;
    Some(refuse(format!("runtime `{runtime}`"), candidate.get("runtime"), candidate.at, Some(RUNTIMES)))
}

/// Whether a runtime decodes tokens, from a prompt that a chat template made.
pub(crate) fn is_model(runtime: &str) -> bool {
    runtime != LOOKUP
}

fn refuse(what: String, node: Option<&Node>, holder: At, built_in: Option<&[&str]>) -> Report {
    let at = node.and_then(|node| node.at).unwrap_or(holder);
    let report = Report::at(Problem::NotBuiltIn { what }, at, "asked for here");
    let names = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    report.maybe_help(built_in.map(|built_in| format!("built in: {}", names(built_in))))
}
