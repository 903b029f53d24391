//! Sentences of a plain text.

use super::word::words;

/// Most characters that close a sentence together.
const MOST_CLOSING: usize = 8;
/// Characters of the longest short form.
const LONGEST_SHORT: usize = 6;

/// Short forms behind which a point ends no sentence, folded and without the point.
const SHORT: [&str; 33] = [
    "approx", "bzw", "ca", "dr", "e", "e.g", "eg", "etc", "evtl", "fig", "ggf", "i.e", "ie", "inkl", "max",
    "min", "mind", "mr", "mrs", "no", "nr", "o", "resp", "sog", "std", "tel", "u", "usw", "v", "vgl", "vs",
    "z", "zzgl",
];

/// The sentences of a plain text that hold a word. A line ends one; a point ends none behind a short form or the
/// number of a list, nor before a small letter. A letter alone is no short form: it is a unit or a class more often.
pub(crate) fn sentences(plain: &str) -> impl Iterator<Item = &str> {
    let mut rest = plain;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (sentence, behind) = rest.split_at(end(rest));
            rest = behind;
            if words(sentence).next().is_some() {
                return Some(sentence.trim());
            }
        }
        None
    })
}

fn end(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        let behind = at + c.len_utf8();
        match c {
            '\n' | '。' | '！' | '？' => return behind,
            '.' | '!' | '?' | '…' => {
                let stop = behind + closing(&text[behind..]);
                let closed = &text[stop..];
                let spaced = closed.is_empty() || closed.starts_with(char::is_whitespace);
                if spaced && !(c == '.' && goes_on(&text[..at], closed)) {
                    return stop;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Bytes of what closes a sentence together with its point. No longer than this, or a row of points would be read
/// again for each point.
fn closing(behind: &str) -> usize {
    let closes = |c: &char| matches!(c, '"' | '\'' | ')' | ']' | '.' | '!' | '?');
    behind.chars().take(MOST_CLOSING).take_while(closes).map(char::len_utf8).sum()
}

fn goes_on(before: &str, behind: &str) -> bool {
    let next = behind.chars().take(MOST_CLOSING).find(|c| !matches!(c, ' ' | '"' | '\'' | '('));
    if next.is_some_and(char::is_lowercase) {
        return true;
    }
    let is_word = |c: &char| c.is_alphanumeric() || *c == '.';
    let mut last: Vec<char> = before.chars().rev().take(LONGEST_SHORT + 1).take_while(is_word).collect();
    last.reverse();
    let number_of_list =
        last.len() == before.len() && last.len() <= 2 && last.iter().all(char::is_ascii_digit);
    let word: String = last.into_iter().flat_map(char::to_lowercase).collect();
    number_of_list || SHORT.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::sentences;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).collect()
    }

    #[test]
    fn points_inside_numbers_and_short_forms_end_nothing() {
        assert_eq!(split("Above 7.1 mm/s. Stop it! Really?"), ["Above 7.1 mm/s.", "Stop it!", "Really?"]);
        assert_eq!(split("Das ist z. B. ca. 5 bar. Gut."), ["Das ist z. B. ca. 5 bar.", "Gut."]);
        assert_eq!(split("It is class B. Stop within 4 hours."), ["It is class B.", "Stop within 4 hours."]);
        assert_eq!(split("1. Stop.\n2. Lock"), ["1. Stop.", "2. Lock"]);
    }

    #[test]
    fn scripts_with_their_own_stops() {
        assert_eq!(split("停止。連絡！"), ["停止。", "連絡！"]);
        assert_eq!(split("... \n !"), Vec::<&str>::new());
    }
}
