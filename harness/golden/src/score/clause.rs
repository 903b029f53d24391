//! Clauses of a sentence.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// What stands between clauses: marks first, of which the first end what was said, then words, of which the last turn
/// against it.
const BREAKS: [&str; 18] = [
    "; ",
    ": ",
    ", ",
    " - ",
    "(",
    ")",
    "[",
    "]",
    " and ",
    " so ",
    " then ",
    " und ",
    " dann ",
    " but ",
    " aber ",
    " although ",
    " though ",
    " obwohl ",
];
const APART: usize = 2;
const MARKS: usize = 8;
const TURNING: usize = 13;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(BREAKS).ok());

/// A part of a sentence between two breaks.
pub(super) struct Clause<'a> {
    pub(super) text: &'a str,
    /// Where it begins in its sentence, in bytes.
    pub(super) at: usize,
    /// A mark stands before it.
    pub(super) is_marked: bool,
    /// A word that turns against what was said stands before it.
    pub(super) turns: bool,
    /// It stands on its own: a semicolon, a colon or a word that turns stands before it.
    pub(super) is_apart: bool,
}

/// The clauses of a sentence in order.
pub(super) fn clauses(sentence: &str) -> impl Iterator<Item = Clause<'_>> {
    let found = FINDER.iter().flat_map(move |finder| finder.find_iter(sentence));
    let mut breaks = found.map(|found| (found.start(), found.end(), found.pattern().as_usize()));
    let mut open = Some((0, None));
    std::iter::from_fn(move || {
        let (at, kind) = open.take()?;
        let next = breaks.next();
        let end = next.map_or(sentence.len(), |(start, _, _)| start);
        open = next.map(|(_, behind, kind)| (behind, Some(kind)));
        Some(Clause {
            text: &sentence[at..end],
            at,
            is_marked: kind.is_some_and(|kind| kind < MARKS),
            turns: kind.is_some_and(|kind| kind >= TURNING),
            is_apart: kind.is_some_and(|kind| !(APART..TURNING).contains(&kind)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::clauses;

    #[test]
    fn marks_and_words_end_clauses() {
        let all: Vec<_> = clauses("I do not know, so set 7,1 mm/s but ask")
            .map(|clause| (clause.text, clause.at, clause.is_marked, clause.turns))
            .collect();
        assert_eq!(
            all,
            [
                ("I do not know", 0, false, false),
                ("so set 7,1 mm/s", 15, true, false),
                ("ask", 35, false, true)
            ]
        );
        let apart: Vec<_> =
            clauses("no word (85 Nm); ask").map(|clause| (clause.text, clause.is_apart)).collect();
        assert_eq!(apart, [("no word ", false), ("85 Nm", false), ("", false), ("ask", true)]);
        assert_eq!(clauses("").count(), 1);
    }
}
