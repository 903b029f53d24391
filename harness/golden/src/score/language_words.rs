//! Words and scripts by which a language is told.

/// Frequent short words of each language, folded and sorted. A word that English and German share is in neither list,
/// and a word of either stands in no third one, listed or not (`die`, `door`): what a right answer is full of must
/// not speak against it.
pub(super) const WORDS: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "a", "about", "above", "after", "and", "any", "are", "as", "at", "be", "before", "by", "can",
            "do", "does", "every", "for", "from", "has", "have", "he", "how", "if", "is", "it", "its",
            "least", "may", "more", "must", "no", "not", "of", "on", "only", "or", "out", "should", "than",
            "that", "the", "their", "them", "then", "there", "they", "this", "to", "until", "up", "when",
            "which", "who", "with", "within", "without", "you", "your",
        ],
    ),
    (
        "de",
        &[
            "ab",
            "aber",
            "als",
            "am",
            "auf",
            "aus",
            "bei",
            "beim",
            "bis",
            "bitte",
            "das",
            "dass",
            "dem",
            "den",
            "der",
            "des",
            "dies",
            "diese",
            "dieser",
            "dieses",
            "durch",
            "ein",
            "eine",
            "einem",
            "einen",
            "einer",
            "er",
            "es",
            "für",
            "ich",
            "innerhalb",
            "ist",
            "jede",
            "jeder",
            "kann",
            "kein",
            "keine",
            "mit",
            "muss",
            "müssen",
            "nach",
            "nicht",
            "noch",
            "nur",
            "oder",
            "pro",
            "sich",
            "sie",
            "sind",
            "sofort",
            "soll",
            "um",
            "und",
            "vom",
            "von",
            "vor",
            "wann",
            "wenn",
            "wer",
            "werden",
            "wie",
            "wird",
            "zu",
            "zum",
            "zur",
            "zwischen",
            "über",
        ],
    ),
    (
        "fr",
        &[
            "au", "aux", "avant", "avec", "ce", "cette", "dans", "doit", "elle", "est", "et", "il", "la",
            "le", "les", "mais", "ne", "nous", "ou", "où", "par", "pas", "pour", "que", "qui", "sans", "se",
            "sont", "sur", "un", "une", "vous", "être",
        ],
    ),
    (
        "es",
        &[
            "al", "antes", "como", "con", "cuando", "debe", "del", "el", "en", "esta", "este", "la", "las",
            "lo", "los", "más", "o", "para", "pero", "por", "que", "se", "según", "sin", "su", "sus", "un",
            "una", "y",
        ],
    ),
    (
        "it",
        &[
            "al", "anche", "che", "con", "dei", "del", "della", "deve", "di", "e", "gli", "il", "la", "le",
            "ma", "nel", "o", "più", "prima", "se", "si", "sono", "su", "un", "una", "è",
        ],
    ),
    (
        "nl",
        &[
            "aan", "bij", "binnen", "dan", "dat", "de", "deze", "dit", "een", "en", "het", "hij", "ik",
            "kan", "maar", "met", "moet", "naar", "niet", "nog", "om", "ook", "op", "te", "uit", "van",
            "voor", "wordt", "zijn",
        ],
    ),
];

/// Languages that are told by their script.
pub(super) const SCRIPTS: [&str; 9] = ["ar", "el", "he", "hi", "ja", "ko", "ru", "th", "zh"];

/// The language for which a letter of a script speaks; one language stands for all that share it.
pub(super) fn script(c: char) -> Option<&'static str> {
    Some(match u32::from(c) {
        0x0370..=0x03FF => "el",
        0x0400..=0x04FF => "ru",
        0x0590..=0x05FF => "he",
        0x0600..=0x06FF | 0x0750..=0x077F => "ar",
        0x0900..=0x097F => "hi",
        0x0E00..=0x0E7F => "th",
        0x3040..=0x30FF => "ja",
        0x3400..=0x4DBF | 0x4E00..=0x9FFF => "zh",
        0x1100..=0x11FF | 0xAC00..=0xD7AF => "ko",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn lists_are_sorted_and_two_languages_apart() {
        for (code, list) in WORDS {
            assert!(list.is_sorted(), "{code}");
        }
        let (english, german) = (WORDS[0].1, WORDS[1].1);
        assert!(english.iter().all(|word| !german.contains(word)));
        let unlisted = ["come", "da", "die", "door", "du", "i", "in", "je", "plus", "tot"];
        for word in english.iter().chain(german).chain(&unlisted) {
            assert!(WORDS[2..].iter().all(|(_, list)| !list.contains(word)), "{word}");
        }
    }
}
