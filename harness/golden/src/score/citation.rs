//! `citation`: the answer names the documents that it rests on, in square brackets.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::expect::Citation;
use crate::text::{folded, sentences, words};

const NAME: &str = "citation";
/// Longest text in brackets that can be a citation, in bytes.
const LONGEST_BRACKET: usize = 160;
/// Fewest words of a sentence that claims something.
const FEWEST_WORDS: usize = 4;

/// What an answer cites.
#[derive(Debug)]
pub(crate) struct Citations {
    /// Folded ids and where in the prose they stood.
    pub(crate) ids: Vec<(String, usize)>,
    /// The plain text without them.
    pub(crate) prose: String,
}

/// Takes the citations out of a plain text: brackets that hold a given document, or something of a document's shape:
/// a letter first and a digit in it (`[pm-001, pm-002]`, `[see pm-001]`), or nothing but small numbers (`[1]`).
pub(crate) fn citations(plain: &str, given: &[&str]) -> Citations {
    let given: Vec<String> = given.iter().map(|id| folded(id)).collect();
    let mut cited = Citations { ids: Vec::new(), prose: String::with_capacity(plain.len()) };
    let mut rest = plain;
    while let Some(open) = rest.find('[') {
        let head = &rest[open + 1..];
        let window = &head[..head.floor_char_boundary(LONGEST_BRACKET)];
        let close = window.find(['[', ']']).filter(|at| window[*at..].starts_with(']'));
        let ids = close.map(|close| ids(&head[..close], &given)).unwrap_or_default();
        if let Some(close) = close.filter(|_| !ids.is_empty()) {
            cited.prose.push_str(rest[..open].trim_end_matches(' '));
            cited.ids.extend(ids.into_iter().map(|id| (id, cited.prose.len())));
            rest = &head[close + 1..];
        } else {
            cited.prose.push_str(&rest[..=open]);
            rest = head;
        }
    }
    cited.prose.push_str(rest);
    cited
}

fn ids(inside: &str, given: &[String]) -> Vec<String> {
    let small = folded(inside);
    let separates = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '&' | '|' | '/' | '"' | '\'' | '(' | ')')
    };
    let tokens: Vec<&str> = small
        .split(separates)
        .map(|token| token.trim_matches(['.', '#']))
        .filter(|token| !token.is_empty())
        .collect();
    let is_number = |token: &str| token.len() <= 3 && token.bytes().all(|byte| byte.is_ascii_digit());
    if tokens.iter().all(|token| is_number(token)) {
        return tokens.into_iter().map(str::to_owned).collect();
    }
    let shaped =
        |token: &str| token.starts_with(char::is_alphabetic) && token.contains(|c: char| c.is_ascii_digit());
    tokens
        .into_iter()
        .filter(|token| given.iter().any(|id| id == token) || shaped(token))
        .map(str::to_owned)
        .collect()
}

#[derive(Debug)]
pub(crate) struct Cited {
    /// Folded ids; one of each group is enough.
    groups: Vec<BTreeSet<String>>,
    precision: f64,
    recall: f64,
    per_claim: bool,
}

impl Cited {
    pub(crate) fn prepare(wanted: &Citation) -> Result<Self, Unfit> {
        unfit::share(NAME, "precision", wanted.precision)?;
        unfit::share(NAME, "recall", wanted.recall)?;
        if wanted.groups.len() > unfit::MOST_ENTRIES {
            unfit::entries(NAME, wanted.groups.len())?;
        }
        wanted.groups.iter().try_for_each(|group| unfit::texts(NAME, group))?;
        if wanted.per_claim && wanted.groups.is_empty() {
            return Err(Unfit::new(NAME, "wants a citation per claim and names no document"));
        }
        let groups = wanted.groups.iter().map(|group| group.iter().map(|id| folded(id)).collect()).collect();
        Ok(Self { groups, precision: wanted.precision, recall: wanted.recall, per_claim: wanted.per_claim })
    }

    fn is_accepted(&self, id: &str) -> bool {
        self.groups.iter().any(|group| group.contains(id))
    }

    /// Sentences that claim something and cite no accepted document in them or right behind them.
    fn bare_claims(&self, citations: &Citations) -> usize {
        let prose = citations.prose.as_str();
        let begins: Vec<(usize, &str)> = sentences(prose)
            .map(|sentence| (sentence.as_ptr() as usize - prose.as_ptr() as usize, sentence))
            .collect();
        let ends = begins.iter().skip(1).map(|(begin, _)| *begin).chain([usize::MAX]);
        let bare = |(begin, sentence): &(usize, &str), end: usize| {
            let claims = !sentence.ends_with('?') && words(sentence).nth(FEWEST_WORDS - 1).is_some();
            // One before the first word belongs to the first sentence.
            let from = if *begin == begins[0].0 { 0 } else { begin + 1 };
            // Citations stand in order, so that those of a sentence are a slice.
            let place = |at: usize| citations.ids.partition_point(|(_, cited)| *cited < at);
            claims && !citations.ids[place(from)..place(end)].iter().any(|(id, _)| self.is_accepted(id))
        };
        begins.iter().zip(ends).filter(|(sentence, end)| bare(sentence, *end)).count()
    }
}

impl Rule for Cited {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let citations = reading.citations();
        let cited: BTreeSet<&str> = citations.ids.iter().map(|(id, _)| id.as_str()).collect();
        let given: BTreeSet<String> = reading.given_docs().iter().map(|id| folded(id)).collect();
        let outside = cited.iter().filter(|id| !given.contains(**id)).count();
        if outside > 0 {
            return Finding::ruin(format!("{outside} of {} cited documents were not given", cited.len()));
        }
        let accepted = cited.iter().filter(|id| self.is_accepted(id)).count();
        let hit =
            self.groups.iter().filter(|group| group.iter().any(|id| cited.contains(id.as_str()))).count();
        if cited.is_empty() {
            return Finding::holds(
                self.groups.is_empty(),
                format!("cites nothing; {} groups expected", self.groups.len()),
            );
        }
        let precision = accepted as f64 / cited.len() as f64;
        let recall = if self.groups.is_empty() { 1.0 } else { hit as f64 / self.groups.len() as f64 };
        let bare = if self.per_claim { self.bare_claims(citations) } else { 0 };
        let holds = precision >= self.precision && recall >= self.recall && bare == 0;
        let points =
            if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 };
        let mut reason = format!(
            "{accepted} of {} cited documents fit, {hit} of {} groups cited",
            cited.len(),
            self.groups.len()
        );
        if bare > 0 {
            let _ = write!(reason, "; {bare} claims without a citation");
        }
        Finding::graded(points, holds, reason)
    }
}
