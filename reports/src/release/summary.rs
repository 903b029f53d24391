//! A release as a page of Markdown.

use std::fmt::Write as _;

use edgesoak_record::Outcome;
use edgesoak_record::comparison::Reference;
use edgesoak_record::release::{Release, ReleaseCell};

use super::{policy, reference, release_verdict, stands_for};
use crate::ci::markup::{code, prose};
use crate::ci::summary;
use crate::comparison::signed;
use crate::words::gate::{Mood, name as gate_name};
use crate::words::number::{Amount, NONE, plural};
use crate::words::text::name;

/// A release as Markdown: verdict and cause, what was accepted, every device, route and candidate, holes in its families, changes of
/// level, what did not pass, waivers, and what to do next.
///
/// At most 60 kB, and with no more markup than [`crate::markdown`] lets through.
#[must_use]
pub fn release_markdown(release: &Release) -> String {
    let mood = Mood::from(release.verdict);
    let mut page = format!(
        "## {} {}: {}\n\n{}\n\n",
        mood.symbol(),
        mood.shout(),
        code(&name(&release.name)),
        prose(&release.sentence)
    );
    summary::redacted(&mut page, release.redacted.as_deref());
    summary::accepted(&mut page, &release.accepted);
    cells(&mut page, release);
    holes(&mut page, release);
    trends(&mut page, release);
    summary::red(&mut page, &release_verdict(release).sessions);
    waivers(&mut page, release);
    summary::next_actions(&mut page, &release.next_actions);
    foot(&mut page, release);
    summary::cut(page)
}

fn cells(page: &mut String, release: &Release) {
    if release.cells.is_empty() {
        return;
    }
    page.push_str("\n| | device | route | candidate | worst gate | floor | previous | pinned |\n|---|---|---|---|---|---:|---:|---:|\n");
    for cell in release.cells.iter().take(summary::MOST_ROWS) {
        let mood = Mood::from(cell.verdict);
        let mark = if cell.is_virtual { " ◇ virtual" } else { "" };
        let worst = cell.worst.as_ref().map_or_else(
            || NONE.to_owned(),
            |gate| format!("{} {}", Mood::from(gate.outcome).symbol(), gate_name(gate.gate)),
        );
        let floor = cell.floor.as_ref().and_then(|gate| Some(Amount::of(gate.measured?, &gate.unit).full()));
        let _ = writeln!(
            page,
            "| {} {} | {}{mark} | {} | {} | {worst} | {} | {} | {} |",
            mood.symbol(),
            mood.word(),
            code(&name(&cell.device)),
            code(&name(&cell.route)),
            code(&name(&cell.candidate)),
            floor.unwrap_or_else(|| NONE.to_owned()),
            change(release, cell, Reference::Previous),
            change(release, cell, Reference::Pinned),
        );
    }
    summary::more(page, release.cells.len());
}

fn change(release: &Release, cell: &ReleaseCell, reference: Reference) -> String {
    let mut devices = release.comparison.iter().flat_map(|comparison| &comparison.devices);
    let device = devices.find(|device| device.device == cell.device && device.route == cell.route);
    let change = device.and_then(|device| device.changes.iter().find(|it| it.reference == reference));
    change.map_or_else(
        || NONE.to_owned(),
        |change| format!("{} {}", Mood::from(change.outcome).symbol(), signed(change.change)),
    )
}

fn holes(page: &mut String, release: &Release) {
    let holes: Vec<_> = release.holes().collect();
    if !holes.is_empty() {
        page.push_str("\n### Families that are not covered\n\n");
    }
    for hole in holes.iter().take(summary::MOST_ROWS) {
        let _ = writeln!(page, "- {}", prose(&hole.sentence));
    }
}

fn trends(page: &mut String, release: &Release) {
    let changes: Vec<_> =
        release.trends.iter().flat_map(|trend| trend.changes.iter().map(move |it| (trend, it))).collect();
    if !changes.is_empty() {
        page.push_str("\n### Changes of level over releases\n\n");
    }
    for (trend, change) in changes.iter().take(summary::MOST_ROWS) {
        let mark = if trend.is_virtual { " ◇ virtual" } else { "" };
        let (family, route) = (code(&name(&trend.family)), code(&name(&trend.route)));
        let _ = writeln!(page, "- {family} {route}{mark}: {}", prose(&change.sentence));
    }
}

fn waivers(page: &mut String, release: &Release) {
    if !release.waivers.is_empty() {
        page.push_str("\n### Waivers\n\n");
    }
    for waiver in release.waivers.iter().take(summary::MOST_ROWS) {
        let _ = writeln!(
            page,
            "- {} of {} {}: {} ({})",
            code(waiver.gate.word()),
            code(&name(waiver.holds_for())),
            prose(&waiver.standing()),
            prose(&waiver.reason),
            prose(&waiver.ticket)
        );
    }
}

fn foot(page: &mut String, release: &Release) {
    let covered = release.coverage.iter().filter(|coverage| coverage.outcome == Outcome::Pass).count();
    let held: Vec<String> = release.references.iter().map(|held| prose(&reference(held))).collect();
    let held = if held.is_empty() { "nothing".to_owned() } else { held.join(" and ") };
    let _ = writeln!(
        page,
        "\n<sub>{}, {} of {}, held against {held}; {covered} of {} families covered; policy of {}, exit {}</sub>",
        prose(&stands_for(release)),
        plural(release.sessions.len(), "session"),
        plural(release.runs.len(), "run"),
        release.coverage.len(),
        prose(&policy(release)),
        release.exit
    );
}
