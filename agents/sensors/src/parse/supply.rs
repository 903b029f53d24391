//! `/sys/class/power_supply/*/status`.

use edgesoak_protocol::{Reading, Reason};

/// The status word as a number: 1 unknown, 2 charging, 3 discharging, 4 not charging, 5 full.
pub(crate) fn status(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(match text.trim_ascii() {
        b"" => Err(Reason::Sentinel),
        b"Unknown" => Ok(1),
        b"Charging" => Ok(2),
        b"Discharging" => Ok(3),
        b"Not charging" => Ok(4),
        b"Full" => Ok(5),
        _ => Err(Reason::Parse),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_numbers() {
        let of = |text: &[u8]| {
            let mut out = [Err(Reason::Failed)];
            status(text, &mut out);
            out[0]
        };
        assert_eq!(of(b"Discharging\n"), Ok(3));
        assert_eq!(of(b"Not charging\n"), Ok(4));
        assert_eq!(of(b"Full\n"), Ok(5));
        assert_eq!(of(b"\n"), Err(Reason::Sentinel));
        assert_eq!(of(b"charging\n"), Err(Reason::Parse));
    }
}
