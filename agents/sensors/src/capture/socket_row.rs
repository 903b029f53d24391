//! Rows of `/proc/net/tcp`, `tcp6`, `udp` and `udp6`.

/// Words of a socket's row, counted from its number.
const LOCAL: usize = 1;
const REMOTE: usize = 2;
const STATE: usize = 3;
const USER: usize = 7;
const INODE: usize = 9;
/// `::1`, and what stands before an IPv4 address that is written as an IPv6 one.
const LOOPBACK_6: u128 = 0x0100_0000;
const MAPPED_4: u128 = 0xffff_0000;

/// State of a TCP socket that only waits for callers.
pub(crate) const LISTEN: u8 = 0x0a;

/// The tables of sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Protocol {
    Tcp,
    Tcp6,
    Udp,
    Udp6,
}

impl Protocol {
    pub(crate) const ALL: [Protocol; 4] = [Protocol::Tcp, Protocol::Tcp6, Protocol::Udp, Protocol::Udp6];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Tcp6 => "tcp6",
            Protocol::Udp => "udp",
            Protocol::Udp6 => "udp6",
        }
    }

    /// What a heading announces. The four tables differ in two of its words only.
    pub(super) fn of_heading(heading: &str) -> Self {
        match (heading.contains("remote_address"), heading.contains("drops")) {
            (false, false) => Protocol::Tcp,
            (true, false) => Protocol::Tcp6,
            (false, true) => Protocol::Udp,
            (true, true) => Protocol::Udp6,
        }
    }
}

/// What a row says about one socket.
pub(crate) struct Socket<'a> {
    /// The kernel's number of the state.
    pub(crate) state: u8,
    pub(crate) uid: u32,
    pub(crate) inode: &'a str,
    /// Whether its packets leave the device.
    pub(crate) outward: bool,
    /// Whether it has no peer and is bound to more than the device's own loopback.
    pub(crate) open: bool,
    /// Address and port of the peer as the kernel prints them: for counting, never for keeping.
    pub(crate) peer: &'a str,
    /// The row from the state on: no addresses.
    pub(crate) raw: &'a str,
}

impl<'a> Socket<'a> {
    /// Whether a line is a row at all, whole or not: rows begin with their number.
    pub(crate) fn begins(line: &str) -> bool {
        let slot = line.split(' ').next().and_then(|word| word.strip_suffix(':')).unwrap_or_default();
        !slot.is_empty() && slot.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// `None` where the row is torn or broken.
    pub(crate) fn read(line: &'a str) -> Option<Self> {
        let mut words = [""; INODE + 1];
        for (slot, word) in words.iter_mut().zip(line.split_ascii_whitespace()) {
            *slot = word;
        }
        let local_leaves = leaves(words[LOCAL])?;
        let inode = Some(words[INODE]).filter(|inode| inode.parse::<u64>().is_ok())?;
        let mut raw = line;
        for _ in 0..STATE {
            raw = raw.trim_start();
            raw = &raw[raw.find(' ')?..];
        }
        Some(Self {
            state: u8::from_str_radix(words[STATE], 16).ok()?,
            uid: words[USER].parse().ok()?,
            inode,
            outward: leaves(words[REMOTE])?,
            open: is_any(words[REMOTE]) && (local_leaves || is_any(words[LOCAL])),
            peer: words[REMOTE],
            raw: raw.trim(),
        })
    }
}

/// Whether an endpoint has no address: that of a socket without a peer, or of one bound to every interface.
fn is_any(endpoint: &str) -> bool {
    let address = endpoint.split(':').next().unwrap_or_default();
    u128::from_str_radix(address, 16).is_ok_and(|address| matches!(address, 0 | 0xffff_0000_0000_0000))
}

/// Whether packets to `ADDRESS:PORT` in the kernel's hexadecimal leave the device; `None` where it is no address.
fn leaves(endpoint: &str) -> Option<bool> {
    let (address, port) = endpoint.split_once(':')?;
    if !endpoint.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
        || u16::from_str_radix(port, 16).is_err()
    {
        return None;
    }
    // Words of four bytes, each in the order of the processor: 127.0.0.1 is printed as 0100007F.
    let leaves_v4 = |address: u32| address != 0 && address & 0xff != 0x7f;
    match address.len() {
        8 => u32::from_str_radix(address, 16).ok().map(leaves_v4),
        32 => u128::from_str_radix(address, 16).ok().map(|address| match address {
            0 | LOOPBACK_6 => false,
            mapped if mapped >> 32 == MAPPED_4 => u32::try_from(mapped & 0xffff_ffff).is_ok_and(leaves_v4),
            _ => true,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_others_leave_the_device() {
        for (endpoint, expected) in [
            ("00000000:0000", Some(false)),
            ("0100007F:8A39", Some(false)),
            ("0A00007F:0035", Some(false)),
            ("0101A8C0:01BB", Some(true)),
            ("00000000000000000000000000000000:0000", Some(false)),
            ("00000000000000000000000001000000:1F90", Some(false)),
            ("0000000000000000FFFF00000100007F:1F90", Some(false)),
            ("0000000000000000FFFF00000101A8C0:1F90", Some(true)),
            ("B80D01200000000000000000880D0000:01BB", Some(true)),
            ("0100007F", None),
            ("100007F:8A39", None),
            ("0100007G:8A39", None),
            ("+100007F:8A39", None),
            ("0100007F:123456", None),
        ] {
            assert_eq!(leaves(endpoint), expected, "{endpoint}");
        }
    }

    #[test]
    fn headings_tell_the_tables_apart() {
        for (heading, protocol) in [
            ("sl local_address rem_address st inode", Protocol::Tcp),
            ("sl local_address remote_address st inode", Protocol::Tcp6),
            ("sl local_address rem_address st inode ref pointer drops", Protocol::Udp),
            ("sl local_address remote_address st inode ref pointer drops", Protocol::Udp6),
        ] {
            assert_eq!(Protocol::of_heading(heading), protocol);
        }
    }
}
