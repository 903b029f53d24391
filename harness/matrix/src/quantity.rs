//! Reading `"10 min"`: a decimal number and its unit, nothing else.

use edgesoak_record::nearest::nearest;

use crate::dimension::Dimension;
use crate::problem::quote;

/// What is wrong with a quantity, and what may be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub complaint: String,
    pub help: String,
}

/// Longest text that is tried.
const LONGEST: usize = 40;

/// The amount in the dimension's base unit. Never negative unless the dimension is signed, always finite.
pub(crate) fn parse(text: &str, dimension: &Dimension) -> Result<f64, Complaint> {
    let wrong = |complaint: String| Complaint { complaint, help: usage(dimension) };
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(wrong("is empty".to_owned()));
    }
    if trimmed.len() > LONGEST {
        return Err(wrong(format!("{} is too long for a quantity", quote(text))));
    }
    let (number, symbol) = split(trimmed);
    let amount =
        decimal(number).ok_or_else(|| wrong(format!("{} does not begin with a number", quote(text))))?;
    if amount < 0.0 && !dimension.signed {
        return Err(wrong(format!("{} is negative", quote(text))));
    }
    if symbol.is_empty() {
        if dimension.bare {
            return Ok(amount);
        }
        return Err(wrong(format!("{} has no unit", quote(text))));
    }
    if symbol.starts_with(['e', 'E'])
        && symbol[1..].starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
    {
        return Err(wrong(format!("{} has an exponent: write the digits", quote(text))));
    }
    match dimension.units.iter().find(|unit| unit.symbol == symbol) {
        Some(unit) => Ok(amount * unit.times / unit.by),
        None => Err(wrong_unit(symbol, dimension)),
    }
}

/// A bare TOML number for a dimension that accepts one.
pub(crate) fn bare(number: f64, written: &str, dimension: &Dimension) -> Result<f64, Complaint> {
    let wrong = |complaint: String| Complaint { complaint, help: usage(dimension) };
    if !dimension.bare {
        return Err(wrong(format!("{} has no unit", quote(written))));
    }
    if !number.is_finite() {
        return Err(wrong(format!("{} is not a number", quote(written))));
    }
    if number < 0.0 {
        return Err(wrong(format!("{} is negative", quote(written))));
    }
    Ok(number)
}

/// `"50-90 %"`: two ends with one unit, the lower first.
pub(crate) fn parse_range(text: &str, dimension: &Dimension) -> Result<(f64, f64), Complaint> {
    let wrong = |complaint: String| Complaint { complaint, help: "write a range like `50-90 %`".to_owned() };
    let trimmed = text.trim();
    let Some((low, rest)) = trimmed.split_once('-').filter(|_| trimmed.len() <= LONGEST) else {
        return Err(wrong(format!("{} is not a range", quote(text))));
    };
    let high = parse(rest, dimension)?;
    let (_, symbol) = split(rest.trim());
    let low = parse(&format!("{low} {symbol}"), dimension)?;
    if low >= high {
        return Err(wrong(format!("the lower end of {} is not below the upper", quote(text))));
    }
    Ok((low, high))
}

/// The leading number and the unit behind it.
fn split(text: &str) -> (&str, &str) {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = text.len() - unsigned.len();
    let digits = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, symbol) = text.split_at(sign + digits);
    (number, symbol.trim_start())
}

/// A plain decimal number: no exponent, no words such as `inf`.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn usage(dimension: &Dimension) -> String {
    format!("write {} like `{}`; accepted: {}", dimension.name, dimension.example, dimension.accepted())
}

fn wrong_unit(symbol: &str, dimension: &Dimension) -> Complaint {
    if let Some(other) = Dimension::of_unit(symbol).filter(|other| other.name != dimension.name) {
        let complaint =
            format!("{} is the unit of {}, and this is {}", quote(symbol), other.name, dimension.name);
        return Complaint { complaint, help: usage(dimension) };
    }
    let complaint = format!("{} is no unit of {}", quote(symbol), dimension.name);
    let help = match nearest(symbol, dimension.units.iter().map(|unit| unit.symbol)) {
        Some(near) if dimension.units.len() > 1 => {
            format!("did you mean `{near}`? accepted: {}", dimension.accepted())
        }
        _ => usage(dimension),
    };
    Complaint { complaint, help }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dimension::{self, ALL};
    use proptest::prelude::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "decimal texts must give the nearest double exactly")]
    fn amounts_come_in_the_base_unit() {
        let read = |text, dimension| parse(text, dimension).expect(text);
        assert_eq!(read("10 min", &dimension::DURATION), 600_000.0);
        assert_eq!(read("1.5s", &dimension::DURATION), 1500.0);
        assert_eq!(read("2.5 GiB", &dimension::BYTES), 2_684_354_560.0);
        assert_eq!(read("7 %", &dimension::RATIO), 0.07);
        assert_eq!(read("0.92", &dimension::RATIO), 0.92);
        assert_eq!(read("-10 °C", &dimension::TEMPERATURE), -10.0);
        assert_eq!(parse_range("50-90 %", &dimension::PERCENT), Ok((50.0, 90.0)));
    }

    #[test]
    fn what_is_not_a_plain_decimal_with_a_unit_is_refused() {
        for text in [
            "",
            " ",
            "min",
            "10",
            "1e3 s",
            "inf s",
            "nan s",
            "-1 s",
            "1. s",
            ".5 s",
            "1.2.3 s",
            "0x10 s",
            "10 minutes",
            "١ s",
        ] {
            assert!(parse(text, &dimension::DURATION).is_err(), "{text}");
        }
        for text in ["90-50 %", "50 %", "50-50 %", "-50-90 %", "50-90", "a-b %"] {
            assert!(parse_range(text, &dimension::PERCENT).is_err(), "{text}");
        }
    }

    #[test]
    fn a_unit_of_something_else_is_named() {
        let complaint = parse("15 tokens/s", &dimension::DURATION).expect_err("wrong unit");
        assert_eq!(complaint.complaint, "`tokens/s` is the unit of a decode rate, and this is a duration");
        let complaint = parse("10 mins", &dimension::DURATION).expect_err("wrong unit");
        assert!(complaint.help.starts_with("did you mean `min`?"), "{complaint:?}");
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in ".{0,60}") {
            for dimension in ALL {
                if let Ok(amount) = parse(&text, dimension) {
                    prop_assert!(amount.is_finite());
                    prop_assert!(dimension.signed || amount >= 0.0);
                }
                let _ = parse_range(&text, dimension);
            }
        }

        #[test]
        fn written_amounts_are_read_back(whole in 0u32..1_000_000, part in 0u32..1000, which in 0usize..ALL.len(), unit in 0usize..8) {
            let dimension = ALL[which];
            let unit = &dimension.units[unit % dimension.units.len()];
            let number = format!("{whole}.{part:03}");
            let expected = number.parse::<f64>().expect("a decimal") * unit.times / unit.by;
            for text in [format!("{number} {}", unit.symbol), format!("{number}{}", unit.symbol)] {
                prop_assert_eq!(parse(&text, dimension), Ok(expected));
            }
        }
    }
}
