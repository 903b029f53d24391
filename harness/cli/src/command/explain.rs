//! `edgesoak explain`: what a gate means, and what it rested on in a stored run.

use std::fmt::Write as _;

use edgesoak_gates::{Explanation, Setting, explain};
use edgesoak_record::{Gate, GateResult, RunVerdict, SessionVerdict};
use serde_json::json;

use crate::args::{Format, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored;
use crate::terminal::{printable, say};

/// Explains one gate, or lists them all.
pub fn show(shared: &Shared, gate: Option<Gate>, run: Option<&str>) -> Result<u8, Failure> {
    let Some(gate) = gate else { return list(shared) };
    let explanation = explain(gate).ok_or_else(|| {
        Failure::config(format!("no run of this version holds evidence for `{gate}`: {}", gate.meaning()))
            .hint("`edgesoak explain` lists the gates that are judged")
            .reason("not_judged")
    })?;
    let judged = run.map(|name| stored::load(shared, name)).transpose()?;
    let verdict = judged.map(|(_, judged)| judged.verdict);
    match shared.format {
        Format::Json => {
            let of_run = verdict.as_ref().map(|verdict| results(verdict, gate));
            let sessions: Option<Vec<_>> = of_run.map(|results| {
                let document = |(session, result): (&SessionVerdict, &GateResult)| {
                    json!({ "session": session.session, "device": session.device, "route": session.route,
                        "candidate": session.candidate, "virtual": session.is_virtual, "result": result })
                };
                results.into_iter().map(document).collect()
            });
            let run = verdict.as_ref().map(|verdict| &verdict.run);
            print_json(&json!({ "explanation": explanation, "run": run, "sessions": sessions }))?;
        }
        Format::Human => {
            let of_run = verdict.map(|verdict| in_run(&verdict, gate)).unwrap_or_default();
            say(&printable(&(about(&explanation) + &of_run)))?;
        }
    }
    Ok(0)
}

fn list(shared: &Shared) -> Result<u8, Failure> {
    let judged: Vec<Explanation> = Gate::ALL.iter().filter_map(|gate| explain(*gate)).collect();
    match shared.format {
        Format::Json => print_json(&judged)?,
        Format::Human => {
            let line = |gate: &Explanation| format!("{:<22} {}\n", gate.gate.word(), gate.meaning);
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
        let _ = writeln!(text, "{head:<16} {}", described(setting));
    }
    text
}

fn described(setting: &Setting) -> String {
    let Setting { name, default, unit, is_guess } = setting;
    let value =
        if unit.is_empty() || *unit == "ratio" { default.to_string() } else { format!("{default} {unit}") };
    let mark =
        if *is_guess { ", a guess until runs of one candidate against itself have measured it" } else { "" };
    format!("{name} = {value}{mark}")
}

fn results(verdict: &RunVerdict, gate: Gate) -> Vec<(&SessionVerdict, &GateResult)> {
    let of = |session| move |result| (session, result);
    let named = |result: &&GateResult| result.gate == gate;
    verdict.sessions.iter().flat_map(|session| session.gates.iter().filter(named).map(of(session))).collect()
}

fn in_run(verdict: &RunVerdict, gate: Gate) -> String {
    let mut text = format!("\nIn run {}\n", verdict.run);
    let results = results(verdict, gate);
    if results.is_empty() {
        let _ = writeln!(text, "  no session was judged by it");
    }
    for (session, result) in results {
        let mark = session.mark();
        let blocks = if result.blocking { ", blocks" } else { "" };
        let SessionVerdict { session: name, device, route, candidate, .. } = session;
        let _ = writeln!(
            text,
            "  {name} {device}{mark} | {route} | {candidate}: {}{blocks}",
            result.outcome.word()
        );
        let _ = writeln!(text, "      {}", result.sentence);
        if result.n > 0 {
            let _ = writeln!(text, "      rests on {} observations", result.n);
        }
        for part in &result.evidence {
            let _ = writeln!(
                text,
                "      look at {} from {:.1} s to {:.1} s",
                part.channel, part.from_s, part.to_s
            );
        }
    }
    text
}
