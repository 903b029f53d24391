//! `/proc/stat`: where the processors' time went.

use edgesoak_protocol::{Reading, Reason};

use super::spread;

/// Clock ticks of all processors since boot: user and nice, system with interrupts, idle, waiting for I/O,
/// stolen by the hypervisor. Guest time is part of user time already.
pub(crate) fn split(text: &[u8], out: &mut [Reading<i64>]) {
    spread(first_line(text).ok_or(Reason::Parse), out);
}

fn first_line(text: &[u8]) -> Option<[i64; 5]> {
    let line = text.split(|byte| *byte == b'\n').next()?;
    let mut numbers = std::str::from_utf8(line).ok()?.strip_prefix("cpu ")?.split_ascii_whitespace();
    let mut next = || numbers.next()?.parse::<i64>().ok().filter(|ticks| *ticks >= 0);
    let (user, nice, system, idle, iowait) = (next()?, next()?, next()?, next()?, next()?);
    let (interrupts, soft_interrupts, steal) = (next()?, next()?, next()?);
    let system = system.checked_add(interrupts)?.checked_add(soft_interrupts)?;
    Some([user.checked_add(nice)?, system, idle, iowait, steal])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_sums_all_processors() {
        let text = b"cpu  42682 7 6315 137998 703 1 56 53 0 0\ncpu0 21063 0 2964 69682 127 0 12 25 0 0\n";
        assert_eq!(first_line(text), Some([42_689, 6_372, 137_998, 703, 53]));
    }

    #[test]
    fn anything_else_is_refused() {
        let largest = format!("cpu {0} {0} 1 1 1 1 1 1\n", i64::MAX);
        for broken in [
            &b""[..],
            b"cpu0 1 1 1 1 1 1 1 1\n",
            b"cpu 1 2 3\n",
            b"cpu 1 1 1 -1 1 1 1 1\n",
            largest.as_bytes(),
        ] {
            assert_eq!(first_line(broken), None);
        }
    }
}
