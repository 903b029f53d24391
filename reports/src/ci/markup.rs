//! Texts of devices, models and people inside Markdown: words, never markup.

use crate::words::text::{sentence, without_tricks};

/// A name as code: nothing in it is obeyed.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", without_tricks(&text.replace('`', "'").replace('|', "/")))
}

/// A sentence. What stands between backticks becomes code, as do words that would call a person; all else is escaped.
pub(crate) fn prose(text: &str) -> String {
    let text = without_tricks(&sentence(text));
    let parts: Vec<&str> = text.split('`').collect();
    // An odd number of backticks: the last of them opens nothing.
    let closed = parts.len() - 1 - (parts.len() - 1) % 2;
    let mut out = String::with_capacity(text.len() * 2);
    // What would begin a list or a line.
    if text.starts_with(['-', '+', '=']) {
        out.push('\\');
    }
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && index <= closed && !part.is_empty() {
            out.push_str(&code(part));
        } else {
            out.push_str(&escaped(part));
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let words: Vec<String> =
        text.split(' ').map(|word| if calls(word) { code(word) } else { literal(word) }).collect();
    words.join(" ")
}

/// Whether a page would make it a link, a mention or a reference to a ticket.
fn calls(word: &str) -> bool {
    word.contains('@') || word.contains("://") || word.contains("www.") || word.contains('#')
}

fn literal(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for character in word.chars() {
        if matches!(character, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!' | '$' | '`') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_words_and_commands_are_code() {
        assert_eq!(
            prose("run `edgesoak devices` on a_b | <b>"),
            "run `edgesoak devices` on a\\_b \\| \\<b\\>"
        );
        assert_eq!(prose("ask @all or see #12"), "ask `@all` or see `#12`");
        assert_eq!(prose("one ` alone"), "one  alone");
        assert_eq!(code("a`b|c"), "`a'b/c`");
    }

    proptest! {
        #[test]
        fn nothing_is_left_that_markdown_obeys(text in "[ a`|<>*_@#!\\[\\]()\\\\\n]{0,60}") {
            let shown = prose(&text);
            prop_assert_eq!(shown.matches('`').count() % 2, 0);
            let outside: String = shown.split('`').step_by(2).collect();
            let mut escaped = false;
            for character in outside.chars() {
                prop_assert!(escaped || !"*_[]<>|@#".contains(character), "{:?} in {:?}", character, shown);
                escaped = character == '\\' && !escaped;
            }
            prop_assert!(!shown.contains('\n'));
        }
    }
}
