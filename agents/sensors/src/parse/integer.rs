//! Files that hold one integer, as most of sysfs does.

use edgesoak_protocol::{Reading, Reason};

/// The file's integer. An empty file is a driver's way of saying that it has no value.
pub(crate) fn one(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(decimal(text));
}

/// A signed decimal number with blanks around it and nothing else.
pub(crate) fn decimal(text: &[u8]) -> Reading<i64> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(Reason::Sentinel);
    }
    // cpufreq's word for a clock that its driver cannot tell.
    if text == b"<unknown>" {
        return Err(Reason::Failed);
    }
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or(Reason::Parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_integer_and_nothing_else() {
        assert_eq!(decimal(b"49925\n"), Ok(49_925));
        assert_eq!(decimal(b" -5000 \n"), Ok(-5_000));
        assert_eq!(decimal(b"262143328850\n"), Ok(262_143_328_850));
        assert_eq!(decimal(b"\n"), Err(Reason::Sentinel));
        assert_eq!(decimal(b"<unknown>\n"), Err(Reason::Failed));
        for broken in [&b"1 2"[..], b"31.5", b"0x10", b"99999999999999999999", b"\xff", b"12\x00", b"N/A"] {
            assert_eq!(decimal(broken), Err(Reason::Parse), "{broken:?}");
        }
    }
}
