//! Values with a sensible number of digits and the unit people expect.

/// Longest unit shown: it comes from a file.
const LONGEST_UNIT: usize = 14;

/// What is printed where there is no value.
pub(crate) const NONE: &str = "–";

/// Three significant digits, thousands in groups, a true minus; [`NONE`] for what is not a finite number.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let decimals = match value.abs() {
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.9995 => 2,
        0.0 => 0,
        _ => 3,
    };
    fixed(value, decimals)
}

/// As [`number`], without zeros at the end: for limits, which people chose.
pub(crate) fn round(value: f64) -> String {
    let text = number(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A value with so many decimals.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    // Beyond this a plain decimal is unreadable and only a hostile file holds it.
    if value.abs() >= 1e15 {
        return format!("{value:.2e}").replace('-', "−");
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0') { "−" } else { "" };
    format!("{sign}{}{part}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        // A group of its own only from 10 000 up: four digits read well without.
        if digits.len() > 4 && place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A count.
pub(crate) fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// "1 session", "3 sessions".
pub(crate) fn plural(value: usize, noun: &str) -> String {
    let ending = if value == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(&value.to_string()))
}

/// A value in a gate's unit: the printed number and the printed unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amount {
    pub number: String,
    pub unit: String,
}

impl Amount {
    /// A measured value: parts of one become per cent, long times minutes.
    pub fn of(value: f64, unit: &str) -> Self {
        Self::with(value, unit, number)
    }

    /// A limit: as people wrote it.
    pub fn limit(value: f64, unit: &str) -> Self {
        Self::with(value, unit, round)
    }

    fn with(value: f64, unit: &str, digits: fn(f64) -> String) -> Self {
        match unit {
            "ratio" => Self { number: digits(value * 100.0), unit: "%".to_owned() },
            "s" if value >= 60.0 => Self { number: super::time::clock(value), unit: "min".to_owned() },
            "" if value.fract() == 0.0 => Self { number: fixed(value, 0), unit: String::new() },
            _ => Self { number: digits(value), unit: super::text::bounded(unit, LONGEST_UNIT) },
        }
    }

    /// Number and unit.
    pub fn full(&self) -> String {
        if self.unit.is_empty() { self.number.clone() } else { format!("{}\u{a0}{}", self.number, self.unit) }
    }
}

/// A size with a binary prefix.
pub(crate) fn bytes(value: u64) -> String {
    let size = value as f64;
    match value {
        0..1_024 => format!("{value}\u{a0}B"),
        1_024..1_048_576 => format!("{}\u{a0}KiB", number(size / 1_024.0)),
        1_048_576..1_073_741_824 => format!("{}\u{a0}MiB", number(size / 1_048_576.0)),
        _ => format!("{}\u{a0}GiB", number(size / 1_073_741_824.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_carry_a_figure() {
        let shown: Vec<_> = [16.84, 231.6, 0.9314, 5.0, 12_345.6, 0.0, -0.0004, -3.25].map(number).into();
        assert_eq!(shown, ["16.8", "232", "0.931", "5.00", "12\u{202f}346", "0", "0.000", "−3.25"]);
        assert_eq!(number(f64::NAN), NONE);
        assert_eq!(number(f64::INFINITY), NONE);
        assert_eq!(number(1e300), "1.00e300");
    }

    #[test]
    fn limits_read_as_they_were_written() {
        assert_eq!(Amount::limit(18.0, "tokens/s").full(), "18\u{a0}tokens/s");
        assert_eq!(Amount::limit(0.02, "ratio").full(), "2\u{a0}%");
        assert_eq!(Amount::limit(250.0, "ms").full(), "250\u{a0}ms");
    }

    #[test]
    fn sizes_and_counts() {
        assert_eq!(bytes(512), "512\u{a0}B");
        assert_eq!(bytes(1_572_864), "1.50\u{a0}MiB");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(plural(1, "session"), "1 session");
    }
}
