//! Text to index terms: the same cut for documents and questions.

/// Longest term, in characters; the rest of a longer word is cut off.
const MAX_TERM_CHARS: usize = 64;

/// Lower-case runs of letters and digits, in any script.
///
/// No stemming and no stop words: the corpus is small, mixes languages, and part numbers must match whole.
pub(crate) fn terms(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MAX_TERM_CHARS).flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_everything_that_is_no_letter_or_digit() {
        let found: Vec<_> = terms("Pump P-204: Gleitringdichtung GEPRÜFT, 3.5 bar!").collect();
        assert_eq!(found, ["pump", "p", "204", "gleitringdichtung", "geprüft", "3", "5", "bar"]);
        assert_eq!(terms(" -- ").count(), 0);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        assert_eq!(terms(&"x".repeat(5000)).next().map(|term| term.len()), Some(64));
    }
}
