//! Which sockets of one process reach beyond the device.
//!
//! A process's descriptors name its sockets by number; the kernel's tables tell where those lead. Sockets of files
//! and of the loopback stay on the device. What opens and closes between two looks is not seen: nothing seen is
//! no proof.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use edgesoak_protocol::Reason;

use crate::Root;
use crate::capture::socket_row::{LISTEN, Protocol, Socket};
use crate::errno;

/// Descriptors that are looked at. More than any runtime has by far.
const MAX_DESCRIPTORS: usize = 4096;
/// Longest table that is read, bytes: some ten thousand sockets.
const MAX_TABLE: u64 = 2 << 20;

/// A peer beyond the device. Which one it is tells nobody: only equal ones can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer {
    /// `tcp`, `tcp6`, `udp` or `udp6`.
    pub family: &'static str,
    /// Its port.
    pub port: u16,
    /// A digest of its address.
    address: u64,
}

/// What the sockets of a process are at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Sockets of any kind.
    pub sockets: usize,
    /// Peers beyond the device.
    pub peers: BTreeSet<Peer>,
    /// Sockets that wait for callers, or may send to anybody, and are bound to more than the loopback.
    pub open: usize,
}

/// Looks at the sockets of a process.
///
/// # Errors
/// Why they cannot be told: its descriptors or a table cannot be read, or hold what is none. Peers that were seen
/// all the same are told.
pub fn look(root: &Root, pid: u32) -> Result<Look, Reason> {
    let owned = owned(root, pid)?;
    let mut look = Look { sockets: owned.len(), ..Look::default() };
    if owned.is_empty() {
        return Ok(look);
    }
    let mut failed = None;
    let mut tables = 0;
    for protocol in Protocol::ALL {
        // Those of the process's own network, which need not be ours.
        let path = format!("/proc/{pid}/net/{}", protocol.word());
        match root.read(&path, MAX_TABLE + 1) {
            Ok(text) => {
                tables += 1;
                let whole = text.len() as u64 <= MAX_TABLE;
                let read = rows(&mut look, protocol, &String::from_utf8_lossy(&text), &owned);
                failed = failed.or((!whole || !read).then_some(Reason::Parse));
            }
            // A kernel without this family has no table of it.
            Err(error) => match errno::reason(&error) {
                Reason::Absent => {}
                reason => failed = failed.or(Some(reason)),
            },
        }
    }
    let failed = failed.or((tables == 0).then_some(Reason::Absent));
    failed.filter(|_| look.peers.is_empty()).map_or(Ok(look), Err)
}

/// Numbers of the process's sockets.
fn owned(root: &Root, pid: u32) -> Result<BTreeSet<u64>, Reason> {
    let entries = root.entries(&format!("/proc/{pid}/fd")).map_err(|error| errno::reason(&error))?;
    let mut owned = BTreeSet::new();
    for (count, entry) in entries.enumerate() {
        if count == MAX_DESCRIPTORS {
            return Err(Reason::Parse);
        }
        // One that was closed meanwhile leads nowhere any more.
        let Ok(target) = entry.and_then(|entry| std::fs::read_link(entry.path())) else { continue };
        let number = target.to_str().and_then(|text| text.strip_prefix("socket:[")?.strip_suffix(']'));
        owned.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    Ok(owned)
}

/// Adds what one table says of these sockets; `false` if a row of it could not be read.
fn rows(look: &mut Look, protocol: Protocol, text: &str, owned: &BTreeSet<u64>) -> bool {
    let mut read = true;
    for line in text.lines().map(str::trim).filter(|line| Socket::begins(line)) {
        let Some(socket) = Socket::read(line) else {
            read = false;
            continue;
        };
        if !socket.inode.parse().is_ok_and(|inode| owned.contains(&inode)) {
            continue;
        }
        let is_tcp = matches!(protocol, Protocol::Tcp | Protocol::Tcp6);
        if socket.outward {
            look.peers.insert(peer(protocol, socket.peer));
        } else if socket.open && (!is_tcp || socket.state == LISTEN) {
            look.open += 1;
        }
    }
    read
}

fn peer(protocol: Protocol, endpoint: &str) -> Peer {
    let (address, port) = endpoint.split_once(':').unwrap_or_default();
    let mut digest = DefaultHasher::new();
    address.hash(&mut digest);
    Peer {
        family: protocol.word(),
        port: u16::from_str_radix(port, 16).unwrap_or_default(),
        address: digest.finish(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    const HEADING: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    fn row(local: &str, remote: &str, state: &str, inode: u32) -> String {
        format!(
            "   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  2000        0 {inode} 1 0\n"
        )
    }

    /// A tree in which process 7 has these sockets and the tables these rows.
    fn tree(sockets: &[u32], tcp: &str, udp: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        let process = dir.path().join("proc/7");
        fs::create_dir_all(process.join("fd")).expect("made");
        fs::create_dir_all(process.join("net")).expect("made");
        symlink("/dev/null", process.join("fd/0")).expect("linked");
        for (place, socket) in sockets.iter().enumerate() {
            symlink(format!("socket:[{socket}]"), process.join(format!("fd/{}", place + 1))).expect("linked");
        }
        fs::write(process.join("net/tcp"), HEADING.to_owned() + tcp).expect("written");
        fs::write(process.join("net/udp"), HEADING.to_owned() + udp).expect("written");
        dir
    }

    fn look_at(dir: &tempfile::TempDir) -> Result<Look, Reason> {
        look(&Root::recorded(dir.path()), 7)
    }

    fn ports(look: &Look) -> Vec<(&'static str, u16)> {
        look.peers.iter().map(|peer| (peer.family, peer.port)).collect()
    }

    #[test]
    fn only_peers_of_this_process_beyond_the_device_count() {
        let tcp = row("0100007F:1F90", "0100007F:8A39", "01", 11)
            + &row("0201A8C0:A000", "0101A8C0:01BB", "02", 12)
            + &row("0201A8C0:A001", "0101A8C0:01BB", "01", 13)
            + &row("0201A8C0:A002", "0501A8C0:01BB", "01", 14)
            + &row("0201A8C0:A003", "0701A8C0:0050", "01", 99)
            + &row("0100007F:1F91", "00000000:0000", "0A", 15);
        let dir = tree(&[11, 12, 13, 14, 15, 16], &tcp, "");
        let look = look_at(&dir).expect("readable");
        assert_eq!(look.sockets, 6);
        assert_eq!(ports(&look), [("tcp", 443), ("tcp", 443)], "two addresses");
        assert_eq!(look.open, 0);
    }

    #[test]
    fn a_socket_that_waits_for_anybody_is_open() {
        let tcp = row("00000000:1F90", "00000000:0000", "0A", 11);
        let udp =
            row("00000000:A000", "00000000:0000", "07", 12) + &row("0100007F:A1", "00000000:0000", "07", 13);
        let look = look_at(&tree(&[11, 12, 13], &tcp, &udp)).expect("readable");
        assert_eq!((look.peers.len(), look.open), (0, 2));
    }

    #[test]
    fn what_cannot_be_read_is_no_silence() {
        let dir = tree(&[11], "   0: torn\n", "");
        assert_eq!(look_at(&dir), Err(Reason::Parse));
        let dir = tree(&[11], "", "");
        fs::remove_dir_all(dir.path().join("proc/7/net")).expect("removed");
        assert_eq!(look_at(&dir), Err(Reason::Absent), "no table at all");
        let dir = tree(&[], "   0: torn\n", "");
        assert_eq!(look_at(&dir), Ok(Look::default()), "without a socket nothing is looked up");
        fs::write(dir.path().join("refused.txt"), "EACCES /proc/7/fd\n").expect("written");
        assert_eq!(look_at(&dir), Err(Reason::Denied));
        let gone = tempfile::tempdir().expect("a folder");
        assert_eq!(look_at(&gone), Err(Reason::Absent));
    }
}
