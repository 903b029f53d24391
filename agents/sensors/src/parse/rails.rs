//! `energy_value` of on-device power monitors: a line per rail, `CH3(T=349894)[RAIL], 30203502`, in µWs.

use std::borrow::Cow;

use edgesoak_protocol::{Reading, Reason};

use super::integer::decimal;

/// Most rails of one monitor that are looked at; chips have a dozen.
const MAX_RAILS: usize = 64;

/// The names of the rails, in their order.
pub(crate) fn names(text: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    rails(text).map(|(name, _)| String::from_utf8_lossy(name))
}

/// The counter of each rail, in the same order. Where the text has not as many rails as before, nobody knows which
/// is which; a rail that stands there twice has no value either.
pub(crate) fn energies(text: &[u8], out: &mut [Reading<i64>]) {
    if rails(text).count() != out.len() {
        out.fill(Err(Reason::Parse));
        return;
    }
    for (slot, (name, number)) in out.iter_mut().zip(rails(text)) {
        let twice = rails(text).filter(|(other, _)| other.eq_ignore_ascii_case(name)).count() > 1;
        *slot = match decimal(number) {
            _ if twice => Err(Reason::Parse),
            Ok(..0) => Err(Reason::Implausible),
            energy => energy,
        };
    }
}

fn rails(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    text.split(|byte| *byte == b'\n').filter_map(rail).take(MAX_RAILS)
}

fn rail(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.trim_ascii().strip_prefix(b"CH")?;
    let begin = rest.iter().position(|byte| *byte == b'[')? + 1;
    let length = rest[begin..].iter().position(|byte| *byte == b']')?;
    let number = rest[begin + length + 1..].strip_prefix(b",")?;
    (length > 0).then_some((&rest[begin..begin + length], number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rails_keep_their_order() {
        let text = b"t=349894\nCH0(T=349894)[S10M_VDD_TPU], 5578756\nCH1(T=349894)[VSYS_PWR_MODEM], -1\n\
            CH2(T=349894)[L2S], x\nCH3[], 7\n";
        assert_eq!(names(text).collect::<Vec<_>>(), ["S10M_VDD_TPU", "VSYS_PWR_MODEM", "L2S"]);
        let mut out = [Err(Reason::Failed); 3];
        energies(text, &mut out);
        assert_eq!(out, [Ok(5_578_756), Err(Reason::Implausible), Err(Reason::Parse)]);
        energies(b"CH0(T=1)[A], 5\n", &mut out);
        assert_eq!(out, [Err(Reason::Parse); 3]);
        energies(b"CH0(T=1)[A], 5\nCH1(T=1)[a], 6\nCH2(T=1)[B], 7\n", &mut out);
        assert_eq!(out, [Err(Reason::Parse), Err(Reason::Parse), Ok(7)]);
    }
}
