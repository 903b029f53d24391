//! A corpus that answers by itself: the entry that fits best, and of its text the sentence that does.

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use crate::bm25::Index;
use crate::error::PromptError;
use crate::item::check_id;
use crate::json_lines;

/// One line of the file. A document has a title and no answer, an example an answer and no title.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    title: String,
    text: String,
    #[serde(default)]
    answer: Option<String>,
}

/// Entries in the order of their ids, indexed by their words and sentence by sentence.
#[derive(Debug)]
pub struct Lookup {
    entries: Vec<Entry>,
    index: Index,
    sentences: Index,
    /// Where in `sentences` those of each entry stand.
    places: Vec<Range<usize>>,
}

/// What fits a question best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found<'a> {
    /// Id of the entry.
    pub id: &'a str,
    /// What the entry answers, where it is an example.
    pub answer: Option<&'a str>,
    /// Its sentence that shares most with the question; its first one where only the title does.
    pub sentence: &'a str,
    /// Part of the score that the words of the question could reach at the most, above 0 up to 1.
    pub share: f64,
}

impl Lookup {
    /// Reads JSON lines `{"id", "title", "text"}` of documents or `{"id", "text", "answer"}` of examples.
    ///
    /// # Errors
    /// If the file cannot be read, a line is no entry, or there is none.
    pub fn read(path: &Path) -> Result<Self, PromptError> {
        let mut seen = HashSet::new();
        let mut entries = json_lines::read(path, |entry: &Entry| check_id(&entry.id, &mut seen))?;
        // Ties go to the first: the same entry on every device, however the file is sorted.
        entries.sort_by(|one, other| one.id.cmp(&other.id));
        let index = Index::new(entries.iter().map(|entry| [&*entry.title, &*entry.text]));
        let texts: Vec<Vec<&str>> = entries.iter().map(|entry| sentences(&entry.text).collect()).collect();
        let mut end = 0;
        let places = texts.iter().map(|texts| {
            let begin = end;
            end += texts.len();
            begin..end
        });
        let places = places.collect();
        let sentences = Index::new(texts.iter().flatten().map(|sentence| [*sentence]));
        Ok(Self { entries, index, sentences, places })
    }

    /// What fits best; `None` where no entry shares a word with the question.
    #[must_use]
    pub fn find(&self, question: &str) -> Option<Found<'_>> {
        let (position, share) = self.index.best(question)?;
        let (entry, place) = (&self.entries[position], self.places[position].clone());
        let number = self.sentences.best_of(question, place.clone()).map_or(0, |at| at - place.start);
        let sentence = sentences(&entry.text).nth(number).unwrap_or_default();
        Some(Found { id: &entry.id, answer: entry.answer.as_deref(), sentence, share })
    }
}

/// Sentences: each ends with its stop before a blank.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        let mut ends = rest.match_indices(['.', '!', '?']).map(|(at, stop)| at + stop.len());
        let end = ends.find(|&end| rest[end..].starts_with(char::is_whitespace));
        let (sentence, left) = rest.split_at(end.unwrap_or(rest.len()));
        rest = left.trim_start();
        (!sentence.is_empty()).then_some(sentence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(lines: &str) -> Result<Lookup, PromptError> {
        let dir = tempfile::tempdir().expect("a directory for the file");
        let path = dir.path().join("corpus.jsonl");
        std::fs::write(&path, lines).expect("a small file can be written");
        Lookup::read(&path)
    }

    const DOCUMENTS: &str = r#"{"id":"pm-2","title":"Seals","text":"Why a seal leaks. Up to 3.5 drops are tolerated! More is class B."}
{"id":"pm-1","title":"Padlocks","text":"Each one hangs their own."}"#;

    #[test]
    fn the_best_sentence_of_the_best_document_is_found() {
        let lookup = lookup(DOCUMENTS).expect("sound");
        let found = lookup.find("How many drops are tolerated?").expect("words are shared");
        assert_eq!(
            (found.id, found.answer, found.sentence),
            ("pm-2", None, "Up to 3.5 drops are tolerated!")
        );
        assert!(found.share > 0.0 && found.share < 1.0);
        let found = lookup.find("padlocks").expect("the title has it");
        assert_eq!((found.id, found.sentence), ("pm-1", "Each one hangs their own."));
        assert_eq!(lookup.find("coffee"), None);
    }

    #[test]
    fn an_example_answers_with_what_it_is_labelled() {
        let lookup = lookup(r#"{"id":"e1","text":"Smoke comes out","answer":"escalation"}"#).expect("sound");
        assert_eq!(lookup.find("smoke!").and_then(|found| found.answer), Some("escalation"));
    }

    #[test]
    fn lines_that_are_no_entries_are_refused_by_number() {
        for broken in
            [r#"{"id":"a"}"#, r#"{"id":"a","text":"x","extra":1}"#, r#"{"id":"a b","text":"x"}"#, ""]
        {
            let error = lookup(&format!("{}\n{broken}\n", r#"{"id":"z","text":"y"}"#));
            match error {
                Err(error) => assert!(error.to_string().contains("line 2"), "{error}"),
                Ok(_) => assert!(broken.is_empty(), "{broken}"),
            }
        }
        assert!(lookup("\n").is_err(), "nothing to look anything up in");
    }

    #[test]
    fn an_empty_text_has_an_empty_sentence() {
        let lookup = lookup(r#"{"id":"a","title":"Valve","text":" "}"#).expect("sound");
        assert_eq!(lookup.find("valve").map(|found| found.sentence), Some(""));
    }
}
