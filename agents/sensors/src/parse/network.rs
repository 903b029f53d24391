//! `/proc/net/dev`: bytes over every interface that leaves the device.

use edgesoak_protocol::{Reading, Reason};

use super::spread;

/// Bytes received and sent since boot, summed over all interfaces but the loopback.
pub(crate) fn bytes(text: &[u8], out: &mut [Reading<i64>]) {
    spread(sum(text).ok_or(Reason::Parse), out);
}

fn sum(text: &[u8]) -> Option<[i64; 2]> {
    let text = std::str::from_utf8(text).ok()?;
    let mut lines = text.lines();
    // Two lines of headings, each cut by bars.
    if !(lines.next()?.contains('|') && lines.next()?.contains('|')) {
        return None;
    }
    let mut sums = [0_i64; 2];
    for line in lines {
        let (interface, numbers) = line.rsplit_once(':')?;
        if interface.trim() == "lo" {
            continue;
        }
        let mut numbers = numbers.split_ascii_whitespace().map(|number| number.parse::<i64>().ok());
        let (received, sent) = (numbers.next()??, numbers.nth(7)??);
        sums = [sums[0].checked_add(received)?, sums[1].checked_add(sent)?];
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: &str = "Inter-|   Receive |  Transmit\n face |bytes packets|bytes packets\n";

    #[test]
    fn the_loopback_does_not_count() {
        let text = format!(
            "{HEADINGS}    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0\n  eth0: 322870144    6859    0    0    0     0          0         0   324332    4214    0    0    0     0       0          0\nwlan0:5 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0\n"
        );
        assert_eq!(sum(text.as_bytes()), Some([322_870_149, 324_339]));
        assert_eq!(sum(HEADINGS.as_bytes()), Some([0, 0]));
    }

    #[test]
    fn a_torn_table_is_refused() {
        for torn in ["", "eth0: 1 2 3\n", &format!("{HEADINGS}eth0: 1 2 3\n"), &format!("{HEADINGS}eth0\n")] {
            assert_eq!(sum(torn.as_bytes()), None, "{torn}");
        }
    }
}
