//! Verdicts and figures as a person reads them on a terminal.

use std::fmt::Write as _;

use edgesoak_record::{Gate, GateResult, NotRun, Outcome, RunVerdict, SessionVerdict, Verdict};

use crate::terminal::printable;

/// `verdict=not_proven exit=3 reason=too_short`.
pub fn last_line(verdict: &RunVerdict) -> String {
    format!("verdict={} exit={} reason={}", verdict.verdict.word(), verdict.exit, verdict.reason)
}

/// The verdict with every gate that blocks or failed, and what to do next.
pub fn verdict(verdict: &RunVerdict) -> String {
    let mut text = format!("\n{}: {}\n", headline(verdict.verdict), verdict.sentence);
    if let Some(reused) = &verdict.reused {
        let _ = writeln!(text, "  reused: {}", reused.sentence);
    }
    for session in &verdict.sessions {
        text.push_str(&gates(session));
    }
    for accepted in &verdict.accepted {
        let _ = writeln!(text, "  accepted: {accepted}");
    }
    text.push_str(&not_run(&verdict.not_run));
    text.push_str(&next_actions(&verdict.next_actions));
    text.push('\n');
    printable(&text)
}

/// What was wanted and is not run, a line each.
pub fn not_run(not_run: &[NotRun]) -> String {
    let line = |one: &NotRun| format!("  not run ({}): {}\n", one.cause, one.sentence);
    not_run.iter().map(line).collect()
}

/// What to do next, numbered; empty where there is nothing to do.
pub fn next_actions(actions: &[String]) -> String {
    if actions.is_empty() {
        return String::new();
    }
    let numbered = actions.iter().enumerate().map(|(number, action)| format!("  {}. {action}\n", number + 1));
    "\nWhat to do next\n".to_owned() + &numbered.collect::<String>()
}

fn headline(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "SHIP",
        Verdict::Fail => "DO NOT SHIP",
        Verdict::NotProven => "NOT PROVEN",
        Verdict::Infrastructure => "LAB PROBLEM",
        Verdict::Nothing => "NOTHING WAS EVALUATED",
    }
}

/// Most critical items that are named; the report lists the others.
const MOST_CRITICAL: usize = 5;

fn gates(session: &SessionVerdict) -> String {
    let mark = session.mark();
    let mut text = format!("\n{}{mark} | {} | {}\n", session.device, session.route, session.candidate);
    for slowdown in &session.slowdowns {
        let _ = writeln!(text, "  ↓ {}.", slowdown.sentence);
    }
    if let Some(prediction) = &session.prediction {
        let _ = writeln!(text, "  → {}.", prediction.sentence);
    }
    if let Some(examined) = &session.examined {
        let _ = writeln!(
            text,
            "  {} of {} {} of {} answered right{mark}",
            examined.right,
            examined.asked,
            examined.items_word(),
            examined.set
        );
        if !examined.other_when_hot.is_empty() {
            let _ = writeln!(
                text,
                "    {} of {} items got another text right after the soak, which greedy decoding should not give",
                examined.other_when_hot.len(),
                examined.hot
            );
        }
        for wrong in examined.wrong.iter().filter(|wrong| wrong.critical).take(MOST_CRITICAL) {
            let _ = writeln!(text, "    critical: {} | {}", wrong.item, wrong.reasons.join("; "));
        }
    }
    for gate in session.gates.iter().filter(|gate| is_owed(gate)) {
        let name = format!("{}{mark}", gate.gate.word());
        let _ = writeln!(text, "  {} {name:<22} {}", symbol(gate.outcome), gate.sentence);
    }
    text
}

/// Whether a gate decides, has a bar or was asked for: figures nobody asked about stand in the report.
fn is_owed(gate: &GateResult) -> bool {
    gate.blocking || gate.limit.is_some() || gate.outcome == Outcome::Fail || gate.gate == Gate::Leaks
}

/// How an outcome is shown: never by colour alone.
pub fn symbol(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "✔",
        Outcome::Fail => "✖",
        Outcome::NotProven => "?",
        Outcome::Info => "·",
    }
}

/// The first of a list of names, and how many more there are.
pub fn some_of(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A span of time as a person says it: `45 s`, `12 min`, `12 min 30 s`, `2 h 5 min`.
pub fn span(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "an unknown time".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "finite and not negative")]
    let whole = seconds.round() as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes, rest) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::{some_of, span};

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(
            [some_of(&names, 3), some_of(&names, 2), some_of(&[], 2)],
            ["a, b, c", "a, b and 1 more", ""]
        );
    }

    #[test]
    fn spans_read_as_people_say_them() {
        let said: Vec<String> = [0.0, 45.2, 60.0, 750.0, 7500.0, f64::NAN].into_iter().map(span).collect();
        assert_eq!(said, ["0 s", "45 s", "1 min", "12 min 30 s", "2 h 5 min", "an unknown time"]);
    }
}
