//! What each session is expected to take of its device's memory, in words.

use std::fmt::Write as _;

use edgesoak_record::memory::mebibytes;
use edgesoak_record::{MemoryOutlook, Plan, PlannedSession};

/// A paragraph for all sessions of which the same is expected; empty where nobody looked.
pub fn section(plan: &Plan) -> String {
    let mut told: Vec<(String, Vec<&str>)> = Vec::new();
    for session in &plan.sessions {
        let Some(outlook) = plan.memory.get(&session.session) else { continue };
        let words = words(session, outlook);
        match told.iter_mut().find(|(known, _)| *known == words) {
            Some((_, sessions)) => sessions.push(&session.session),
            None => told.push((words, vec![&session.session])),
        }
    }
    let paragraph = |(words, sessions): &(String, Vec<&str>)| format!("  {}  {words}\n", sessions.join(", "));
    let paragraphs: String = told.iter().map(paragraph).collect();
    if paragraphs.is_empty() { paragraphs } else { format!("\nMemory\n{paragraphs}") }
}

fn words(session: &PlannedSession, outlook: &MemoryOutlook) -> String {
    let MemoryOutlook::Predicted(prediction) = outlook else { return outlook.to_string() };
    let device = &session.device;
    let total = mebibytes(prediction.total);
    let against = match device.memory_budget {
        Some(budget) => format!("the memory_budget of {} is {}", device.family, mebibytes(budget)),
        None => format!("{} sets no memory_budget", device.family),
    };
    let is_over = device.budget_under(prediction).is_some();
    let mut text = if is_over {
        format!("over budget: {total} predicted, {against}; `edgesoak run` leaves it out")
    } else {
        format!("{total} predicted; {against}")
    };
    for part in &prediction.parts {
        let _ = write!(text, "\n       {} {}: {}", part.what.title(), mebibytes(part.bytes), part.basis);
    }
    text
}
