//! The runtime's own files: `/proc/PID/status` and `/proc/PID/stat`.

use edgesoak_protocol::{Reading, Reason};

use super::{keyed, spread};

/// Anonymous, file-backed and swapped memory, KiB. A process that has ended but was not waited for has none of
/// these lines: `Absent`.
pub(crate) fn memory(text: &[u8], out: &mut [Reading<i64>]) {
    keyed::numbers(text, &["RssAnon", "RssFile", "VmSwap"], out);
}

/// User and system time together, clock ticks; major faults.
pub(crate) fn usage(text: &[u8], out: &mut [Reading<i64>]) {
    spread(after_name(text).ok_or(Reason::Parse), out);
}

/// Fields are counted from the last parenthesis: the name between the parentheses may hold anything.
fn after_name(text: &[u8]) -> Option<[i64; 2]> {
    let end = text.iter().rposition(|byte| *byte == b')')?;
    let mut fields = std::str::from_utf8(&text[end + 1..]).ok()?.split_ascii_whitespace();
    let mut number = |skipped: usize| fields.nth(skipped)?.parse::<i64>().ok().filter(|number| *number >= 0);
    // After the name: state is field 3 of proc(5), major faults 12, user time 14, system time 15.
    let (faults, user, system) = (number(9)?, number(1)?, number(0)?);
    Some([user.checked_add(system)?, faults])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_behind_any_name() {
        let fields = "S 4569 4483 2554 0 -1 4194304 138 1 5 6 70 30 0 0 20 0 1 0 187594";
        for name in ["sleep", "a b", ") R 1 2", ""] {
            assert_eq!(after_name(format!("4570 ({name}) {fields}").as_bytes()), Some([100, 5]), "{name}");
        }
        assert_eq!(after_name(b"4570 (sleep) S 4569"), None);
        assert_eq!(after_name(b"4570"), None);
    }

    #[test]
    fn memory_lines_are_optional() {
        let mut out = [Err(Reason::Failed); 3];
        memory(b"Name:\tx\nRssAnon:\t     112 kB\nRssFile:\t    1556 kB\nVmSwap:\t       0 kB\n", &mut out);
        assert_eq!(out, [Ok(112), Ok(1_556), Ok(0)]);
        memory(b"Name:\tx\nState:\tZ (zombie)\n", &mut out);
        assert_eq!(out, [Err(Reason::Absent); 3]);
    }
}
