//! A comparison as a person reads it on a terminal.

use std::fmt::Write as _;

use edgesoak_record::comparison::{AnswersChange, Change, Comparison, DeviceComparison};
use edgesoak_record::{NotRun, Outcome};

use crate::sentences::{self, next_actions, some_of, symbol};
use crate::terminal::printable;

/// Most items that are listed at once.
const MOST_ITEMS: usize = 12;

/// `verdict=fail exit=1 reason=regression`.
pub fn last_line(comparison: &Comparison) -> String {
    let Comparison { verdict, exit, reason, .. } = comparison;
    format!("verdict={} exit={exit} reason={reason}", verdict.word())
}

/// Every device with its changes, families, and what to do next.
pub fn told(comparison: &Comparison, not_run: &[NotRun]) -> String {
    let mut text = format!("\n{}: {}\n", comparison.headline(), comparison.sentence);
    if let Some(policy) = &comparison.policy {
        let _ = writeln!(text, "  judged by the policy of {}", policy.title());
    }
    for accepted in &comparison.accepted {
        let _ = writeln!(text, "  accepted: {accepted}");
    }
    text.push_str(&sentences::not_run(not_run));
    for device in &comparison.devices {
        text.push_str(&of_device(device));
    }
    for family in comparison.families.iter().filter(|family| family.outcome != Outcome::Pass) {
        let _ = writeln!(
            text,
            "\n{} {} | {}: {}",
            symbol(family.outcome),
            family.family,
            family.route,
            family.sentence
        );
    }
    text.push_str(&next_actions(&comparison.next_actions));
    text.push('\n');
    printable(&text)
}

fn of_device(device: &DeviceComparison) -> String {
    let mark = if device.is_virtual { " (virtual)" } else { "" };
    let mut text = format!("\n{}{mark} | {}\n", device.device, device.route);
    for change in &device.changes {
        let _ = writeln!(
            text,
            "  {} against {:<22} {}",
            symbol(change.outcome),
            change.reference.title(),
            figures(change)
        );
        let _ = writeln!(text, "      {}", change.sentence);
        if let Some(why) = &change.why {
            let _ = writeln!(text, "      ↓ {}.", why.sentence);
        }
        text.extend(change.answers.as_ref().map(of_answers));
        for note in &change.notes {
            let _ = writeln!(text, "      {note}");
        }
    }
    text
}

/// What became of the answers, where the sentence of the change does not say it.
fn of_answers(answers: &AnswersChange) -> String {
    let mut text = format!("      {} {}\n", symbol(answers.outcome), answers.sentence);
    let _ = writeln!(
        text,
        "        right on both sides {}, lost {}, gained {}, wrong on both {}; exact p that it is worse {:.3}",
        answers.both_right,
        answers.only_reference,
        answers.only_candidate,
        answers.both_wrong,
        answers.p_worse
    );
    for (what, items) in
        [("lost", &answers.lost), ("gained", &answers.gained), ("not answered", &answers.unanswered)]
    {
        if !items.is_empty() {
            let _ = writeln!(text, "        {what}: {}", some_of(items, MOST_ITEMS));
        }
    }
    if answers.unsteady > 0 {
        let _ =
            writeln!(text, "        {} items got now right, now wrong answers on one side", answers.unsteady);
    }
    text
}

fn figures(change: &Change) -> String {
    let percent = |part: f64| format!("{:+.1} %", part * 100.0);
    let Some(seen) = change.change else { return "no figure".to_owned() };
    let bounds = match (change.lo, change.hi) {
        (Some(lo), Some(hi)) => format!(" ({} to {})", percent(lo), percent(hi)),
        _ => String::new(),
    };
    let runs = format!("{} against {} runs", change.candidate_runs, change.reference_runs);
    format!("{}{bounds}, accepted {}; {runs}", percent(seen), percent(change.limit))
}
