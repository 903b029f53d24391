//! `edgesoak explain`: what a gate means, and what it rested on in a stored run.

use std::fmt::Write as _;

use edgesoak_gates::{explain, explain_slowdown};
use edgesoak_record::explanation::Explanation;
use edgesoak_record::slowdown::Share;
use edgesoak_record::verdict::Evidence;
use edgesoak_record::{Gate, GateResult, RunVerdict, SessionVerdict};
use serde_json::json;

use crate::args::{Format, Shared, Topic};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored;
use crate::terminal::{printable, say};

/// Explains one gate, or why a session slowed down, or lists them all.
pub fn show(shared: &Shared, topic: Option<Topic>, run: Option<&str>) -> Result<u8, Failure> {
    let Some(topic) = topic else { return list(shared) };
    let explanation = match topic {
        Topic::Gate(gate) => explain(gate).ok_or_else(|| {
            Failure::config(format!("no run of this version holds evidence for `{gate}`: {}", gate.meaning()))
                .hint("`edgesoak explain` lists the gates that are judged")
                .reason("not_judged")
        })?,
        Topic::Slowdown => explain_slowdown(),
    };
    let judged = run.map(|name| stored::load(shared, name)).transpose()?;
    let verdict = judged.map(|(_, judged)| judged.verdict);
    match shared.format() {
        Format::Json => {
            let sessions: Option<Vec<_>> = verdict.as_ref().map(|verdict| documents(verdict, topic));
            let run = verdict.as_ref().map(|verdict| &verdict.run);
            print_json(&json!({ "explanation": explanation, "run": run, "sessions": sessions }))?;
        }
        Format::Human => {
            let of_run = verdict.map(|verdict| in_run(&verdict, topic)).unwrap_or_default();
            say(&printable(&(about(&explanation) + &of_run)))?;
        }
    }
    Ok(0)
}

/// What a topic rested on in each session of a run.
fn documents(verdict: &RunVerdict, topic: Topic) -> Vec<serde_json::Value> {
    let document = |session: &SessionVerdict, what: &str, found: serde_json::Value| {
        json!({ "session": session.session, "device": session.device, "route": session.route,
            "candidate": session.candidate, "virtual": session.is_virtual, what: found })
    };
    match topic {
        Topic::Gate(gate) => results(verdict, gate)
            .into_iter()
            .map(|(session, result)| document(session, "result", json!(result)))
            .collect(),
        Topic::Slowdown => verdict
            .sessions
            .iter()
            .map(|session| document(session, "slowdowns", json!(session.slowdowns)))
            .collect(),
    }
}

fn list(shared: &Shared) -> Result<u8, Failure> {
    let gates = Gate::ALL.iter().filter_map(|gate| explain(*gate));
    let judged: Vec<Explanation> = gates.chain([explain_slowdown()]).collect();
    match shared.format() {
        Format::Json => print_json(&judged)?,
        Format::Human => {
            let line = |gate: &Explanation| format!("{:<22} {}\n", gate.gate, gate.meaning);
            say(&judged.iter().map(line).collect::<String>())?;
        }
    }
    Ok(0)
}

fn about(explanation: &Explanation) -> String {
    let unit = if explanation.unit.is_empty() { String::new() } else { format!(" ({})", explanation.unit) };
    let mut text = format!("{}{unit}: {}\n\n", explanation.gate, explanation.meaning);
    let parts = [
        ("How it is made", explanation.formula),
        ("What decides", explanation.decides),
        ("Doubts", explanation.doubts),
        ("Source", explanation.source),
    ];
    for (head, words) in parts {
        let _ = writeln!(text, "{head:<16} {words}");
    }
    for (index, setting) in explanation.settings.iter().enumerate() {
        let head = if index == 0 { "Settings" } else { "" };
        let _ = writeln!(text, "{head:<16} {}", setting.title());
    }
    text
}

fn results(verdict: &RunVerdict, gate: Gate) -> Vec<(&SessionVerdict, &GateResult)> {
    let of = |session| move |result| (session, result);
    let named = |result: &&GateResult| result.gate == gate;
    verdict.sessions.iter().flat_map(|session| session.gates.iter().filter(named).map(of(session))).collect()
}

fn in_run(verdict: &RunVerdict, topic: Topic) -> String {
    let mut text = format!("\nIn run {}\n", verdict.run);
    match topic {
        Topic::Gate(gate) => judged_by(&mut text, verdict, gate),
        Topic::Slowdown => slowed_down(&mut text, verdict),
    }
    text
}

fn judged_by(text: &mut String, verdict: &RunVerdict, gate: Gate) {
    let results = results(verdict, gate);
    if results.is_empty() {
        let _ = writeln!(text, "  no session was judged by it");
    }
    for (session, result) in results {
        let blocks = if result.blocking { ", blocks" } else { "" };
        let _ = writeln!(text, "  {}: {}{blocks}", title(session), result.outcome.word());
        let _ = writeln!(text, "      {}", result.sentence);
        if result.n > 0 {
            let _ = writeln!(text, "      rests on {} observations", result.n);
        }
        places(text, &result.evidence);
    }
}

fn slowed_down(text: &mut String, verdict: &RunVerdict) {
    for session in &verdict.sessions {
        let nothing = if session.slowdowns.is_empty() { ": nothing became slower" } else { "" };
        let _ = writeln!(text, "  {}{nothing}", title(session));
        for slowdown in &session.slowdowns {
            let _ = writeln!(text, "      {}", slowdown.sentence);
            for Share { suspect, variance, loss } in &slowdown.shares {
                let percent = |part: Option<f64>| {
                    part.map_or_else(|| "-".to_owned(), |part| format!("{:.0} %", part * 100.0))
                };
                let (course, part) = (percent(*variance), percent(*loss));
                let _ = writeln!(
                    text,
                    "      {:<16} {course:>6} of the course, {part:>6} of the loss",
                    suspect.word()
                );
            }
            places(text, &slowdown.evidence);
        }
    }
}

fn title(session: &SessionVerdict) -> String {
    let SessionVerdict { session: name, device, route, candidate, .. } = session;
    format!("{name} {device}{} | {route} | {candidate}", session.mark())
}

fn places(text: &mut String, evidence: &[Evidence]) {
    for part in evidence {
        let _ =
            writeln!(text, "      look at {} from {:.1} s to {:.1} s", part.channel, part.from_s, part.to_s);
    }
}
