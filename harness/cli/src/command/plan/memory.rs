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
    let family = &session.device.family;
    let MemoryOutlook::Predicted(prediction) = outlook else { return outlook.to_string() };
    let budget = session.device.memory_budget;
    let mut text = match session.device.budget_under(prediction) {
        Some(budget) => {
            format!(
                "over budget: {} predicted, the memory_budget of {family} is {}; `edgesoak run` leaves it out",
                mebibytes(prediction.total),
                mebibytes(budget)
            )
        }
        None => {
            let budget = budget.map_or_else(
                || format!("{family} sets no memory_budget"),
                |budget| format!("the memory_budget of {family} is {}", mebibytes(budget)),
            );
            format!("{} predicted; {budget}", mebibytes(prediction.total))
        }
    };
    for part in &prediction.parts {
        let _ = write!(text, "\n       {} {}: {}", part.what.title(), mebibytes(part.bytes), part.basis);
    }
    text
}
