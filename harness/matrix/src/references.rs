//! Every name that is used must be defined, once.

use std::collections::HashMap;

use edgesoak_record::nearest::suggest;

use crate::check::Names;
use crate::language::policy::TIERS;
use crate::node::{At, Table};
use crate::problem::{Problem, quote};
use crate::report::{Report, WORTH_HELPING};
use crate::shape::Kind;

/// Checks the names of the matrix itself; names of the lab wait for a lab file.
pub(crate) fn check(names: &Names, root: &Table, reports: &mut Vec<Report>) {
    duplicates(&names.defined, reports);
    // Where a whole table was refused, what it would have defined is not known.
    let known = |kind: Kind| !kind.is_in_lab() && !root.was_refused(kind.word());
    for (kind, id, at) in names.used.iter().filter(|(kind, ..)| known(*kind)) {
        resolve(*kind, id, *at, &names.defined, reports);
    }
    if !known(Kind::Device) || root.elements("device").any(|device| device.was_refused("id")) {
        return;
    }
    let devices: Vec<&str> = ids(Kind::Device, &names.defined).collect();
    for (glob, at) in &names.globs {
        if !devices.iter().any(|id| matches(glob, id)) {
            let help = (reports.len() < WORTH_HELPING).then(|| suggest(glob, devices.iter().copied()));
            let problem = Problem::NoSuchDevice { glob: glob.clone() };
            reports.push(Report::at(problem, *at, "matches nothing").maybe_help(help));
        }
    }
}

/// Checks the names that the matrix expects in the lab's file.
pub(crate) fn check_lab(matrix: &Names, lab: &Names, reports: &mut Vec<Report>) {
    duplicates(&lab.defined, reports);
    for (kind, id, at) in matrix.used.iter().filter(|(kind, ..)| kind.is_in_lab()) {
        resolve(*kind, id, *at, &lab.defined, reports);
    }
}

fn ids(kind: Kind, defined: &[(Kind, String, At)]) -> impl Iterator<Item = &str> {
    let built_in = if kind == Kind::Tier { TIERS } else { &[] };
    let written = defined.iter().filter(move |(k, ..)| *k == kind).map(|(_, id, _)| id.as_str());
    built_in.iter().copied().chain(written.filter(move |id| !built_in.contains(id)))
}

fn resolve(kind: Kind, id: &str, at: At, defined: &[(Kind, String, At)], reports: &mut Vec<Report>) {
    if ids(kind, defined).any(|known| known == id) {
        return;
    }
    let problem = Problem::UnknownReference { kind: kind.word(), id: quote(id).trim_matches('`').to_owned() };
    let help = (reports.len() < WORTH_HELPING).then(|| suggest(id, ids(kind, defined)));
    reports.push(Report::at(problem, at, "used here").maybe_help(help));
}

fn duplicates(defined: &[(Kind, String, At)], reports: &mut Vec<Report>) {
    let mut first: HashMap<(Kind, &str), At> = HashMap::new();
    for (kind, id, at) in defined {
        if let Some(earlier) = first.get(&(*kind, id.as_str())) {
            let problem = Problem::DuplicateId { kind: kind.word(), id: id.clone() };
            reports.push(Report::at(problem, *at, "defined again here").and(*earlier, "defined first here"));
        } else {
            first.insert((*kind, id), *at);
        }
    }
}

/// Whether a pattern with `*` (any text) and `?` (one character) covers the whole id.
pub(crate) fn matches(glob: &str, id: &str) -> bool {
    let (glob, id) = (glob.as_bytes(), id.as_bytes());
    let (mut g, mut i) = (0, 0);
    // Where to go back to when the text behind the last `*` does not fit.
    let mut retry: Option<(usize, usize)> = None;
    while i < id.len() {
        match glob.get(g) {
            Some(b'*') => {
                retry = Some((g + 1, i));
                g += 1;
            }
            Some(&c) if c == b'?' || c == id[i] => {
                g += 1;
                i += 1;
            }
            _ => {
                let Some((after_star, from)) = retry else { return false };
                retry = Some((after_star, from + 1));
                g = after_star;
                i = from + 1;
            }
        }
    }
    glob[g..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn patterns_cover_whole_ids() {
        for (glob, id) in
            [("*", "x"), ("a*", "a"), ("virtual:*", "virtual:a"), ("a?c*e", "abcde"), ("*b*b", "abab")]
        {
            assert!(matches(glob, id), "{glob} {id}");
        }
        for (glob, id) in [("a", "ab"), ("?", ""), ("virtual:*", "local"), ("a*c", "ab"), ("*b", "ba")] {
            assert!(!matches(glob, id), "{glob} {id}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_made_from_an_id_matches_it(id in "[a-z0-9]{1,12}", from in 0usize..12, to in 0usize..12) {
            let from = from.min(id.len());
            let to = to.clamp(from, id.len());
            let starred = format!("{}*{}", &id[..from], &id[to..]);
            prop_assert!(matches(&starred, &id));
            let questions = "?".repeat(id.len());
            prop_assert!(matches(&questions, &id));
        }
    }
}
