//! Where queries went, as a person reads it on a terminal.

use std::fmt::Write as _;

use edgesoak_record::Outcome;
use edgesoak_record::routing::{Destination, Evaluation, Routed, SweepPoint};
use edgesoak_record::verdict::mark;

use super::OfSession;
use crate::sentences::{some_of, symbol};

/// Most ids that are listed of one kind.
const MOST: usize = 20;

/// A session: what went where, what was told of it, and what other thresholds do.
pub fn told(session: &OfSession) -> String {
    let OfSession { device, is_virtual, route, candidate, routed, .. } = session;
    let mark = mark(*is_virtual, false);
    let mut text = format!("\n{device}{mark} | {route} | {candidate}\n");
    let threshold = routed.threshold.get();
    let planned = match session.planned.get() {
        planned if routed.threshold == session.planned => format!("the planned {planned}"),
        planned => format!("{threshold}, where {planned} is planned"),
    };
    let evaluation = &routed.evaluation;
    let escalated = percent(evaluation.escalation_rate());
    let _ = writeln!(
        text,
        "  At a threshold of {planned}: {} queries, {escalated} not answered on the device",
        evaluation.queries()
    );
    text.push_str(&destinations(evaluation));
    text.push_str(&told_of_them(routed));
    if !routed.sweep.is_empty() {
        text.push_str("\n  threshold    device    person       out     wrong     leaks      cost\n");
    }
    text.extend(routed.sweep.iter().map(point));
    text
}

fn destinations(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    for destination in Destination::ALL {
        let count = evaluation.to(destination);
        let name = destination.word();
        let _ = match destination {
            Destination::LocalAnswer => writeln!(
                text,
                "    {name:<30}{count:>6}   {} right, {} wrong, {} say that they do not know",
                evaluation.right_kept, evaluation.wrong_kept, evaluation.abstained
            ),
            _ => writeln!(text, "    {name:<30}{count:>6}"),
        };
    }
    let (right, wrong) = (evaluation.right_escalated, evaluation.wrong_escalated);
    let _ = writeln!(text, "  Given away: {right} that the device had right, {wrong} that it had wrong");
    text
}

/// What the words of the queries told of them, and what that led to.
fn told_of_them(routed: &Routed) -> String {
    let Evaluation { sensitive_found, sensitive_missed, public_found, public_held_back, left, .. } =
        &routed.evaluation;
    let mut text = format!(
        "  Sensitive: {sensitive_found} told, {} missed; public: {public_found} told, {public_held_back} held back\n",
        sensitive_missed.len()
    );
    if routed.without_confidence > 0 {
        let _ = writeln!(
            text,
            "  {} answers have no confidence: they are below every threshold",
            routed.without_confidence
        );
    }
    if !sensitive_missed.is_empty() {
        let _ = writeln!(text, "  {} missed: {}", symbol(Outcome::Info), some_of(sensitive_missed, MOST));
    }
    let hot = &routed.left_when_hot;
    for (when, ids) in [("", left), (" right after the soak", hot)] {
        if !ids.is_empty() {
            let ids = some_of(ids, MOST);
            let _ = writeln!(text, "  {} would leave{when} though sensitive: {ids}", symbol(Outcome::Fail));
        }
    }
    text
}

fn point(point: &SweepPoint) -> String {
    let to = |destination| point.destinations.get(&destination).copied().unwrap_or_default();
    let [device, person, out] = Destination::ALL.map(to);
    let cost = point.cost.map_or_else(|| "-".to_owned(), |cost| format!("{cost:.2}"));
    format!(
        "  {:>9.3}{device:>10}{person:>10}{out:>10}{:>10}{:>10}{cost:>10}\n",
        point.threshold.get(),
        point.wrong_kept,
        point.left
    )
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", share * 100.0))
}
