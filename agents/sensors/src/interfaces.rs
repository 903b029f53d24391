//! What left by every network interface: counted before and after, it tells whether anything did.

use std::collections::BTreeMap;

use edgesoak_protocol::{Reading, Reason};

use crate::capture::{Fact, Kind};
use crate::{Root, errno};

const TABLE: &str = "/proc/net/dev";
/// Longest table that is read, bytes: some hundreds of interfaces.
const MAX_TABLE: u64 = 64 << 10;
const LOOPBACK: &str = "lo";

/// Packets that each interface but the loopback has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent(BTreeMap<String, u64>);

impl Sent {
    /// Reads the counters.
    ///
    /// # Errors
    /// Why they cannot be told. A table that is cut off, or holds more interfaces than anybody has, tells nothing.
    pub fn read(root: &Root) -> Reading<Self> {
        let text = root.read(TABLE, MAX_TABLE + 1).map_err(|error| errno::reason(&error))?;
        let capture = Kind::ProcNet.parse(&String::from_utf8_lossy(&text));
        if text.len() as u64 > MAX_TABLE || capture.facts().get("truncated") == Some(&Fact::Flag(true)) {
            return Err(Reason::Parse);
        }
        let mut sent = BTreeMap::new();
        for reading in capture.readings() {
            let interface =
                reading.channel.strip_prefix("network/").and_then(|rest| rest.strip_suffix("/tx-packets"));
            match interface {
                Some(LOOPBACK) => {}
                Some(interface) => {
                    sent.insert(interface.to_owned(), rounded(reading.value?));
                }
                // A whole table has no reason in it.
                None => drop(reading.value?),
            }
        }
        if capture.readings().is_empty() { Err(Reason::Absent) } else { Ok(Self(sent)) }
    }

    /// Interfaces that sent something since then, with how many packets; those that came or went count as having sent.
    #[must_use]
    pub fn since<'a>(&'a self, before: &'a Self) -> Vec<(&'a str, Option<u64>)> {
        let of = |sent: &Self, name: &str| sent.0.get(name).copied();
        let mut names: Vec<&str> = self.0.keys().chain(before.0.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let moved = |name: &&'a str| match (of(before, name), of(self, name)) {
            (Some(before), Some(now)) if before == now => None,
            (Some(before), Some(now)) => Some((*name, now.checked_sub(before))),
            _ => Some((*name, None)),
        };
        names.iter().filter_map(moved).collect()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a counter of packets, read from one"
)]
fn rounded(packets: f64) -> u64 {
    packets as u64
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn sent(rows: &str) -> Reading<Sent> {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(dir.path().join("proc/net")).expect("made");
        let text = format!("Inter-|   Receive |  Transmit\n face |bytes packets|bytes packets\n{rows}");
        fs::write(dir.path().join("proc/net/dev"), text).expect("written");
        Sent::read(&Root::recorded(dir.path()))
    }

    fn row(name: &str, packets: u64) -> String {
        format!("  {name}: 9 9 0 0 0 0 0 0 77 {packets} 0 0 0 0 0 0\n")
    }

    #[test]
    fn what_an_interface_sent_is_told() {
        let before = sent(&[row("lo", 1), row("wlan0", 5), row("rmnet0", 0)].concat()).expect("a table");
        let quiet = sent(&[row("lo", 99), row("wlan0", 5), row("rmnet0", 0)].concat()).expect("a table");
        assert_eq!(quiet.since(&before), []);
        let busy = sent(&[row("wlan0", 7), row("rmnet0", 0)].concat()).expect("a table");
        assert_eq!(busy.since(&before), [("wlan0", Some(2))]);
        // Counted anew, or an interface that was not there.
        let other = sent(&[row("wlan0", 4), row("tun0", 0)].concat()).expect("a table");
        assert_eq!(other.since(&before), [("rmnet0", None), ("tun0", None), ("wlan0", None)]);
    }

    #[test]
    fn what_cannot_be_read_is_no_silence() {
        assert_eq!(sent("  wlan0: 9 9 0 0\n"), Err(Reason::Parse));
        assert_eq!(sent(""), Err(Reason::Absent));
        let none = tempfile::tempdir().expect("a folder");
        assert_eq!(Sent::read(&Root::recorded(none.path())), Err(Reason::Absent));
    }
}
