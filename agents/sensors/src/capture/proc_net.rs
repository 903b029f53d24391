//! `/proc/net/tcp`, `tcp6`, `udp`, `udp6` and `dev`: who has sockets, and what every interface moved. Addresses
//! and ports decide whether a socket leaves the device and are not kept.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in, refusal};
use super::{Capture, Fact, Measure};

/// Sockets whose state and inode are kept, and users that are told apart; more are counted.
const MAX_SOCKETS: usize = 1024;
const MAX_USERS: usize = 256;
/// State of a TCP socket that only waits for callers.
const LISTEN: u8 = 0x0a;
/// Words of a socket's row, counted from its number.
const LOCAL: usize = 1;
const REMOTE: usize = 2;
const STATE: usize = 3;
const USER: usize = 7;
const INODE: usize = 9;
/// Columns of `dev` behind the interface's name: place, printed name, channel, unit.
const COUNTERS: [(usize, &str, &str, Measure); 4] = [
    (0, "bytes", "/rx-bytes", Measure::Byte),
    (1, "packets", "/rx-packets", Measure::Count),
    (8, "bytes", "/tx-bytes", Measure::Byte),
    (9, "packets", "/tx-packets", Measure::Count),
];
const DEV_COLUMNS: usize = 16;

/// `::1`, and what stands before an IPv4 address that is written as an IPv6 one.
const LOOPBACK_6: u128 = 0x0100_0000;
const MAPPED_4: u128 = 0xffff_0000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Tcp,
    Tcp6,
    Udp,
    Udp6,
}

impl Protocol {
    const ALL: [Protocol; 4] = [Protocol::Tcp, Protocol::Tcp6, Protocol::Udp, Protocol::Udp6];

    fn word(self) -> &'static str {
        match self {
            Protocol::Tcp => "tcp",
            Protocol::Tcp6 => "tcp6",
            Protocol::Udp => "udp",
            Protocol::Udp6 => "udp6",
        }
    }

    /// What a heading announces. The four tables differ in two of its words only.
    fn of_heading(heading: &str) -> Self {
        match (heading.contains("remote_address"), heading.contains("drops")) {
            (false, false) => Protocol::Tcp,
            (true, false) => Protocol::Tcp6,
            (false, true) => Protocol::Udp,
            (true, true) => Protocol::Udp6,
        }
    }
}

pub(super) fn parse(text: &str) -> Capture {
    let mut tables = Tables::default();
    lines(text).for_each(|line| tables.line(line.trim()));
    tables.finish(text)
}

#[derive(Default)]
struct Tables {
    capture: Capture,
    place: Place,
    sockets: [Option<Tally>; Protocol::ALL.len()],
    users: Vec<User>,
    kept: usize,
    interfaces: bool,
    refused: bool,
}

/// Which table the lines belong to.
#[derive(Default, Clone, Copy)]
enum Place {
    #[default]
    Elsewhere,
    Sockets(Protocol),
    Interfaces,
}

/// Sockets of one table.
#[derive(Default, Clone, Copy)]
struct Tally {
    sockets: u32,
    listening: u32,
    outward: u32,
    ownerless: u32,
    unread: u32,
}

struct User {
    uid: u32,
    sockets: u32,
    outward: u32,
}

/// What a row says about one socket.
struct Socket<'a> {
    state: u8,
    uid: u32,
    inode: &'a str,
    outward: bool,
    /// The row from the state on: no addresses.
    raw: &'a str,
}

impl Tables {
    fn line(&mut self, line: &str) {
        if let Some((_, path)) = line.split_once("/proc/net/") {
            self.refusal(path, line);
        } else if line.starts_with("sl ") && line.contains("local_address") {
            let protocol = Protocol::of_heading(line);
            self.sockets[protocol as usize].get_or_insert_default();
            self.place = Place::Sockets(protocol);
        } else if line.contains('|') {
            // Two lines of headings, each cut by bars.
            if line.starts_with("Inter-|") {
                self.place = Place::Interfaces;
                self.interfaces = true;
            }
        } else {
            match self.place {
                Place::Elsewhere => {}
                Place::Sockets(protocol) => self.socket(protocol, line),
                Place::Interfaces => self.interface(line),
            }
        }
    }

    fn refusal(&mut self, path: &str, line: &str) {
        let Some(reason) = refusal(line) else { return };
        let file = path.split([':', '\'', ' ']).next().unwrap_or_default();
        let channel = match Protocol::ALL.iter().find(|protocol| protocol.word() == file) {
            Some(protocol) => ["sockets/", protocol.word()].concat(),
            None if file == "dev" => "network/any".to_owned(),
            None => return,
        };
        self.refused = true;
        self.capture.read(&channel, file, Measure::Count, line, Err(reason));
    }

    fn socket(&mut self, protocol: Protocol, line: &str) {
        let slot = line.split(' ').next().and_then(|word| word.strip_suffix(':')).unwrap_or_default();
        if slot.is_empty() || !slot.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        let tally = self.sockets[protocol as usize].get_or_insert_default();
        tally.sockets += 1;
        let Some(socket) = Socket::read(line) else {
            tally.unread += 1;
            return;
        };
        let tcp = matches!(protocol, Protocol::Tcp | Protocol::Tcp6);
        tally.outward += u32::from(socket.outward);
        tally.listening += u32::from(tcp && socket.state == LISTEN);
        // A socket that its process has closed is printed with user 0 and no inode, whoever had it.
        if socket.inode == "0" {
            tally.ownerless += 1;
            return;
        }
        self.count_user(&socket);
        if self.kept == MAX_SOCKETS {
            return self.capture.fact("truncated", Fact::Flag(true));
        }
        self.kept += 1;
        let channel = ["sockets/", protocol.word(), "/inode/", socket.inode].concat();
        self.capture.read(&channel, "st", Measure::State, socket.raw, Ok(socket.state.into()));
        self.capture.read(
            &[&channel, "/uid"].concat(),
            "uid",
            Measure::State,
            socket.raw,
            Ok(socket.uid.into()),
        );
    }

    fn count_user(&mut self, socket: &Socket<'_>) {
        let outward = u32::from(socket.outward);
        if let Some(user) = self.users.iter_mut().find(|user| user.uid == socket.uid) {
            user.sockets += 1;
            user.outward += outward;
        } else if self.users.len() < MAX_USERS {
            self.users.push(User { uid: socket.uid, sockets: 1, outward });
        } else {
            self.capture.fact("truncated", Fact::Flag(true));
        }
    }

    fn interface(&mut self, line: &str) {
        let Some((name, numbers)) = line.rsplit_once(':') else { return };
        let mut words = [""; DEV_COLUMNS];
        for (slot, word) in words.iter_mut().zip(numbers.split_ascii_whitespace()) {
            if !word.bytes().all(|byte| byte.is_ascii_digit()) {
                return;
            }
            *slot = word;
        }
        if words[0].is_empty() {
            return;
        }
        // A row without all of its columns was cut off, perhaps within a number.
        let whole = !words[DEV_COLUMNS - 1].is_empty();
        for (place, _, tail, unit) in COUNTERS {
            let value = words[place].parse::<u64>().ok().filter(|_| whole).ok_or(Reason::Parse);
            let channel = ["network/", name, tail].concat();
            self.capture.read(&channel, name, unit, words[place], value.map(|value| value as f64));
        }
    }

    fn finish(mut self, text: &str) -> Capture {
        let mut capture = std::mem::take(&mut self.capture);
        let mut read = false;
        let mut unread = false;
        for protocol in Protocol::ALL {
            let Some(tally) = self.sockets[protocol as usize] else { continue };
            read = true;
            unread |= tally.unread > 0;
            tally.write(&mut capture, protocol);
        }
        for user in &self.users {
            let channel = ["sockets/uid/", &user.uid.to_string()].concat();
            let name = user.uid.to_string();
            let mut count =
                |channel: &str, count| capture.read(channel, &name, Measure::Count, "", known(unread, count));
            count(&channel, user.sockets);
            count(&[&channel, "/outward"].concat(), user.outward);
        }
        if let [user] = self.users.as_slice()
            && !unread
        {
            capture.fact("uid", Fact::Number(user.uid.into()));
        }
        if !read && !self.interfaces && !self.refused {
            capture.read("sockets/any", "", Measure::Count, "", Err(nothing_in(text)));
        }
        capture
    }
}

impl Tally {
    fn write(self, capture: &mut Capture, protocol: Protocol) {
        let channel = ["sockets/", protocol.word()].concat();
        let mut count = |tail: &str, value| {
            capture.read(&[&channel, tail].concat(), protocol.word(), Measure::Count, "", value);
        };
        count("", Ok(self.sockets.into()));
        count("/outward", known(self.unread > 0, self.outward));
        count("/ownerless", known(self.unread > 0, self.ownerless));
        if matches!(protocol, Protocol::Tcp | Protocol::Tcp6) {
            count("/listening", known(self.unread > 0, self.listening));
        }
    }
}

impl<'a> Socket<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut words = [""; INODE + 1];
        for (slot, word) in words.iter_mut().zip(line.split_ascii_whitespace()) {
            *slot = word;
        }
        leaves(words[LOCAL])?;
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
            raw: raw.trim(),
        })
    }
}

/// A count, unless rows that could not be read would belong to it.
fn known(unread: bool, count: u32) -> Reading<f64> {
    if unread { Err(Reason::Parse) } else { Ok(count.into()) }
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
