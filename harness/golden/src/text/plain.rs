//! The plain form of a text: how it would stand in a plain file, with its case and its lines.

use unicode_normalization::UnicodeNormalization;

use super::mark::{Mark, mark};
use super::{digit, escape};

/// Most characters of a plain form; some characters stand for eighteen.
const LONGEST: usize = 1 << 17;

/// The plain form: compatibility forms, digits, quotes, dashes and spaces of all scripts in one spelling; what steers
/// a terminal or the direction of writing and the stars of Markdown are gone. Lines stay lines; nothing else is more
/// than one space.
///
/// Raised digits become `^2` and never touch the digits before them.
pub(crate) fn plain(raw: &str) -> String {
    let spelled = spelled(raw);
    let composed = if spelled.is_ascii() { spelled } else { respelled(&spelled) };
    spaced(&without_stars(&composed))
}

/// Compatibility forms, spelled once more: some hold characters that have a spelling of ours.
fn respelled(spelled: &str) -> String {
    let composed: String = spelled.nfkc().take(LONGEST).collect();
    self::spelled(&composed).nfkc().take(LONGEST).collect()
}

fn spelled(raw: &str) -> String {
    let mut out = Spelling { text: String::with_capacity(raw.len()), raised: false };
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        if c == '\u{1b}' {
            rest = &rest[escape::length(rest)..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if !(is_group_space(c) && out.ends_in_digit() && three_digits(rest)) {
            out.push(c, rest);
        }
    }
    out.text
}

struct Spelling {
    text: String,
    raised: bool,
}

impl Spelling {
    fn ends_in_digit(&self) -> bool {
        self.text.as_bytes().last().is_some_and(u8::is_ascii_digit)
    }

    fn push(&mut self, c: char, rest: &str) {
        let was_raised = std::mem::take(&mut self.raised);
        match mark(c) {
            Mark::Nothing => self.raised = was_raised,
            Mark::Text(text) => self.text.push_str(text),
            Mark::Raised(sign) => {
                if !was_raised {
                    self.text.push('^');
                }
                self.raised = true;
                self.text.push(sign);
            }
            Mark::Lowered(digit) => {
                if self.ends_in_digit() {
                    self.text.push('_');
                }
                self.text.push(digit);
            }
            Mark::Part(behind) => {
                self.text.push_str(if self.ends_in_digit() { "." } else { "0." });
                self.text.push_str(behind);
            }
            Mark::Apart => self.text.extend([' ', c, ' ']),
            Mark::Same => self.text.push(same(c, rest)),
        }
    }
}

/// A character that stands for itself, in its one spelling.
fn same(c: char, rest: &str) -> char {
    match c {
        'º' if rest.trim_start().starts_with(['C', 'F', 'c', 'f']) => '°',
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        _ if c.is_whitespace() || c.is_control() => ' ',
        _ => digit::ascii(c).unwrap_or(c),
    }
}

/// Spaces that typesetters put between groups of three digits.
fn is_group_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{2007}' | '\u{2009}' | '\u{202F}')
}

fn three_digits(rest: &str) -> bool {
    let mut digits = rest.chars().map(|c| c.is_ascii_digit());
    let three = digits.next() == Some(true) && digits.next() == Some(true) && digits.next() == Some(true);
    three && digits.next() != Some(true)
}

/// Takes away the marks of emphasis: they stand at the border of a word, not between two spaces and not inside a
/// word.
fn without_stars(text: &str) -> String {
    let is_star = |c: char| matches!(c, '*' | '_' | '`');
    if !text.contains(is_star) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_star) {
        out.push_str(&rest[..at]);
        let run_and_rest = &rest[at..];
        let behind = run_and_rest.trim_start_matches(is_star);
        let run = &run_and_rest[..run_and_rest.len() - behind.len()];
        let (left, right) = (out.chars().last(), behind.chars().next());
        let between =
            |test: fn(char) -> bool, edge: bool| left.map_or(edge, test) && right.map_or(edge, test);
        if between(char::is_whitespace, true) || between(char::is_alphanumeric, false) {
            out.push_str(run);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending = None;
    for c in text.chars() {
        if c == '\n' || c.is_whitespace() {
            pending = if c == '\n' || pending == Some('\n') { Some('\n') } else { Some(' ') };
            continue;
        }
        if let Some(space) = pending.take()
            && !out.is_empty()
        {
            out.push(space);
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, plain};

    #[test]
    fn spellings_of_one_text_are_one() {
        assert_eq!(plain("１２．５\u{A0}㎜／ｓ"), "12.5 mm/s");
        assert_eq!(plain("„Klasse\u{200b} B“ – ‘x’"), "\"Klasse B\" - 'x'");
        assert_eq!(plain("\u{202e}P\u{2011}204\u{202c}"), "P-204");
        assert_eq!(plain("١٬٢٣٤٫٥ bar ٪"), "1,234.5 bar %");
        assert_eq!(plain("85\u{202f}℃, 85 ºC, 85 °C"), "85 °C, 85 °C, 85 °C");
        assert_eq!(plain("a\u{301} \u{e1}"), "\u{e1} \u{e1}");
    }

    #[test]
    fn no_digit_joins_another() {
        assert_eq!(plain("48 m³/h, 10², 10⁻³, 5₂, H₂O"), "48 m^3/h, 10^2, 10^-3, 5_2, H2O");
        assert_eq!(plain("2½ h, ½ h, 2⅓ h, 7①"), "2.5 h, 0.5 h, 2 1/3 h, 7 1");
        assert_eq!(plain("12\u{202f}345 5\u{a0}00 1\u{a0}2345"), "12345 5 00 1 2345");
        assert_eq!(plain("-5 \u{2212}5 2–5"), "-5 -5 2-5");
    }

    #[test]
    fn marks_of_emphasis_and_terminals_go_and_products_stay() {
        assert_eq!(plain("**10** drops/min, `P-204`, _class_ B"), "10 drops/min, P-204, class B");
        assert_eq!(plain("5 * 3, 2**3, tool_name, 10*"), "5 * 3, 2**3, tool_name, 10");
        assert_eq!(plain("\u{1b}[31mred\u{1b}[0m\u{7}!"), "red !");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(plain("  a \t b \r\n\n  c  "), "a b\nc");
    }

    proptest! {
        #[test]
        fn a_plain_text_stays_as_it_is(raw in "\\PC{0,60}") {
            let once = plain(&raw);
            prop_assert_eq!(plain(&once), once);
        }

        #[test]
        fn ascii_digits_are_never_lost(raw in "[0-9a-z .,%+\\-]{0,60}") {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&plain(&raw)), digits(&raw));
        }

        #[test]
        fn any_text_has_a_bounded_form(raw in any::<String>()) {
            prop_assert!(plain(&raw).chars().count() <= LONGEST * 2);
        }
    }
}
