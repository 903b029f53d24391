//! `/proc/loadavg`.

use edgesoak_protocol::{Reading, Reason};

/// The one-minute load average in hundredths.
pub(crate) fn hundredths(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(first(text).ok_or(Reason::Parse));
}

fn first(text: &[u8]) -> Option<i64> {
    let number = std::str::from_utf8(text).ok()?.split_ascii_whitespace().next()?;
    let (whole, part) = number.split_once('.')?;
    if part.len() != 2 || !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_decimals_become_hundredths() {
        assert_eq!(first(b"0.09 0.42 0.35 2/85 7174\n"), Some(9));
        assert_eq!(first(b"128.50 1.00 1.00 1/1 1\n"), Some(12_850));
        for broken in [&b""[..], b"1", b"1.5 2", b"-1.00", b"1.+5", b"99999999999999999999.00", b"\xff.00"] {
            assert_eq!(first(broken), None, "{broken:?}");
        }
    }
}
