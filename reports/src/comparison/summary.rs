//! A comparison as a page of Markdown.

use std::fmt::Write as _;

use edgesoak_record::Outcome;
use edgesoak_record::comparison::{Change, Comparison, DeviceComparison, FamilyComparison};

use super::{Beside, comparison_verdict, listed, policy, title};
use crate::ci::markup::{code, prose};
use crate::ci::summary;
use crate::words::gate::Mood;
use crate::words::number::{Amount, NONE, plural};
use crate::words::text::name;

/// A comparison as Markdown: verdict and cause, what was accepted, every device against every reference, families that
/// have something to say, what did not pass, the runs that were made for it, and what to do next.
///
/// At most 60 kB, and with no more markup than [`crate::markdown`] lets through.
#[must_use]
pub fn comparison_markdown(comparison: &Comparison, beside: &Beside<'_>) -> String {
    let mood = Mood::from(comparison.verdict);
    let headline = comparison.headline();
    let mut page = format!("## {} {headline}\n\n{}\n\n", mood.symbol(), prose(&comparison.sentence));
    summary::redacted(&mut page, comparison.redacted.as_deref());
    summary::accepted(&mut page, &comparison.accepted);
    summary::not_run(&mut page, beside.not_run);
    devices(&mut page, &comparison.devices);
    // Those that block stand among what did not pass.
    let open = |family: &&FamilyComparison| family.outcome != Outcome::Pass && !family.blocking;
    let open = comparison.families.iter().filter(open);
    for family in open.take(summary::MOST_ROWS) {
        let mood = Mood::from(family.outcome);
        let (symbol, route) = (mood.symbol(), code(&name(&family.route)));
        let _ = writeln!(page, "\n{symbol} {route}: {}", prose(&family.sentence));
    }
    summary::red(&mut page, &comparison_verdict(comparison, beside).sessions);
    summary::next_actions(&mut page, &comparison.next_actions);
    foot(&mut page, comparison);
    summary::cut(page)
}

fn devices(page: &mut String, devices: &[DeviceComparison]) {
    let rows: Vec<(&DeviceComparison, &Change)> =
        devices.iter().flat_map(|device| device.changes.iter().map(move |change| (device, change))).collect();
    if rows.is_empty() {
        return;
    }
    page.push_str("\n| | device | route | against | sustained rate | bounds | may be lost | runs |\n");
    page.push_str("|---|---|---|---|---:|---:|---:|---:|\n");
    for (device, change) in rows.iter().take(summary::MOST_ROWS) {
        let mood = Mood::from(change.outcome);
        let mark = if device.is_virtual { " ◇ virtual" } else { "" };
        let _ = writeln!(
            page,
            "| {} {} | {}{mark} | {} | {} | {} | {} | {} | {} |",
            mood.symbol(),
            mood.word(),
            code(&name(&device.device)),
            code(&name(&device.route)),
            change.reference.title(),
            signed(change.change),
            bounds(change),
            Amount::limit(-change.limit, "ratio").full(),
            runs(change)
        );
    }
    summary::more(page, rows.len());
    let answers = rows.iter().filter_map(|(device, change)| Some((device, change.answers.as_ref()?)));
    for (device, answers) in answers.take(summary::MOST_ROWS) {
        let (symbol, device) = (Mood::from(answers.outcome).symbol(), code(&name(&device.device)));
        let _ = writeln!(page, "\n{symbol} {device}: {}", prose(&answers.sentence));
    }
}

/// A change with its sign.
pub(crate) fn signed(part: Option<f64>) -> String {
    let Some(part) = part.filter(|part| part.is_finite()) else { return NONE.to_owned() };
    format!("{}{:.1}\u{a0}%", if part < 0.0 { "−" } else { "+" }, part.abs() * 100.0)
}

/// Both bounds, if there are any.
pub(crate) fn bounds(change: &Change) -> String {
    match (change.lo, change.hi) {
        (Some(lo), Some(hi)) => format!("{} to {}", signed(Some(lo)), signed(Some(hi))),
        _ => NONE.to_owned(),
    }
}

/// Runs of either side.
pub(crate) fn runs(change: &Change) -> String {
    format!("{} : {}", change.candidate_runs, change.reference_runs)
}

fn foot(page: &mut String, comparison: &Comparison) {
    page.push_str("\n<sub>");
    for side in &comparison.sides {
        let (what, of) = (code(&listed(&side.candidates)), code(&listed(&side.runs)));
        let runs = plural(side.runs.len(), "run");
        let _ = write!(page, "{} {what} of {runs} {of}; ", title(side));
    }
    let _ = writeln!(page, "policy of {}, exit {}</sub>", prose(&policy(comparison)), comparison.exit);
}
