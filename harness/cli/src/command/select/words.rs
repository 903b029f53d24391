//! A selection as a person reads it on a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use edgesoak_gates::selection::{Considered, Miss, RouteChoice, Selection, SessionUsed, Standing};
use edgesoak_record::units::Bytes;
use edgesoak_record::verdict::mark;
use edgesoak_record::{Outcome, Verdict};
use edgesoak_store::SessionPlace;

use crate::sentences::{next_actions, some_of, span, symbol};
use crate::terminal::printable;

/// Most sessions that are named for their age.
const MOST_OLD: usize = 5;

/// Every route with its candidates, what it rests on, and what to do next.
pub fn told(selection: &Selection, too_old: &[SessionPlace], age: Duration) -> String {
    let mut text = format!("\n{}: {}\n", headline(selection.verdict), selection.sentence);
    match &selection.policy {
        Some(policy) => drop(writeln!(text, "  judged by the policy of {}", policy.title())),
        None => drop(writeln!(text, "  judged by tier {}, as the newest run was planned", selection.tier)),
    }
    for route in &selection.routes {
        text.push_str(&of_route(route));
    }
    text.push_str("\nRests on\n");
    text.extend(selection.rests_on.iter().map(session));
    if !selection.outdated.is_empty() {
        text.push_str("\nOf what a candidate was before, and not counted\n");
    }
    text.extend(selection.outdated.iter().map(session));
    if !too_old.is_empty() {
        let names: Vec<String> =
            too_old.iter().map(|place| format!("{} of run {}", place.session, place.run)).collect();
        let names = some_of(&names, MOST_OLD);
        let _ = writeln!(text, "\nOlder than {}, and not counted: {names}", span(age.as_secs_f64()));
    }
    text.push_str(&next_actions(&selection.next_actions));
    text.push('\n');
    printable(&text)
}

fn headline(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "SELECTED",
        Verdict::Fail => "NOT SELECTED",
        Verdict::NotProven => "NOT PROVEN",
        Verdict::Infrastructure => "LAB PROBLEM",
        Verdict::Nothing => "NOTHING WAS EVALUATED",
    }
}

fn session(used: &SessionUsed) -> String {
    let SessionUsed { run, session, device, is_virtual, is_imported, family, route, candidate, .. } = used;
    let mark = mark(*is_virtual, *is_imported);
    format!("  {session} of run {run}  {device}{mark} | {family} | {route} | {candidate}\n")
}

fn of_route(route: &RouteChoice) -> String {
    let mark = if route.is_virtual { " (virtual)" } else { "" };
    let mut text = format!("\n{}{mark} | {}\n", route.choice.route, route.families.join(", "));
    let width = route.choice.considered.iter().map(|one| one.offer.candidate.chars().count()).max();
    for considered in &route.choice.considered {
        let size = considered.offer.size.map_or_else(|| "unknown".to_owned(), size);
        let head = format!("{:<width$}  {size:>10}", considered.offer.candidate, width = width.unwrap_or(0));
        text.push_str(&of_candidate(&head, considered));
        for accepted in &considered.accepted {
            let _ = writeln!(text, "      excused: {accepted}");
        }
        let own = route.exports.iter().filter(|export| export.candidate == considered.offer.candidate);
        // What speaks against an export stands among its misses.
        for export in own.filter(|export| export.outcome == Outcome::Pass) {
            let (family, baseline) = (&export.family, &export.baseline);
            let _ = writeln!(text, "      {family}: export of `{baseline}` approved: {}", export.sentence);
        }
    }
    text
}

fn of_candidate(head: &str, considered: &Considered) -> String {
    match &considered.standing {
        Standing::Chosen => format!("  {} {head}  chosen\n", symbol(Outcome::Pass)),
        Standing::Larger => {
            format!("  {} {head}  clears every bar, and so does a smaller one\n", symbol(Outcome::Info))
        }
        Standing::Misses(misses) => {
            let fails = misses.iter().any(|miss| miss.outcome == Outcome::Fail);
            let outcome = if fails { Outcome::Fail } else { Outcome::NotProven };
            format!("  {} {head}\n", symbol(outcome)) + &worst_by_family(misses)
        }
    }
}

/// The worst of each family, a line each.
fn worst_by_family(misses: &[Miss]) -> String {
    let mut families: BTreeMap<&str, Vec<&Miss>> = BTreeMap::new();
    for miss in misses {
        families.entry(&miss.family).or_default().push(miss);
    }
    let line = |(family, misses): (&str, Vec<&Miss>)| {
        let worst = misses.iter().min_by_key(|miss| miss.outcome != Outcome::Fail)?;
        let place = if family.is_empty() { String::new() } else { format!("{family}: ") };
        let more = match misses.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        Some(format!("      {} {place}{}{more}\n", symbol(worst.outcome), worst.why))
    };
    families.into_iter().filter_map(line).collect()
}

/// Bytes as a person compares them.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn size(Bytes(bytes): Bytes) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        1_048_576..1_073_741_824 => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
        _ => format!("{:.2} GiB", bytes as f64 / 1_073_741_824.0),
    }
}
