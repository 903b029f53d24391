//! Keeps prompt text out of what a runner says to people.

use std::collections::HashSet;

/// A shared run of this many bytes is no accident.
const SHARED: usize = 20;
/// Longest sentence that is kept, bytes.
const LONGEST: usize = 400;

/// Stands in place of words that were withheld.
pub(crate) const WITHHELD: &str = "(withheld: it repeats the prompt)";

/// `text` on one line of at most 400 bytes, or [`WITHHELD`] in its place if what is kept repeats a part of `prompt`.
pub(crate) fn withhold(text: &str, prompt: &str) -> String {
    let text = kept(text);
    if repeats(text, prompt) {
        return WITHHELD.to_owned();
    }
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Whether the part of `text` that would be kept repeats a part of `prompt`.
///
/// Cut before it is compared, and compared in one pass over the prompt: both sides may be huge, and whoever waits
/// for this enforces the session's limits.
pub(crate) fn repeats(text: &str, prompt: &str) -> bool {
    let parts: HashSet<&[u8]> = kept(text).as_bytes().windows(SHARED).collect();
    !parts.is_empty() && prompt.as_bytes().windows(SHARED).any(|part| parts.contains(part))
}

fn kept(text: &str) -> &str {
    let text = text.trim();
    &text[..text.floor_char_boundary(LONGEST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_quotes_the_prompt_is_withheld() {
        let prompt = "<|im_start|>user\nWhat does the pump's red lamp mean?<|im_end|>";
        assert_eq!(withhold("bad: does the pump's red lamp", prompt), "(withheld: it repeats the prompt)");
        assert_eq!(withhold("the model's pump\u{1b}[0m ", prompt), "the model's pump [0m");
    }

    #[test]
    fn long_words_are_cut_between_letters() {
        let cut = withhold(&"ä".repeat(300), "");
        assert_eq!(cut.len(), 400);
        assert!(cut.chars().all(|letter| letter == 'ä'));
    }

    #[test]
    fn a_flood_of_words_about_a_huge_prompt_costs_one_pass() {
        // Every place of one nearly matches every place of the other: pair by pair this takes hours.
        let prompt = "a".repeat(300_000);
        let text = format!("{}b", "a".repeat(SHARED - 1)).repeat(40_000);
        assert_eq!(withhold(&text, &prompt).len(), LONGEST);
        assert_eq!(withhold(&"a".repeat(800_000), &prompt), "(withheld: it repeats the prompt)");
    }
}
