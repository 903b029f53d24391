//! `cpufreq/policy*/stats/time_in_state`: a line per clock, kHz and the time spent at it in ticks of 10 ms.

use edgesoak_protocol::{Reading, Reason};

use super::integer::decimal;

/// Tens of cycles that the policy's clock has run: the sum of clock times time. Its growth over a span is the mean
/// clock of the span, however rarely it is read.
pub(crate) fn tens_of_cycles(text: &[u8], out: &mut [Reading<i64>]) {
    let mut sum: Reading<i64> = Err(Reason::Sentinel);
    for line in text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
        sum = step(line).and_then(|cycles| sum.unwrap_or(0).checked_add(cycles)).ok_or(Reason::Parse);
        if sum.is_err() {
            break;
        }
    }
    out.fill(sum);
}

fn step(line: &[u8]) -> Option<i64> {
    let end = line.iter().position(u8::is_ascii_whitespace)?;
    let (clock, ticks) = (decimal(&line[..end]).ok()?, decimal(&line[end..]).ok()?);
    clock.checked_mul(ticks).filter(|_| clock >= 0 && ticks >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_times_time() {
        let read = |text: &str| {
            let mut out = [Err(Reason::Failed)];
            tens_of_cycles(text.as_bytes(), &mut out);
            out[0]
        };
        // 2 s at 300 MHz and 3 s at 1.2 GHz are 4.2e9 cycles.
        assert_eq!(read("300000 200\n1200000\t300\n"), Ok(420_000_000));
        assert_eq!(read("\n"), Err(Reason::Sentinel));
        for broken in ["300000\n", "300000 2\nx 1\n", "-1 5", &format!("{} 2", i64::MAX)] {
            assert_eq!(read(broken), Err(Reason::Parse), "{broken}");
        }
    }
}
