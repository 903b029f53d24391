//! Words of a text in any script. Scripts without spaces give one word per character, so that nothing depends on a
//! dictionary.

use unicode_normalization::char::is_combining_mark;

/// A word and where it begins, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

/// Whether a script writes without spaces between words: Han, Kana, Thai, Lao, Burmese, Khmer.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029
        | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// The words of a text. A number keeps its sign, its separators and its exponent mark; `%`, `°` and signs of
/// currencies are words; `P-204` and `don't` are one word; other punctuation separates.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + text[at..].find(|c| is_part(c) || is_lone(c))?;
        let begin = sign_before(text, begin, at);
        let length = length(&text[begin..]);
        at = begin + length;
        Some(Word { text: &text[begin..at], at: begin })
    })
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn is_lone(c: char) -> bool {
    matches!(c, '%' | '‰' | '°' | '€' | '$' | '£' | '¥')
}

/// Moves the start of a number over its sign, which belongs to it unless a word stands before it.
fn sign_before(text: &str, begin: usize, floor: usize) -> usize {
    let before = &text[floor..begin];
    let signed = before.ends_with(['-', '+']) && text[begin..].starts_with(|c: char| c.is_ascii_digit());
    let free = before.len() > 1 || floor == 0;
    if signed && free { begin - 1 } else { begin }
}

fn length(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut previous = match chars.next() {
        None => return 0,
        Some((_, first)) if is_lone(first) => return first.len_utf8(),
        Some((_, first)) => first,
    };
    let alone = is_unspaced(previous);
    while let Some(&(at, c)) = chars.peek() {
        let goes_on = if alone {
            is_combining_mark(c)
        } else if is_part(c) {
            !is_unspaced(c)
        } else {
            joins(previous, c, text[at + c.len_utf8()..].chars().next())
        };
        if !goes_on {
            return at;
        }
        previous = c;
        chars.next();
    }
    text.len()
}

/// Whether a mark stands inside a word: between two digits, or an apostrophe, hyphen or underscore between letters
/// and digits.
fn joins(previous: char, mark: char, next: Option<char>) -> bool {
    let Some(next) = next.filter(|next| is_part(*next) && !is_unspaced(*next)) else {
        return false;
    };
    let digits = previous.is_ascii_digit() && next.is_ascii_digit();
    match mark {
        '.' | ',' | ':' => digits,
        '\'' | '_' | '^' => is_part(previous),
        // Between two digits a hyphen is a range.
        '-' => is_part(previous) && !digits,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::words;

    fn split(text: &str) -> Vec<&str> {
        words(text).map(|word| word.text).collect()
    }

    #[test]
    fn numbers_keep_signs_and_separators() {
        assert_eq!(
            split("-5 °C, 1.234,5 bar; 2-5 mm/s (85 %)"),
            ["-5", "°", "C", "1.234,5", "bar", "2", "5", "mm", "s", "85", "%"]
        );
        assert_eq!(split("at 22:00, P-204 don't 10."), ["at", "22:00", "P-204", "don't", "10"]);
    }

    #[test]
    fn scripts_without_spaces_give_characters() {
        assert_eq!(split("ポンプP-204を停止"), ["ポ", "ン", "プ", "P-204", "を", "停", "止"]);
        assert_eq!(split("עצור משאבה"), ["עצור", "משאבה"]);
    }

    proptest! {
        #[test]
        fn words_stand_in_order_and_lose_no_digit(text in "\\PC{0,40}") {
            let found: Vec<_> = words(&text).collect();
            for pair in found.windows(2) {
                prop_assert!(pair[0].at + pair[0].text.len() <= pair[1].at);
            }
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
            prop_assert_eq!(found.iter().map(|word| digits(word.text)).sum::<usize>(), digits(&text));
        }
    }
}
