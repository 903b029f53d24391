//! What was accepted, and every waiver of the policy with its end: both belong on the first screen.

use edgesoak_record::policy::Waiver;
use edgesoak_record::{Run, RunVerdict};

use crate::words::number::plural;
use crate::words::text::sentence;

/// The same of so many sessions is said once.
const MANY: usize = 3;

/// One line for each.
pub(super) fn lines(run: &Run, verdict: &RunVerdict) -> Vec<String> {
    let accepted = grouped(verdict).into_iter().map(|line| sentence(&line));
    accepted.chain(run.plan.policy.waivers.iter().map(|waiver| told(run, waiver))).collect()
}

/// What was accepted, that of many sessions together.
fn grouped(verdict: &RunVerdict) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in &verdict.accepted {
        let words = without_device(verdict, line);
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, lines)) => lines.push(line),
            None => groups.push((words, vec![line])),
        }
    }
    let told = groups.into_iter().flat_map(|(words, lines)| {
        if lines.len() < MANY {
            return lines.into_iter().map(str::to_owned).collect();
        }
        vec![format!("{}: {words}", plural(lines.len(), "session"))]
    });
    told.collect()
}

/// A line that begins with the device it is about, without.
fn without_device<'a>(verdict: &RunVerdict, line: &'a str) -> &'a str {
    let behind = verdict.sessions.iter().find_map(|session| {
        line.strip_prefix(&session.device)?.strip_prefix(session.mark())?.strip_prefix(": ")
    });
    behind.unwrap_or(line)
}

fn told(run: &Run, waiver: &Waiver) -> String {
    let place = waiver.device.as_ref().or(waiver.family.as_ref()).map_or("everywhere", String::as_str);
    let known =
        run.history.waiver_uses.iter().find(|uses| uses.gate == waiver.gate && uses.ticket == waiver.ticket);
    let uses = match (waiver.max_uses, known) {
        (Some(most), Some(uses)) => format!(", used in {} of at most {most} runs before", uses.runs),
        (Some(most), None) => format!(", for at most {most} runs"),
        (None, _) => String::new(),
    };
    sentence(&format!(
        "Waiver {} / {place} until {}{uses}: {} ({}, {})",
        waiver.gate, waiver.expires, waiver.reason, waiver.owner, waiver.ticket
    ))
}
