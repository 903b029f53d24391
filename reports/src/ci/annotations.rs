//! Workflow commands that GitHub shows beside a change.

use std::fmt::Write as _;

use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Outcome, RunVerdict, SessionVerdict, Verdict};

use super::figure::subject;
use crate::words::number::plural;
use crate::words::text::{sentence, without_tricks};

/// GitHub shows ten of a step: nine, and how many more there are.
const MOST: usize = 9;

/// What did not pass as workflow commands, worst first: `error` for a broken promise, `warning` for one that blocks and was
/// not shown, `notice` for what was accepted by name.
///
/// Nine at most, then a line with the number of the others. A run that passed is one `notice`.
#[must_use]
pub fn annotations(verdict: &RunVerdict) -> String {
    let mut commands: Vec<(Level, String)> = verdict
        .sessions
        .iter()
        .flat_map(|session| session.gates.iter().filter_map(move |gate| of_gate(session, gate)))
        .collect();
    commands.sort_by_key(|(level, _)| *level);
    let level = match verdict.verdict {
        Verdict::Pass => Level::Notice,
        Verdict::Fail | Verdict::Infrastructure => Level::Error,
        Verdict::NotProven | Verdict::Nothing => Level::Warning,
    };
    let title = format!("EdgeSoak: {}", verdict.verdict.word());
    commands.insert(0, (level, command(level, &title, &verdict.sentence)));
    let more = commands.len().saturating_sub(MOST);
    let mut text: String = commands.iter().take(MOST).map(|(_, line)| line.as_str()).collect();
    if more > 0 {
        let words = format!("{} more in the report of run {}", plural(more, "annotation"), verdict.run);
        let _ = write!(text, "{}", command(Level::Notice, "EdgeSoak", &words));
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Notice,
}

fn of_gate(session: &SessionVerdict, gate: &GateResult) -> Option<(Level, String)> {
    let level = match (gate.outcome, gate.blocking, gate.accepted.is_some()) {
        (Outcome::Fail, true, false) => Level::Error,
        (Outcome::NotProven, true, false) => Level::Warning,
        (Outcome::Fail | Outcome::NotProven, true, true) => Level::Notice,
        _ => return None,
    };
    let title = format!("{} | {}", gate.gate, subject(session));
    let words = gate.accepted.as_ref().map_or_else(
        || gate.sentence.clone(),
        |accepted| format!("{} ({})", gate.sentence, sentence(accepted)),
    );
    Some((level, command(level, &title, &words)))
}

fn command(level: Level, title: &str, words: &str) -> String {
    let word = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    let words = without_tricks(&sentence(words));
    format!("::{word} title={}::{}\n", property(&without_tricks(title)), data(&words))
}

/// Characters that would end a command's text.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// And those that would end its title.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
