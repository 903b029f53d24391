//! Files of lines with a key and a number: `meminfo`, `vmstat`, a process's `status`.

use edgesoak_protocol::{Reading, Reason};

use super::integer::decimal;

/// The numbers behind `keys`. A key without a line is `Absent`; `kB` behind a number is left to the scale.
pub(crate) fn numbers(text: &[u8], keys: &[&str], out: &mut [Reading<i64>]) {
    out.fill(Err(Reason::Absent));
    for line in text.split(|byte| *byte == b'\n') {
        let Some((key, rest)) = split(line) else { continue };
        if let Some(position) = keys.iter().position(|wanted| wanted.as_bytes() == key)
            && let Some(slot) = out.get_mut(position)
            && *slot == Err(Reason::Absent)
        {
            *slot = decimal(rest.strip_suffix(b" kB").unwrap_or(rest));
        }
    }
}

/// `Key:   number` or `key number`.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(|byte| *byte == b':' || byte.is_ascii_whitespace())?;
    Some((&line[..end], line[end + 1..].trim_ascii()))
}

/// `/proc/meminfo`: available, free and free swap, KiB.
pub(crate) fn memory(text: &[u8], out: &mut [Reading<i64>]) {
    numbers(text, &["MemAvailable", "MemFree", "SwapFree"], out);
}

/// `/proc/vmstat`: major faults, pages swapped in, and processes killed for want of memory, since boot.
pub(crate) fn paging(text: &[u8], out: &mut [Reading<i64>]) {
    numbers(text, &["pgmajfault", "pswpin", "oom_kill"], out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_key() {
        let mut out = [Err(Reason::Failed); 3];
        memory(b"MemTotal: 100 kB\nMemFree:   23 kB\nMemAvailable:\t 42 kB\n", &mut out);
        assert_eq!(out, [Ok(42), Ok(23), Err(Reason::Absent)]);
        let mut out = [Err(Reason::Failed); 3];
        paging(b"pgfault 9\npgmajfault 7\npswpin many\noom_kill 2\n", &mut out);
        assert_eq!(out, [Ok(7), Err(Reason::Parse), Ok(2)]);
    }

    #[test]
    fn the_first_line_of_a_key_counts() {
        let mut out = [Err(Reason::Failed)];
        numbers(b"a: 1\na: 2\n", &["a"], &mut out);
        assert_eq!(out, [Ok(1)]);
    }
}
