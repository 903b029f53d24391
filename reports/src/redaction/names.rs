//! Names that are taken out, and what stands in their place.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::field::Field;
use super::scan;

/// Shorter names are replaced where they stand alone in a field, and not in sentences: they would be in every other word.
const SHORTEST: usize = 3;
/// Shorter names are replaced in sentences only as whole words.
const SHORTEST_WITHIN: usize = 6;
/// What stands before a device's id in the key of a setting.
const DEVICE: &str = "device.";

/// Names as they are found, in the order of the data.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pseudonyms: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
    subjects: BTreeSet<String>,
}

impl Collected {
    /// Takes note of a text.
    pub(super) fn see(&mut self, field: Field, text: &str) {
        match field {
            Field::Subject => _ = self.subjects.insert(text.to_owned()),
            // Whole texts of strangers are removed where they stand; words of theirs are words of everybody.
            Field::Text | Field::Foreign => {}
            Field::Origin => self.add(Field::File, place(text).0),
            Field::Setting => _ = of_device(text).map(|id| self.add(Field::Device, id)),
            _ => self.add(field, text),
        }
        for (field, name) in scan::found(text) {
            self.add(field, name);
        }
    }

    fn add(&mut self, field: Field, name: &str) {
        if name.trim().is_empty() || self.pseudonyms.contains_key(name) {
            return;
        }
        let kind = field.pseudonym();
        let number = self.counts.entry(kind).or_default();
        *number += 1;
        self.pseudonyms.insert(name.to_owned(), format!("{kind}-{number}"));
    }

    /// The names, ready to be looked for.
    pub(super) fn names(self) -> Names {
        let Self { pseudonyms, subjects, .. } = self;
        let is_looked_for =
            |name: &&String| name.chars().count() >= SHORTEST && !subjects.contains(name.as_str());
        let looked_for: Vec<String> = pseudonyms.keys().filter(is_looked_for).cloned().collect();
        // Serial numbers come in either case.
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(&looked_for)
            .ok();
        Names { pseudonyms, looked_for, search }
    }
}

/// Names and their pseudonyms.
#[derive(Debug)]
pub(super) struct Names {
    pseudonyms: BTreeMap<String, String>,
    looked_for: Vec<String>,
    /// `None` where there are more names than can be looked for at once: then no text that could hold one is shown.
    search: Option<AhoCorasick>,
}

impl Names {
    /// Replaces what a text names.
    pub(super) fn replace(&self, field: Field, text: &mut String) {
        *text = match field {
            // A device may be called like the beginning of its family.
            Field::Subject => self.within(text, usize::MAX),
            Field::Setting => match of_device(text) {
                Some(id) => format!("{DEVICE}{}", self.of(Field::Device, id)),
                None => self.within(text, SHORTEST_WITHIN),
            },
            Field::Text => self.within(text, SHORTEST_WITHIN),
            Field::Origin => {
                let (file, line) = place(text);
                format!("{}{line}", self.of(Field::File, file))
            }
            _ => self.of(field, text),
        };
    }

    fn of(&self, field: Field, name: &str) -> String {
        let known = self.pseudonyms.get(name).cloned();
        // Nothing that was not there when names were collected may pass.
        known.unwrap_or_else(|| {
            if name.trim().is_empty() { name.to_owned() } else { field.pseudonym().to_owned() }
        })
    }

    /// A text without names; those of fewer characters than `whole` must be whole words.
    fn within(&self, text: &str, whole: usize) -> String {
        let Some(search) = &self.search else { return Field::Text.pseudonym().to_owned() };
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for found in search.find_iter(text) {
            let name = &self.looked_for[found.pattern().as_usize()];
            if name.chars().count() < whole && !is_word(text, found.start(), found.end()) {
                continue;
            }
            out.push_str(&text[copied..found.start()]);
            out.push_str(&self.pseudonyms[name]);
            copied = found.end();
        }
        out.push_str(&text[copied..]);
        Self::without_forms(out)
    }

    /// What has the form of a name and was not there when names were collected.
    fn without_forms(text: String) -> String {
        let strangers: Vec<(Field, String)> = scan::found(&text)
            .into_iter()
            .filter(|(field, _)| *field != Field::Person)
            .map(|(field, name)| (field, name.to_owned()))
            .collect();
        strangers.into_iter().fold(text, |text, (field, name)| text.replace(&name, field.pseudonym()))
    }
}

/// Whether nothing before or behind continues a word.
fn is_word(text: &str, begin: usize, end: usize) -> bool {
    let continues = |character: Option<char>| {
        character.is_some_and(|character| character.is_alphanumeric() || "-_".contains(character))
    };
    !continues(text[..begin].chars().next_back()) && !continues(text[end..].chars().next())
}

/// The device that a setting is of by itself: it has no session, and is named nowhere else.
fn of_device(key: &str) -> Option<&str> {
    key.strip_prefix(DEVICE)
}

/// A file, and the line behind it. What is no file, `default` or an argument, stands behind none.
fn place(origin: &str) -> (&str, &str) {
    if origin == "default" || origin.starts_with("--") {
        return ("", origin);
    }
    match origin.rfind(':') {
        Some(at) if origin[at + 1..].bytes().all(|byte| byte.is_ascii_digit()) => origin.split_at(at),
        _ => (origin, ""),
    }
}
