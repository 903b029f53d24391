//! Files of graphics processors: clocks in one of three units, shares in several shapes.

use edgesoak_protocol::{Reading, Reason};

use super::integer::decimal;

/// A clock; zero is a part that is switched off.
pub(crate) fn clock(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(match decimal(text) {
        Ok(0) => Err(Reason::Offline),
        clock => clock,
    });
}

/// Hz in one step of a file that shows this. The ranges of graphics clocks in MHz, kHz and Hz do not meet.
pub(crate) fn hertz_per(text: &[u8]) -> Option<f64> {
    match decimal(text).ok()? {
        20..=5_000 => Some(1e6),
        20_000..=5_000_000 => Some(1e3),
        20_000_000..=5_000_000_000 => Some(1.0),
        _ => None,
    }
}

/// The number before a blank, a per cent sign or an `@`: `41 %`, `37 2 61`, `88@701000000Hz`.
pub(crate) fn first_number(text: &[u8], out: &mut [Reading<i64>]) {
    let text = text.trim_ascii();
    let end = text.iter().position(|byte| b" \t%@".contains(byte)).unwrap_or(text.len());
    out.fill(decimal(&text[..end]));
}

/// `busy total` since the last read, in thousandths of per cent. The driver writes two zeros while the part idles.
pub(crate) fn share(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(busy(text.trim_ascii()));
}

fn busy(text: &[u8]) -> Reading<i64> {
    let end = text.iter().position(u8::is_ascii_whitespace).ok_or(Reason::Parse)?;
    let (busy, total) = (decimal(&text[..end])?, decimal(&text[end..])?);
    match (busy, total) {
        (0, 0) => Ok(0),
        (0.., 1..) if busy <= total => {
            let share = i128::from(busy) * 100_000 / i128::from(total);
            i64::try_from(share).map_err(|_| Reason::Implausible)
        }
        _ => Err(Reason::Implausible),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Parse;

    fn read(parse: Parse, text: &str) -> Reading<i64> {
        let mut out = [Err(Reason::Failed)];
        parse(text.as_bytes(), &mut out);
        out[0]
    }

    #[test]
    fn every_shape_of_a_share() {
        assert_eq!(read(first_number, "41 %\n"), Ok(41));
        assert_eq!(read(first_number, "17%"), Ok(17));
        assert_eq!(read(first_number, "37 2 61"), Ok(37));
        assert_eq!(read(first_number, "88@701000000Hz"), Ok(88));
        assert_eq!(read(first_number, "busy"), Err(Reason::Parse));
        assert_eq!(read(first_number, "\n"), Err(Reason::Sentinel));
        assert_eq!(read(share, " 412300  998700\n"), Ok(41_283));
        assert_eq!(read(share, "      0       0\n"), Ok(0));
        for broken in ["2 1", "-1 5", "5 0"] {
            assert_eq!(read(share, broken), Err(Reason::Implausible), "{broken}");
        }
        assert_eq!(read(share, "7"), Err(Reason::Parse));
        assert_eq!(read(share, &format!("{0} {0}", i64::MAX)), Ok(100_000));
    }

    #[test]
    fn a_clock_tells_its_unit() {
        assert_eq!(hertz_per(b"680000000\n"), Some(1.0));
        assert_eq!(hertz_per(b"897000\n"), Some(1e3));
        assert_eq!(hertz_per(b"350\n"), Some(1e6));
        assert_eq!(hertz_per(b"7\n"), None);
        assert_eq!(read(clock, "0\n"), Err(Reason::Offline));
        assert_eq!(read(clock, "350\n"), Ok(350));
    }
}
