//! Numbers as devices print them, and the ranges in which they can be true.

use edgesoak_protocol::{Reading, Reason, rule};

use super::celsius::printed;

/// A plain decimal number: digits, one point, a sign. No exponent, no `inf`, no `nan`.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    if !text.bytes().all(plain) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A number that cannot be negative.
pub(super) fn whole(text: &str) -> Reading<f64> {
    if text.is_empty() {
        return Err(Reason::Sentinel);
    }
    // The integer parser would take a plus sign, which no driver prints.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<u64>().ok().filter(|_| digits).map(|number| number as f64).ok_or(Reason::Parse)
}

/// A printed temperature in °C: parked values and values that cannot be true become their reasons.
pub(super) fn celsius(text: &str) -> Reading<f64> {
    let value = decimal(text).ok_or(Reason::Parse)?;
    if value < rule::COLDEST_CELSIUS { Err(Reason::Sentinel) } else { printed(text) }
}

/// A share in per cent, with or without its sign.
pub(super) fn percent(text: &str) -> Reading<f64> {
    let text = text.trim_end();
    let value = decimal(text.strip_suffix('%').unwrap_or(text).trim_end()).ok_or(Reason::Parse)?;
    if (0.0..=100.0).contains(&value) { Ok(value) } else { Err(Reason::Implausible) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_ornament() {
        assert_eq!(decimal("-3.5"), Some(-3.5));
        for broken in ["", "1e5", "inf", "NaN", "1.2.3", "--1", "12C", "0x10", &"9".repeat(400)] {
            assert_eq!(decimal(broken), None, "{broken}");
        }
        assert_eq!(whole("42"), Ok(42.0));
        assert_eq!(whole(""), Err(Reason::Sentinel));
        for broken in ["-1", "+1", "1.0", "99999999999999999999999"] {
            assert_eq!(whole(broken), Err(Reason::Parse), "{broken}");
        }
    }

    #[test]
    fn temperatures_that_nothing_has() {
        assert_eq!(celsius("50.031"), Ok(50.031));
        assert_eq!(celsius("0"), Ok(0.0));
        for parked in
            ["-256", "-40", "-127.0", "-99.9", "125", "-274", "-2147483648", "65535", "-26.428", "-1073741"]
        {
            assert_eq!(celsius(parked), Err(Reason::Sentinel), "{parked}");
        }
        assert_eq!(celsius("-100"), Err(Reason::Implausible));
        assert_eq!(celsius("184467440737095"), Err(Reason::Implausible));
        assert_eq!(celsius("warm"), Err(Reason::Parse));
    }

    #[test]
    fn shares_lie_between_nothing_and_all() {
        assert_eq!(percent("12 %"), Ok(12.0));
        assert_eq!(percent("7"), Ok(7.0));
        assert_eq!(percent("101%"), Err(Reason::Implausible));
        assert_eq!(percent("%"), Err(Reason::Parse));
    }
}
