//! Whether the words around a place of an answer take back what stands there: `not 2 drops`, `statt 2`, `2 would be
//! wrong`.
//!
//! Only words right beside the place count. In `must not lose more than 10 drops` the limit stands as it is; `not`
//! denies the losing.

use crate::text::{folded, words};

/// Bytes that are looked at on either side.
const NEAR: usize = 64;
/// Words that stand between a denial and what it denies.
const BEFORE: [&str; 27] = [
    "a", "about", "an", "any", "bloß", "das", "dem", "den", "der", "des", "die", "ein", "eine", "einem",
    "einen", "einer", "etwa", "for", "from", "in", "just", "nur", "on", "only", "the", "to", "usual",
];
/// What denies the words behind it.
const DENIES: [&[&str]; 33] = [
    &["not"],
    &["isn't"],
    &["aren't"],
    &["wasn't"],
    &["never"],
    &["neither"],
    &["nor"],
    &["no", "longer"],
    &["instead", "of"],
    &["rather", "than"],
    &["other", "than"],
    &["unlike"],
    &["wrong", "is"],
    &["wrong", "would", "be"],
    &["incorrect", "is"],
    &["nicht"],
    &["nicht", "mehr"],
    &["nie"],
    &["niemals"],
    &["kein"],
    &["keine"],
    &["keinen"],
    &["keiner"],
    &["keinem"],
    &["weder"],
    &["statt"],
    &["anstatt"],
    &["anstelle"],
    &["anstelle", "von"],
    &["falsch", "ist"],
    &["falsch", "sind"],
    &["falsch", "wäre"],
    &["falsch", "wären"],
];
/// Words that stand between a thing and the word that takes it back.
const BEHIND: [&str; 24] = [
    "also",
    "are",
    "be",
    "clearly",
    "das",
    "einfach",
    "here",
    "hier",
    "however",
    "is",
    "ist",
    "it",
    "jedoch",
    "sind",
    "that",
    "therefore",
    "war",
    "waren",
    "was",
    "were",
    "wäre",
    "wären",
    "will",
    "would",
];
/// What takes back the words before it.
const TAKES_BACK: [&[&str]; 24] = [
    &["wrong"],
    &["incorrect"],
    &["false"],
    &["mistaken"],
    &["outdated"],
    &["not", "right"],
    &["not", "correct"],
    &["not", "true"],
    &["not", "valid"],
    &["not", "the", "limit"],
    &["not", "the", "value"],
    &["not", "the", "answer"],
    &["not", "the", "right"],
    &["not", "the", "correct"],
    &["does", "not", "apply"],
    &["do", "not", "apply"],
    &["falsch"],
    &["veraltet"],
    &["nicht", "richtig"],
    &["nicht", "korrekt"],
    &["gilt", "nicht"],
    &["gelten", "nicht"],
    &["stimmt", "nicht"],
    &["stimmen", "nicht"],
];

/// Whether what stands from `begin` to `end` of a plain or folded text is taken back.
pub(super) fn is_denied(text: &str, begin: usize, end: usize) -> bool {
    let is_number = text[begin..end].starts_with(|c: char| c.is_ascii_digit());
    denied_before(&text[text.floor_char_boundary(begin.saturating_sub(NEAR))..begin], is_number)
        || taken_back_behind(&text[end..text.floor_char_boundary(end.saturating_add(NEAR))])
}

/// Whether the sentence around a place asks: a question states nothing.
pub(super) fn is_asked(sentence: &str) -> bool {
    sentence.trim_end_matches(['"', '\'', ')']).ends_with('?')
}

fn breaks(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '\n' | '。')
}

fn denied_before(before: &str, is_number: bool) -> bool {
    let clause = before.rsplit(breaks).next().unwrap_or_default();
    let small = folded(clause);
    let all: Vec<&str> = words(&small).map(|word| word.text).collect();
    let denies = |all: &[&str]| {
        DENIES.iter().any(|phrase| all.ends_with(phrase))
            // `pump no 2` denies nothing.
            || (all.ends_with(&["no"]) && !is_number)
            || (all.ends_with(&["noch"]) && all.contains(&"weder"))
    };
    let mut end = all.len();
    loop {
        if denies(&all[..end]) {
            return true;
        }
        if end == 0 || !BEFORE.contains(&all[end - 1]) {
            return false;
        }
        end -= 1;
    }
}

fn taken_back_behind(behind: &str) -> bool {
    let clause = behind.split(breaks).next().unwrap_or_default();
    let small = folded(clause);
    let all: Vec<&str> = words(&small).map(|word| word.text).collect();
    let from = all.iter().take_while(|word| BEHIND.contains(word)).count();
    TAKES_BACK.iter().any(|phrase| all[from..].starts_with(phrase))
}

#[cfg(test)]
mod tests {
    use super::is_denied;

    fn denied(text: &str) -> bool {
        let begin = text.find('<').expect("a place");
        let end = text.find('>').expect("its end") - 1;
        is_denied(&text.replace(['<', '>'], ""), begin, end)
    }

    #[test]
    fn words_beside_a_place_take_it_back() {
        for text in [
            "Not <2 drops>, 20 drops.",
            "It is not the <2 drops> of before.",
            "20 instead of the usual <2>",
            "neither 3 nor <2>",
            "Statt der <2 Tropfen> gelten 20.",
            "weder 3 noch <2 Tropfen>",
            "Falsch wären <2 Tropfen>.",
            "nicht mehr <2 Tropfen>",
            "<2 drops> would be wrong.",
            "<2 Tropfen> stimmen nicht.",
            "<2> is not the limit",
            "There is no <fault>.",
        ] {
            assert!(denied(text), "{text}");
        }
    }

    #[test]
    fn what_stands_further_off_denies_something_else() {
        for text in [
            "It must not lose more than <10 drops>.",
            "nicht mehr als <10 Tropfen>",
            "Keine Pumpe darf länger als <30 s> trocken laufen.",
            "Do not wait, <10 minutes> are enough.",
            "noch <10 Minuten> warten",
            "<10 drops>, not 2 drops",
            "<10 minutes> are not to be exceeded",
            "<85 °C> ist nicht normal, sondern Klasse B",
            "rather <10>",
            "pump no <10>",
            "<10>",
        ] {
            assert!(!denied(text), "{text}");
        }
    }
}
