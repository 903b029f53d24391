//! The folded form: the plain form without case and lines.

/// A plain text without case, on one line. `ß` and `SS`, `ς` and `Σ` become one; the Turkish dotless `ı` stays
/// itself.
pub(crate) fn folded(plain: &str) -> String {
    if plain.is_ascii() {
        return plain.to_ascii_lowercase().replace('\n', " ");
    }
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '\n' => out.push(' '),
            'ı' => out.push(c),
            // Through capitals, so that letters with several small forms end in one of them.
            _ => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
        }
    }
    out
}

/// A folded text without the punctuation and quotes around it.
pub(crate) fn trimmed(folded: &str) -> &str {
    let outer = |c: char| {
        c.is_whitespace()
            || matches!(c, '.' | '!' | '?' | ':' | ';' | ',' | '"' | '\'' | '。' | '！' | '？' | '、')
    };
    let front = folded.trim_end_matches(outer);
    // A point or comma before a digit is its decimal mark.
    let start = front.trim_start_matches(outer);
    let marked = front.len() - start.len();
    match front[..marked].chars().last() {
        Some(mark @ ('.' | ',')) if start.starts_with(|c: char| c.is_ascii_digit()) => {
            &front[marked - mark.len_utf8()..]
        }
        _ => start,
    }
}

#[cfg(test)]
mod tests {
    use super::{folded, trimmed};

    #[test]
    fn case_is_gone_in_all_scripts() {
        assert_eq!(folded("STRASSE\nStraße"), "strasse strasse");
        assert_eq!(
            folded("ΛΌΓΟΣ λόγος"),
            folded("λόγος ΛΌΓΟΣ").split(' ').rev().collect::<Vec<_>>().join(" ")
        );
        assert_eq!(folded("漢字 עברית"), "漢字 עברית");
    }

    #[test]
    fn punctuation_goes_and_signs_stay() {
        assert_eq!(trimmed("\"class b.\""), "class b");
        assert_eq!(trimmed("-5 %"), "-5 %");
        assert_eq!(trimmed(" .5 bar!"), ".5 bar");
        assert_eq!(trimmed("?!"), "");
    }
}
