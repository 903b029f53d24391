//! Finds the quantities of a plain text.

use super::count_word::{self, CountWord};
use super::notation::Notation;
use super::unit::Unit;

/// Most quantities that are read; more than this is a table, not an answer.
const MOST: usize = 256;
/// Most characters of a word that may be a number.
const LONGEST_WORD: usize = 32;
/// Between two numbers of which only the last has a unit.
const RANGES: [&str; 11] =
    ["-", " - ", " to ", " bis ", " or ", " oder ", " and ", " und ", "/", " / ", ", "];

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quantity {
    pub(crate) value: f64,
    /// `None` where none of the known units follows.
    pub(crate) unit: Option<Unit>,
    /// Where its number begins, in bytes.
    pub(crate) begin: usize,
    /// Where it ends with its unit.
    pub(crate) end: usize,
}

/// A value and its unit.
type Read = (f64, Option<Unit>);

/// The quantities of a plain text in order. Digits inside names (`P-204`, `R3-12`), clock times, dates, fractions and
/// the numbers of a list are none, nor are powers. In `2-5 mm/s` both have the unit.
pub(crate) fn find(text: &str, notation: Notation) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while found.len() < MOST {
        let Some(begin) = text[at..].find(|c: char| c.is_alphanumeric()).map(|skip| at + skip) else {
            break;
        };
        let (end, quantity) = token(text, begin, notation);
        if let Some((value, unit)) = quantity {
            found.push(Quantity { value, unit, begin, end });
        }
        at = end;
    }
    for index in (1..found.len()).rev() {
        let between = &text[found[index - 1].end..found[index].begin];
        if found[index - 1].unit.is_none() && RANGES.contains(&between) {
            found[index - 1].unit = found[index].unit;
        }
    }
    found
}

/// Reads the word or number at a place: where it ends, and what it says.
fn token(text: &str, begin: usize, notation: Notation) -> (usize, Option<Read>) {
    let length =
        if text[begin..].starts_with(|c: char| c.is_ascii_digit()) { digits(&text[begin..]) } else { 0 };
    if length == 0 {
        return word(text, begin);
    }
    let end = begin + length;
    let behind = &text[end..];
    // A clock, a fraction or a date in one go: their later digits are none either.
    if behind.starts_with([':', '/'])
        && behind[1..].starts_with(|c: char| c.is_ascii_digit())
        && !behind.starts_with("/min")
    {
        let run = behind
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '/' | '.')))
            .unwrap_or(behind.len());
        return (end + run, None);
    }
    if is_number_of_list(text, begin, end) || text[..begin].ends_with(['^', '_']) {
        return (end, None);
    }
    let Some(value) = notation.read(&text[begin..end]) else {
        return (end, None);
    };
    let value = if is_negative(text, begin) { -value } else { value };
    match unit_behind(behind) {
        Some((unit, length)) => (end + length, Some((value, Some(unit)))),
        None if behind.starts_with(|c: char| c.is_alphanumeric() || c == '_') => (name_end(text, end), None),
        None => (end, Some((value, unit_before(text, begin)))),
    }
}

/// Bytes of a number at the start of a text: digits with marks between them and an exponent.
fn digits(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while is_digit(end)
        || (matches!(bytes.get(end), Some(b'.' | b',' | b'\''))
            && end > 0
            && is_digit(end + 1)
            && is_digit(end - 1))
    {
        end += 1;
    }
    let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
    if matches!(bytes.get(end), Some(b'e' | b'E')) && is_digit(end + 1 + sign) {
        end += 1 + sign;
        while is_digit(end) {
            end += 1;
        }
    }
    end
}

/// A word is a number in words, or a name that ends with its last digit.
fn word(text: &str, begin: usize) -> (usize, Option<Read>) {
    let end = name_end(text, begin);
    let name = &text[begin..end];
    if name.len() > LONGEST_WORD {
        return (end, None);
    }
    // `ten-minute`: the unit hangs on the number.
    let (count, end) = match (count_word::read(name), name.split_once('-')) {
        (Some(count), _) => (count, end),
        (None, Some((first, _))) => match count_word::read(first) {
            Some(count) => (count, begin + first.len()),
            None => return (end, None),
        },
        (None, None) => return (end, None),
    };
    let unit = unit_behind(&text[end..]);
    let value = match count {
        CountWord::Number(value) => f64::from(value),
        CountWord::Article if unit.is_some() => 1.0,
        CountWord::Article => return (end, None),
    };
    (end + unit.map_or(0, |(_, length)| length), Some((value, unit.map(|(unit, _)| unit))))
}

/// Where a name ends that goes on over hyphens and underscores, so that `R3-12` holds no 12.
fn name_end(text: &str, begin: usize) -> usize {
    let mut end = begin;
    let mut chars = text[begin..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let goes_on = c.is_alphanumeric()
            || (matches!(c, '-' | '_' | '.') && end > begin && next.is_some_and(char::is_alphanumeric));
        // A point joins only digits to a name, or it would swallow the next sentence.
        if !goes_on || (c == '.' && !next.is_some_and(|next| next.is_ascii_digit())) {
            break;
        }
        end = begin + at + c.len_utf8();
    }
    end.max(begin + text[begin..].chars().next().map_or(0, char::len_utf8))
}

fn is_negative(text: &str, begin: usize) -> bool {
    text[..begin]
        .strip_suffix('-')
        .is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '-'))
}

/// `1.` at the start of a line.
fn is_number_of_list(text: &str, begin: usize, end: usize) -> bool {
    let starts = begin == 0 || text[..begin].ends_with('\n');
    starts && end - begin <= 2 && (text[end..].starts_with(". ") || text[end..].starts_with(") "))
}

fn unit_behind(behind: &str) -> Option<(Unit, usize)> {
    let gap = usize::from(behind.starts_with([' ', '-', '\n']));
    let (unit, length) = Unit::at_start(&behind[gap..])?;
    Some((unit, gap + length))
}

/// Currencies stand before the number as well.
fn unit_before(text: &str, begin: usize) -> Option<Unit> {
    let before = text[..begin].strip_suffix(' ').unwrap_or(&text[..begin]);
    ["€", "EUR", "$", "USD"]
        .iter()
        .find(|currency| before.ends_with(**currency))
        .and_then(|currency| Unit::parse(currency))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Notation, Unit, find};
    use crate::text::plain;

    fn read(text: &str) -> Vec<(f64, Option<Unit>)> {
        find(&plain(text), Notation::English)
            .into_iter()
            .map(|quantity| (quantity.value, quantity.unit))
            .collect()
    }

    fn with(value: f64, unit: &str) -> (f64, Option<Unit>) {
        (value, Some(Unit::parse(unit).expect("a unit")))
    }

    #[test]
    fn numbers_with_their_units() {
        assert_eq!(read("more than 10 drops per minute"), [with(10.0, "drops/min")]);
        assert_eq!(
            read("14 Tropfen pro Minute, 85°C; 7,1 mm/s."),
            [with(14.0, "drops/min"), with(85.0, "°C"), with(7.1, "mm/s")]
        );
        assert_eq!(read("within 4 hours or 20-minute steps"), [with(4.0, "h"), with(20.0, "min")]);
        assert_eq!(read("-5 °C and \u{2212}5 °C"), [with(-5.0, "°C"), with(-5.0, "°C")]);
        assert_eq!(
            read("€500, EUR 5,000 and 500 €"),
            [with(500.0, "€"), with(5000.0, "€"), with(500.0, "€")]
        );
        assert_eq!(
            read("1480 1/min, 2950 rpm, 48 m³/h"),
            [with(1480.0, "rpm"), with(2950.0, "rpm"), with(48.0, "m³/h")]
        );
        assert_eq!(read("30 % by volume; three photos"), [with(30.0, "%"), (3.0, None)]);
    }

    #[test]
    fn ranges_share_their_unit() {
        assert_eq!(
            read("2.8 to 4.5 mm/s, 2–5 bar"),
            [with(2.8, "mm/s"), with(4.5, "mm/s"), with(2.0, "bar"), with(5.0, "bar")]
        );
    }

    #[test]
    fn numbers_in_words() {
        assert_eq!(
            read("wait ten minutes, eine Stunde, zwei Personen"),
            [with(10.0, "min"), with(1.0, "h"), (2.0, None)]
        );
        assert_eq!(read("a ten-minute rest of one pump"), [with(10.0, "min")]);
    }

    #[test]
    fn names_clocks_dates_and_lists_hold_no_numbers() {
        for text in [
            "P-204",
            "shelf R3-12",
            "pm-001",
            "22:00",
            "23.11.2024",
            "24/7",
            "the 3rd",
            "1. Stop\n2. Lock",
            "HZ-2",
            "x²",
            "V-2's",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            for quantity in find(&plain(&text), Notation::German) {
                prop_assert!(quantity.value.is_finite());
            }
        }

        #[test]
        fn every_number_with_a_unit_is_found(value in 0_u32..100_000, unit in prop::sample::select(vec!["°C", "bar", "mm/s", "drops/min", "%", "h"])) {
            prop_assert_eq!(read(&format!("It is {value} {unit}.")), [with(f64::from(value), unit)]);
        }
    }
}
