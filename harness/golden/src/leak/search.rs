//! Searches bytes for secrets in all forms at once.

use std::collections::BTreeMap;
use std::fmt;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::encoded::{base64, for_addresses, hex, percent, utf16};
use super::form::Form;
use super::secret::{self, LONGEST, PIECE, Secret, WeakSecret};
use super::squeezed::Squeezed;

/// A secret somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Which one: its place in the list that was given.
    pub secret: usize,
    /// In which form.
    pub form: Form,
    /// Near which byte it begins first.
    pub at: usize,
    /// How often it was seen in this form; pieces of one place count several times.
    pub times: usize,
}

/// A search for a list of secrets. Its `Debug` shows their number alone: what is searched for must not leak by a log.
#[derive(Clone)]
pub struct Search {
    /// Over the bytes as they are, in any case of letters.
    any_case: Automaton,
    /// Over the bytes as they are.
    own_case: Automaton,
    /// Over letters and digits alone, in any case.
    squeezed: Automaton,
    /// Over letters and digits alone.
    squeezed_own_case: Automaton,
    secrets: usize,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search({} secrets)", self.secrets)
    }
}

impl Search {
    /// Prepares a search for secrets, each a line of ASCII with at least 16 letters and digits. Numbers in errors
    /// count from 1.
    pub fn new<S: AsRef<str>>(secrets: &[S]) -> Result<Self, WeakSecret> {
        let mut patterns = Patterns::default();
        for (index, secret) in secret::read(secrets)?.iter().enumerate() {
            patterns.add(index, secret);
        }
        Ok(Self {
            any_case: Automaton::new(patterns.any_case, true)?,
            own_case: Automaton::new(patterns.own_case, false)?,
            squeezed: Automaton::new(patterns.squeezed, true)?,
            squeezed_own_case: Automaton::new(patterns.squeezed_own_case, false)?,
            secrets: secrets.len(),
        })
    }

    /// How many secrets are searched for.
    #[must_use]
    pub const fn secrets(&self) -> usize {
        self.secrets
    }

    /// Bytes by which two chunks of a longer file should overlap, so that nothing on their border is missed while no
    /// more than a line of noise stands between its characters.
    #[must_use]
    pub const fn overlap(&self) -> usize {
        16 * LONGEST
    }

    /// Every secret in every form that it stands in, each once, with its first place. Linear in the bytes.
    #[must_use]
    pub fn find(&self, bytes: &[u8]) -> Vec<Hit> {
        let mut hits = Hits::new();
        self.any_case.search(bytes, |at| at, &mut hits);
        self.own_case.search(bytes, |at| at, &mut hits);
        let squeezed = Squeezed::new(bytes);
        self.squeezed.search(&squeezed.bytes, |at| squeezed.near(at), &mut hits);
        self.squeezed_own_case.search(&squeezed.bytes, |at| squeezed.near(at), &mut hits);
        // What stands there whole stands there in pieces as well, which says nothing new.
        let whole = hits.keys().filter(|(_, form)| *form == Form::Plain);
        let whole: Vec<usize> = whole.map(|(secret, _)| *secret).collect();
        for secret in whole {
            hits.remove(&(secret, Form::Split));
        }
        hits.into_iter().map(|((secret, form), (at, times))| Hit { secret, form, at, times }).collect()
    }
}

/// First place and number of sightings of each secret in each form.
type Hits = BTreeMap<(usize, Form), (usize, usize)>;
type Pattern = (Vec<u8>, (usize, Form));

#[derive(Default)]
struct Patterns {
    any_case: Vec<Pattern>,
    own_case: Vec<Pattern>,
    squeezed: Vec<Pattern>,
    squeezed_own_case: Vec<Pattern>,
}

impl Patterns {
    fn add(&mut self, index: usize, secret: &Secret<'_>) {
        let bytes = secret.bytes;
        self.any_case.push((bytes.to_vec(), (index, Form::Plain)));
        self.any_case.push((percent(bytes), (index, Form::Url)));
        for piece in &secret.pieces {
            self.any_case.push((utf16(&piece.with_signs), (index, Form::Utf16)));
            self.any_case.push((percent(&piece.with_signs), (index, Form::Url)));
            self.squeezed.push((hex(&piece.with_signs), (index, Form::Hex)));
            self.squeezed.push((hex(&piece.letters), (index, Form::Hex)));
            self.squeezed.push((piece.letters.clone(), (index, Form::Split)));
        }
        for text in base64(bytes) {
            self.squeezed_own_case.extend(base64_pieces(&text).map(|piece| (piece, (index, Form::Base64))));
            self.own_case.push((for_addresses(&text), (index, Form::Base64)));
            self.own_case.push((text, (index, Form::Base64)));
        }
    }
}

/// Pieces of base64 that hold as much as a piece of the secret, without the two characters that are neither letters
/// nor digits.
fn base64_pieces(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let letters: Vec<u8> = text.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    let length = (PIECE * 8).div_ceil(6).min(letters.len());
    letters.windows(length).map(<[u8]>::to_vec).collect::<Vec<_>>().into_iter()
}

#[derive(Clone)]
struct Automaton {
    patterns: AhoCorasick,
    meanings: Vec<(usize, Form)>,
}

impl Automaton {
    fn new(patterns: Vec<Pattern>, any_case: bool) -> Result<Self, WeakSecret> {
        let (patterns, meanings): (Vec<_>, Vec<_>) = patterns.into_iter().unzip();
        // A full table of states searches faster, and takes a hundred times as long to make for a single secret.
        let built = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(any_case)
            .build(patterns);
        Ok(Self { patterns: built.map_err(|_| WeakSecret::Large)?, meanings })
    }

    fn search(&self, bytes: &[u8], place: impl Fn(usize) -> usize, hits: &mut Hits) {
        for found in self.patterns.find_overlapping_iter(bytes) {
            let meaning = self.meanings[found.pattern().as_usize()];
            hits.entry(meaning).or_insert_with(|| (place(found.start()), 0)).1 += 1;
        }
    }
}

#[cfg(test)]
mod tests;
