//! A search through bytes that come piece by piece.

use std::collections::BTreeMap;

use super::{Form, Search};

/// So many new bytes are searched at once: fewer would be searched again and again with what stands before them.
const AT_ONCE: usize = 256 << 10;

/// What a search has seen of one file so far. What stands on the border of two pieces is found; it may count twice.
#[derive(Debug)]
pub struct Trail<'s> {
    search: &'s Search,
    held: Vec<u8>,
    /// So many of the held bytes were searched before.
    known: usize,
    times: BTreeMap<(usize, Form), usize>,
    bytes: u64,
}

impl<'s> Trail<'s> {
    /// The start of a file.
    #[must_use]
    pub const fn new(search: &'s Search) -> Self {
        Self { search, held: Vec::new(), known: 0, times: BTreeMap::new(), bytes: 0 }
    }

    /// Takes the next bytes in.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        for part in bytes.chunks(AT_ONCE) {
            self.held.extend_from_slice(part);
            if self.held.len() >= self.known + AT_ONCE {
                self.look();
            }
        }
    }

    /// Bytes that were taken in.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Everything that was found: which secret, in which form, and how often.
    #[must_use]
    pub fn end(mut self) -> Vec<(usize, Form, usize)> {
        if self.held.len() > self.known {
            self.look();
        }
        // What stood whole in one piece and in two halves on a border stood there whole.
        let whole: Vec<usize> =
            self.times.keys().filter(|(_, form)| *form == Form::Plain).map(|(secret, _)| *secret).collect();
        self.times.retain(|(secret, form), _| *form != Form::Split || !whole.contains(secret));
        self.times.into_iter().map(|((secret, form), times)| (secret, form, times)).collect()
    }

    fn look(&mut self) {
        for hit in self.search.find(&self.held) {
            *self.times.entry((hit.secret, hit.form)).or_default() += hit.times;
        }
        let from = self.held.len().saturating_sub(self.search.overlap());
        self.held.drain(..from);
        self.known = self.held.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "k2x7q4m5z3w6a2b4c7d5e3f6g2";

    fn found(pieces: &[&[u8]]) -> Vec<Form> {
        let search = Search::new(&[SECRET]).expect("a fit secret");
        let mut trail = Trail::new(&search);
        for piece in pieces {
            trail.feed(piece);
        }
        trail.end().into_iter().map(|(_, form, _)| form).collect()
    }

    #[test]
    fn nothing_on_a_border_is_missed() {
        let noise = vec![b'.'; AT_ONCE];
        for before in [0, 1, AT_ONCE - 27, AT_ONCE - 13, AT_ONCE - 1] {
            let text = [&noise[..before], SECRET.as_bytes(), &noise].concat();
            assert_eq!(found(&[&text]), [Form::Plain], "{before}");
        }
        assert_eq!(found(&[&noise, &noise]), []);
    }

    proptest! {
        #[test]
        fn pieces_of_any_length_are_one_file(before in 0..600usize, length in 1..40usize) {
            let text = [vec![b' '; before], SECRET.as_bytes().to_vec(), vec![b' '; 99]].concat();
            let pieces: Vec<&[u8]> = text.chunks(length).collect();
            prop_assert_eq!(found(&pieces), [Form::Plain]);
        }
    }
}
