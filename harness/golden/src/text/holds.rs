//! Whether a text holds another one as whole words.

use memchr::memmem::Finder;

use super::word::is_unspaced;
use super::{folded, plain};

/// A folded text to look for.
#[derive(Debug, Clone)]
pub(crate) struct Needle {
    finder: Finder<'static>,
}

impl Needle {
    /// Looks for a text as a person wrote it. An empty one stands nowhere.
    pub(crate) fn new(text: &str) -> Self {
        Self { finder: Finder::new(folded(&plain(text)).trim()).into_owned() }
    }

    /// Whether normalisation left nothing to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.length() == 0
    }

    fn length(&self) -> usize {
        self.finder.needle().len()
    }

    /// Where it first stands in a folded text as whole words, in bytes.
    ///
    /// `10` does not stand in `110`, `10.5` or `-10`; in scripts without spaces every place counts.
    pub(crate) fn first(&self, hay: &str) -> Option<usize> {
        self.next(hay, 0)
    }

    /// Where it first stands at or behind a place.
    pub(crate) fn next(&self, hay: &str, from: usize) -> Option<usize> {
        if self.is_empty() {
            return None;
        }
        let mut start = from;
        while let Some(found) = hay.as_bytes().get(start..).and_then(|rest| self.finder.find(rest)) {
            let at = start + found;
            if is_whole(hay, at, at + self.length()) {
                return Some(at);
            }
            start = at + 1;
        }
        None
    }

    /// Every place where it stands, as ranges of bytes.
    pub(crate) fn places<'a>(&'a self, hay: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = self.next(hay, from)?;
            from = at + self.length();
            Some((at, from))
        })
    }
}

fn is_whole(hay: &str, begin: usize, end: usize) -> bool {
    let (before, inside, behind) = (&hay[..begin], &hay[begin..end], &hay[end..]);
    let word = |c: char| (c.is_alphanumeric() || c == '_') && !is_unspaced(c);
    let open_left = inside.starts_with(word) && before.ends_with(word);
    let open_right = inside.ends_with(word) && behind.starts_with(word);
    !open_left && !open_right && !goes_on_left(before, inside) && !goes_on_right(inside, behind)
}

/// Whether a number at the start of `inside` began before it: decimals or a sign.
fn goes_on_left(before: &str, inside: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    if !inside.starts_with(digit) {
        return false;
    }
    let mut left = before.chars().rev();
    match left.next() {
        Some('.' | ',') => left.next().is_some_and(digit),
        Some('-' | '+') => !left.next().is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

fn goes_on_right(inside: &str, behind: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let mut right = behind.chars();
    inside.ends_with(digit) && matches!(right.next(), Some('.' | ',')) && right.next().is_some_and(digit)
}

#[cfg(test)]
mod tests {
    use super::Needle;

    fn holds(hay: &str, needle: &str) -> bool {
        Needle::new(needle).first(hay).is_some()
    }

    #[test]
    fn only_whole_words_count() {
        assert!(holds("this is class b.", "Class B"));
        assert!(!holds("this is class basic", "class b"));
        assert!(holds("die dichtung", "Dichtung") && !holds("die dichtungen", "Dichtung"));
        assert!(holds("停止ポンプ", "停止") && holds("p-204を", "P-204"));
        assert!(!holds("anything", "") && !holds("", "a"));
    }

    #[test]
    fn a_number_is_not_a_part_of_another() {
        for other in ["110", "10.5", "10,5", "0.10", "-10", "100"] {
            assert!(!holds(other, "10"), "{other}");
        }
        for same in ["10", "(10)", "10.", "2-10", "10, 11", "10%"] {
            assert!(holds(same, "10"), "{same}");
        }
        assert!(holds("110 10 10", "10 10"));
    }

    #[test]
    fn every_place_is_named() {
        assert_eq!(Needle::new("a b").places("a b a b, a").collect::<Vec<_>>(), [(0, 3), (4, 7)]);
    }
}
