//! Texts of devices, models and people: bounded, and without characters that lie about what is shown.

/// Longest name shown.
pub(crate) const NAME: usize = 72;
/// Longest sentence shown.
pub(crate) const SENTENCE: usize = 420;

/// At most so many characters on one line; what was cut is marked.
pub(crate) fn bounded(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most * 4));
    for (place, character) in text.trim().chars().enumerate() {
        if place == most {
            out.push('…');
            break;
        }
        out.push(if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character });
    }
    out
}

/// A name.
pub(crate) fn name(text: &str) -> String {
    bounded(text, NAME)
}

/// A sentence.
pub(crate) fn sentence(text: &str) -> String {
    bounded(text, SENTENCE)
}

/// A stable word such as `too_short` as people read it.
pub(crate) fn word(text: &str) -> String {
    bounded(&text.replace(['_', '-'], " "), 28)
}

/// The start of a digest, enough to tell two apart.
pub(crate) fn digest(text: &str) -> String {
    if text.is_empty() { super::number::NONE.to_owned() } else { text.chars().take(8).collect() }
}

/// A text with every character replaced by U+FFFD that HTML forbids, that a terminal obeys, or that reorders or hides
/// its neighbours; line feeds stay.
///
/// This is the last step over a whole page or what a terminal is given, so no text can pass by it.
#[must_use]
pub fn without_tricks(page: &str) -> String {
    page.chars().map(|character| if is_trick(character) { '\u{fffd}' } else { character }).collect()
}

fn is_trick(character: char) -> bool {
    let code = u32::from(character);
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
        || matches!(code, 0xfdd0..=0xfdef)
        || code & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_broken_texts_are_tamed() {
        assert_eq!(bounded("  a\tb\nc  ", 10), "a b c");
        assert_eq!(bounded("abcdef", 3), "abc…");
        assert_eq!(word("too_short"), "too short");
        assert_eq!(digest("0123456789abcdef"), "01234567");
    }

    #[test]
    fn invisible_and_reordering_characters_show() {
        assert_eq!(
            without_tricks("a\0b\u{202e}c\u{2066}d\u{ffff}e\nf"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\nf"
        );
        assert_eq!(without_tricks("Prüfstand ✔ 漢字 שלום"), "Prüfstand ✔ 漢字 שלום");
    }
}
