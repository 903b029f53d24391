//! `/proc/pressure/*`: for how long tasks had to wait.

use edgesoak_protocol::{Reading, Reason};

/// Microseconds since boot in which some task, and in which every task, waited. Kernels before 5.13 have no
/// `full` line for the processor.
pub(crate) fn totals(text: &[u8], out: &mut [Reading<i64>]) {
    out.fill(Err(Reason::Absent));
    for line in text.split(|byte| *byte == b'\n') {
        let (position, rest) = match (line.strip_prefix(b"some "), line.strip_prefix(b"full ")) {
            (Some(rest), _) => (0, rest),
            (_, Some(rest)) => (1, rest),
            _ => continue,
        };
        if let Some(slot) = out.get_mut(position) {
            *slot = total(rest).ok_or(Reason::Parse);
        }
    }
}

/// [`totals`] of the processor: that every task of a machine waits for it means nothing, and the kernel prints zeros.
pub(crate) fn of_processor(text: &[u8], out: &mut [Reading<i64>]) {
    totals(text, out);
    if let Some(full) = out.get_mut(1).filter(|full| **full == Ok(0)) {
        *full = Err(Reason::Sentinel);
    }
}

fn total(line: &[u8]) -> Option<i64> {
    let mut fields = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    fields.find_map(|field| field.strip_prefix("total="))?.parse().ok().filter(|total| *total >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_of_some_and_full() {
        let mut out = [Err(Reason::Failed); 2];
        let text = b"some avg10=0.27 avg60=0.27 avg300=0.35 total=12943098\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3419464\n";
        totals(text, &mut out);
        assert_eq!(out, [Ok(12_943_098), Ok(3_419_464)]);
        totals(b"some avg10=0.10 avg60=2.00 avg300=3.85 total=15\n", &mut out);
        assert_eq!(out, [Ok(15), Err(Reason::Absent)]);
        of_processor(b"some total=7\nfull total=0\n", &mut out);
        assert_eq!(out, [Ok(7), Err(Reason::Sentinel)]);
        totals(b"some avg10=0.10\nfull total=-1\n", &mut out);
        assert_eq!(out, [Err(Reason::Parse), Err(Reason::Parse)]);
    }
}
