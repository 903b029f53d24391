//! `leaks`: of secrets that the session was given, nothing is left behind.

use edgesoak_record::gate::Gate;
use edgesoak_record::leaks::{FoundSecret, LeakRecord, SearchedPlace, Side};

use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::{Finding, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Secrets that nobody can guess stand in prompts that the model answers. When inputs are deleted and changes undone, the device, what the host keeps of the run and its reports are searched for them: as they are, in pieces, in base64, hexadecimal digits, percent encoding and UTF-16.",
    decides: "One secret that is found fails it, however the session ended. A pass takes every prompt with a secret answered, and every place read on all sides; what could not be read leaves it not proven.",
    settings: &[],
    source: "A search for texts of 130 random bits: none of their pieces stands in a gigabyte by chance.",
};

/// Places of which one is enough: the system tells of crashes in both.
const EITHER: [&str; 2] = ["tombstones", "dropbox"];
/// Places of the host that always hold something of a run: where no file was read, another one was looked at.
const OF_HOST: [&str; 2] = ["run-folder", "database"];
/// Most places that a sentence names.
const NAMED: usize = 4;
/// Longest name of a file in a sentence.
const NAME: usize = 80;

/// Whether secrets were planted, or were to be.
#[must_use]
pub fn are_planted(case: &Case) -> bool {
    case.record.planned.canaries || case.record.leaks.is_some()
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let Some(record) = &case.record.leaks else {
        return Finding::not_proven(
            "not_planted",
            "The session was given no secret that could be searched for",
        );
    };
    let searched: u64 = places(record).map(|(_, place)| place.files).sum();
    let finding = match broken(record, gate) {
        Some(finding) => finding,
        None => proven(record),
    };
    finding.observed(searched)
}

fn places(record: &LeakRecord) -> impl Iterator<Item = (Side, &SearchedPlace)> {
    record.searches.iter().flat_map(|searched| searched.places.iter().map(|place| (searched.side, place)))
}

/// What was found, if anything was.
fn broken(record: &LeakRecord, gate: Gate) -> Option<Finding> {
    let found: Vec<String> = record.found().map(|(side, place, found)| words(side, place, found)).collect();
    let first = listed(&found)?;
    Some(Finding::fail(gate.word(), format!("A planted secret was left behind: {first}")))
}

fn words(side: Side, place: &SearchedPlace, found: &FoundSecret) -> String {
    let (name, at) = (quoted(&place.place, NAME), quoted(&found.at, NAME));
    let at = if at.is_empty() { String::new() } else { format!(" {at}") };
    format!("{} of {}{at} ({})", name, side.words(), quoted(&found.form, NAME))
}

/// The first few of them, and how many more there are; `None` where there are none.
fn listed(words: &[String]) -> Option<String> {
    let more = words.len().saturating_sub(NAMED);
    let named = words.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!words.is_empty()).then(|| named + &more)
}

/// Whether enough was searched to say that nothing is left.
fn proven(record: &LeakRecord) -> Finding {
    let (handled, planted) = (record.handled(), record.planted.secrets.len());
    if planted == 0 || handled < planted {
        let words = format!("The model answered {handled} of {planted} prompts with a secret");
        return Finding::not_proven("not_handled", words);
    }
    for side in Side::ALL {
        let search = record.searches.iter().find(|searched| searched.side == side);
        match search {
            None => {
                let words = format!("Nobody searched {} for the planted secrets", side.words());
                return Finding::not_proven("not_searched", words);
            }
            Some(search) if search.key != record.planted.key => {
                let words = format!("{} was searched for other secrets than were planted", side.words());
                return Finding::not_proven("other_key", words);
            }
            Some(search) if search.places.is_empty() => {
                return Finding::not_proven(
                    "not_searched",
                    format!("No place of {} was searched", side.words()),
                );
            }
            Some(_) => {}
        }
    }
    if let Some(unread) = listed(&unread(record)) {
        return Finding::not_proven("place_unread", format!("Not everything could be searched: {unread}"));
    }
    let is_read = |name: &str| {
        places(record).any(|(side, place)| side == Side::Host && place.place == name && place.files > 0)
    };
    if let Some(empty) = OF_HOST.iter().find(|name| !is_read(name)) {
        let words = format!("No file of {empty} was read, and {} always has some", Side::Host.words());
        return Finding::not_proven("not_searched", words);
    }
    let names: Vec<&str> = places(record).map(|(_, place)| place.place.as_str()).collect();
    let names = names.iter().map(|name| quoted(name, NAME)).collect::<Vec<_>>().join(", ");
    Finding::pass(format!("None of {planted} secrets that the model handled is left behind: {names}"))
}

/// Places that were not read whole, each with the first reason.
fn unread(record: &LeakRecord) -> Vec<String> {
    let is_read =
        |name: &str| places(record).any(|(_, place)| place.place == name && place.unread.is_empty());
    let excused = |name: &str| EITHER.contains(&name) && EITHER.iter().any(|other| is_read(other));
    let unread = places(record).filter(|(_, place)| !place.unread.is_empty() && !excused(&place.place));
    unread
        .map(|(side, place)| {
            let why = place.unread.first().map(|why| quoted(why, NAME)).unwrap_or_default();
            format!("{} of {} ({why})", quoted(&place.place, NAME), side.words())
        })
        .collect()
}
