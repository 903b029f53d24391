//! A page of Markdown for the summary of a job or a comment on a change.

use std::fmt::Write as _;

use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Gate, NotRun, Outcome, Run, RunVerdict, SessionVerdict};

use super::markup::{code, prose};
use crate::words::gate::{self, Mood, sign};
use crate::words::number::{Amount, NONE, plural};
use crate::words::text::name;
use crate::words::time::stamp;

/// Largest page, bytes: GitHub takes comments of 65,536 characters.
const MOST_BYTES: usize = 60_000;
/// Most rows of a table.
pub(crate) const MOST_ROWS: usize = 200;
/// Figures of the table of sessions.
const COLUMNS: [Gate; 5] =
    [Gate::BurstTps, Gate::FloorTps, Gate::TtftP95, Gate::Temperature, Gate::JoulesPerToken];

/// A run and its verdict as Markdown: verdict and cause, what was accepted, every session with its main figures, every
/// gate that blocks and did not pass, and what to do next.
///
/// At most 60 kB. Texts of devices and models are escaped: none of them becomes markup, a link or a mention.
#[must_use]
pub fn markdown(run: &Run, verdict: &RunVerdict) -> String {
    let mood = Mood::from(verdict.verdict);
    let mut page = format!("## {} {}\n\n{}\n\n", mood.symbol(), mood.shout(), prose(&verdict.sentence));
    if let Some(reused) = &verdict.reused {
        let _ = writeln!(page, "- reused: {}", prose(&reused.sentence));
    }
    redacted(&mut page, verdict.redacted.as_deref());
    accepted(&mut page, &verdict.accepted);
    not_run(&mut page, &verdict.not_run);
    sessions(&mut page, &verdict.sessions);
    red(&mut page, &verdict.sessions);
    next_actions(&mut page, &verdict.next_actions);
    let policy = name(&run.plan.policy_digest);
    let _ = writeln!(
        page,
        "\n<sub>Run {} of {}, profile {}, tier {}, policy {}, edgesoak {}, exit {}</sub>",
        code(&name(&run.id)),
        stamp(run.opened),
        code(&name(&run.plan.profile)),
        code(&name(&run.plan.policy.tier)),
        code(&policy),
        code(&name(&run.version)),
        verdict.exit
    );
    cut(page)
}

/// That names were taken out.
pub(crate) fn redacted(page: &mut String, remark: Option<&str>) {
    if let Some(remark) = remark {
        let _ = writeln!(page, "- redacted: {}", prose(remark));
    }
}

/// What was accepted or waived.
pub(crate) fn accepted(page: &mut String, accepted: &[String]) {
    for accepted in accepted.iter().take(MOST_ROWS) {
        let _ = writeln!(page, "- accepted: {}", prose(accepted));
    }
}

/// What was wanted and left out.
pub(crate) fn not_run(page: &mut String, not_run: &[NotRun]) {
    for missing in not_run.iter().take(MOST_ROWS) {
        let _ = writeln!(page, "- not run ({}): {}", prose(&missing.cause), prose(&missing.sentence));
    }
}

/// What to do next, numbered.
pub(crate) fn next_actions(page: &mut String, actions: &[String]) {
    if actions.is_empty() {
        return;
    }
    page.push_str("\n### What to do next\n\n");
    for (number, action) in actions.iter().enumerate() {
        let _ = writeln!(page, "{}. {}", number + 1, prose(action));
    }
}

fn sessions(page: &mut String, sessions: &[SessionVerdict]) {
    if sessions.is_empty() {
        return;
    }
    let titles: Vec<&str> = COLUMNS.iter().map(|column| gate::name(*column)).collect();
    let _ = write!(page, "\n| | device | route | candidate | {} |\n|---|---|---|---|", titles.join(" | "));
    page.push_str(&"---:|".repeat(COLUMNS.len()));
    page.push('\n');
    for session in sessions.iter().take(MOST_ROWS) {
        let mood = Mood::from(session.verdict);
        let mark = mark(session);
        let figures: Vec<String> = COLUMNS.iter().map(|column| figure(session, *column)).collect();
        let _ = writeln!(
            page,
            "| {} {} | {}{mark} | {} | {} | {} |",
            mood.symbol(),
            mood.word(),
            code(&name(&session.device)),
            code(&name(&session.route)),
            code(&name(&session.candidate)),
            figures.join(" | ")
        );
    }
    more(page, sessions.len());
}

/// What stands behind a device.
fn mark(session: &SessionVerdict) -> &'static str {
    match (session.is_virtual, session.is_imported) {
        (false, false) => "",
        (true, false) => " ◇ virtual",
        (false, true) => " ⇥ imported",
        (true, true) => " ◇ virtual ⇥ imported",
    }
}

fn figure(session: &SessionVerdict, column: Gate) -> String {
    let result = session.gates.iter().find(|result| result.gate == column);
    let measured = result.and_then(|result| result.measured).filter(|value| value.is_finite());
    match (result, measured) {
        (Some(result), Some(value)) => {
            let doubt = if result.outcome == Outcome::NotProven { " ?" } else { "" };
            format!("{}{doubt}", Amount::of(value, column.unit()).full())
        }
        _ => NONE.to_owned(),
    }
}

/// Gates that block and did not pass, worst first.
pub(crate) fn red(page: &mut String, sessions: &[SessionVerdict]) {
    let is_red = |gate: &&GateResult| gate.blocking && !matches!(gate.outcome, Outcome::Pass | Outcome::Info);
    let mut red: Vec<(&SessionVerdict, &GateResult)> = sessions
        .iter()
        .flat_map(|session| session.gates.iter().filter(is_red).map(move |gate| (session, gate)))
        .collect();
    if red.is_empty() {
        return;
    }
    red.sort_by_key(|(_, gate)| (gate.accepted.is_some(), Mood::from(gate.outcome)));
    let _ = writeln!(
        page,
        "\n### Gates that did not pass\n\n| | gate | device | bar | why |\n|---|---|---|---|---|"
    );
    for (session, gate) in red.iter().take(MOST_ROWS) {
        let mood = Mood::from(gate.outcome);
        let mark = mark(session);
        let bar = gate.limit.filter(|limit| limit.is_finite()).map_or_else(
            || NONE.to_owned(),
            |limit| format!("{} {}", sign(gate.gate), Amount::limit(limit, gate.gate.unit()).full()),
        );
        let accepted =
            gate.accepted.as_ref().map_or_else(String::new, |words| format!(" ({})", prose(words)));
        let _ = writeln!(
            page,
            "| {} {} | {} | {}{mark} | {bar} | {}{accepted} |",
            mood.symbol(),
            mood.word(),
            code(gate.gate.word()),
            code(&name(&session.device)),
            prose(&gate.sentence)
        );
    }
    more(page, red.len());
}

/// How many rows the page does not show.
pub(crate) fn more(page: &mut String, all: usize) {
    if all > MOST_ROWS {
        let _ = writeln!(page, "\nThe page of the run shows {} more.", plural(all - MOST_ROWS, "row"));
    }
}

/// Ends a page that is too long at the end of a line.
pub(crate) fn cut(page: String) -> String {
    const WORDS: &str = "\n\nThe rest is in the page of the run.\n";
    if page.len() <= MOST_BYTES {
        return page;
    }
    let fits = page.floor_char_boundary(MOST_BYTES - WORDS.len());
    let end = page[..fits].rfind('\n').unwrap_or(0);
    format!("{}{WORDS}", &page[..end])
}
