//! How a number is written: which mark is the decimal one.

/// Which of two marks a number with a single one before three digits is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// `1,234.5`
    English,
    /// `1.234,5`
    German,
}

impl Notation {
    /// The notation of texts in a language: German for `de`, else English.
    pub(crate) fn of(language: Option<&str>) -> Self {
        if language == Some("de") { Self::German } else { Self::English }
    }

    const fn group(self) -> char {
        match self {
            Self::English => ',',
            Self::German => '.',
        }
    }

    /// The value of digits with marks between them, such as `1.234,5`.
    ///
    /// Two kinds of marks: the last one is decimal. One kind more than once: groups. One mark alone: decimal, unless
    /// exactly three digits follow it and up to three that are not `0` stand before it; then the notation decides.
    /// `'` always groups. Groups have three digits, or it is no number.
    pub(crate) fn read(self, written: &str) -> Option<f64> {
        let (mantissa, exponent) = match written.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i8>().ok()?),
            None => (written, 0),
        };
        let decimal = self.decimal_mark(mantissa);
        let (whole, part) = match decimal {
            Some(mark) => mantissa.rsplit_once(mark)?,
            None => (mantissa, ""),
        };
        if part.contains(|c: char| !c.is_ascii_digit()) || !is_grouped(whole) {
            return None;
        }
        let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        let value: f64 = format!("{digits}.{part}e{exponent}").parse().ok()?;
        value.is_finite().then_some(value)
    }

    fn decimal_mark(self, written: &str) -> Option<char> {
        let last = written.rfind(['.', ','])?;
        let mark = if written[last..].starts_with('.') { '.' } else { ',' };
        let other = if mark == '.' { ',' } else { '.' };
        if written.contains(other) || written.contains('\'') {
            return Some(mark);
        }
        if written.matches(mark).count() > 1 {
            return None;
        }
        let (whole, part) = (&written[..last], &written[last + 1..]);
        let could_group = part.len() == 3 && whole.len() <= 3 && whole.trim_start_matches('0') == whole;
        if could_group && self.group() == mark { None } else { Some(mark) }
    }
}

/// Whether the digits before the decimal mark are plain or in groups of three by one mark.
fn is_grouped(whole: &str) -> bool {
    let Some(mark) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return !whole.is_empty();
    };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.len())
        && is_digits(first)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Notation::{English, German};

    #[test]
    fn both_notations_read_what_is_plain() {
        for notation in [English, German] {
            for (written, value) in [
                ("10", 10.0),
                ("7.1", 7.1),
                ("7,1", 7.1),
                ("1.234,5", 1234.5),
                ("1,234.5", 1234.5),
                ("1.234.567", 1_234_567.0),
                ("1'234.5", 1234.5),
                ("0.400", 0.4),
                ("0,400", 0.4),
                ("1234.500", 1234.5),
                ("1.5e3", 1500.0),
            ] {
                assert_eq!(notation.read(written), Some(value), "{written}");
            }
        }
    }

    #[test]
    fn a_single_mark_before_three_digits_is_read_by_the_language() {
        assert_eq!((English.read("2,950"), German.read("2,950")), (Some(2950.0), Some(2.95)));
        assert_eq!((English.read("2.950"), German.read("2.950")), (Some(2.95), Some(2950.0)));
    }

    #[test]
    fn dates_and_broken_groups_are_no_numbers() {
        for written in ["23.11.2024", "1,23,456", "1.2.3", "12,3456.7", "1,234,5.6", ".5.", "1e999"] {
            assert_eq!(English.read(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn what_german_writes_german_reads(thousands in 1_u32..999, rest in 0_u32..1000, cents in 0_u32..100) {
            let value = f64::from(thousands) * 1000.0 + f64::from(rest) + f64::from(cents) / 100.0;
            let read = German.read(&format!("{thousands}.{rest:03},{cents:02}")).expect("a number");
            prop_assert!((read - value).abs() < 1e-6);
            let read = English.read(&format!("{thousands},{rest:03}.{cents:02}")).expect("a number");
            prop_assert!((read - value).abs() < 1e-6);
        }
    }
}
