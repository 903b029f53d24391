//! Keeps prompt text out of what a runner says to people.

/// A shared run of this many bytes is no accident.
const SHARED: usize = 20;
/// Longest sentence that is kept, bytes.
const LONGEST: usize = 400;

/// `text` on one line of at most 400 bytes, or a note in its place if it repeats a part of `prompt`.
pub(crate) fn withhold(text: &str, prompt: &str) -> String {
    let text = text.trim();
    let repeated = text.as_bytes().windows(SHARED).any(|part| contains(prompt.as_bytes(), part));
    if repeated {
        return "(withheld: it repeats the prompt)".to_owned();
    }
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
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
}
