//! Small numbers in words, English and German.

const ONES: [(&str, u32); 24] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
    ("zero", 0),
    ("null", 0),
];
const TENS: [(&str, u32); 22] = [
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", 100),
    ("fünfzehn", 15),
    ("zwanzig", 20),
    ("dreißig", 30),
    ("dreissig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
    ("hundert", 100),
    ("einhundert", 100),
];
/// Also articles: a number only in front of a unit.
const ARTICLES: [&str; 6] = ["one", "ein", "eine", "einen", "einer", "einem"];

/// A word that may be a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountWord {
    /// It is one.
    Number(u32),
    /// One, if a unit follows.
    Article,
}

/// Reads a word: `ten`, `zwölf`, `twenty-four`, `vierundzwanzig`.
pub(super) fn read(word: &str) -> Option<CountWord> {
    let word = word.to_lowercase();
    if ARTICLES.contains(&word.as_str()) {
        return Some(CountWord::Article);
    }
    let simple =
        |word: &str| ONES.iter().chain(&TENS).find(|(name, _)| *name == word).map(|(_, value)| *value);
    simple(&word).or_else(|| joined(&word)).map(CountWord::Number)
}

fn joined(word: &str) -> Option<u32> {
    let ten = |word: &str| {
        TENS.iter().find(|(name, value)| *name == word && (20..100).contains(value)).map(|(_, value)| *value)
    };
    let one = |word: &str| match word {
        "one" | "ein" => Some(1),
        _ => ONES
            .iter()
            .find(|(name, value)| *name == word && (2..10).contains(value))
            .map(|(_, value)| *value),
    };
    if let Some((tens, ones)) = word.split_once('-') {
        return Some(ten(tens)? + one(ones)?);
    }
    let (ones, tens) = word.split_once("und")?;
    Some(ten(tens)? + one(ones)?)
}

#[cfg(test)]
mod tests {
    use super::CountWord::{Article, Number};
    use super::read;

    #[test]
    fn words_are_numbers() {
        assert_eq!(read("Ten"), Some(Number(10)));
        assert_eq!(read("zwölf"), Some(Number(12)));
        assert_eq!((read("twenty-four"), read("vierundzwanzig")), (Some(Number(24)), Some(Number(24))));
        assert_eq!((read("eine"), read("one")), (Some(Article), Some(Article)));
        for other in ["pump", "hundund", "und", "-", "ten-four", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
