//! `/proc/net/tcp`, `tcp6`, `udp`, `udp6` and `dev`: who has sockets, and what every interface moved. Addresses
//! and ports decide whether a socket leaves the device and are not kept.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in, refusal};
use super::socket_row::{LISTEN, Protocol, Socket};
use super::{Capture, Fact, Measure};

/// Sockets whose state and inode are kept, and users that are told apart; more are counted.
const MAX_SOCKETS: usize = 1024;
const MAX_USERS: usize = 256;
/// Interfaces that are kept, and refused files that are named: so few that every count finds room.
const MAX_INTERFACES: usize = 256;
const MAX_REFUSED: usize = 16;
/// Columns of `dev` behind the interface's name: place, channel, unit.
const COUNTERS: [(usize, &str, Measure); 4] = [
    (0, "/rx-bytes", Measure::Byte),
    (1, "/rx-packets", Measure::Count),
    (8, "/tx-bytes", Measure::Byte),
    (9, "/tx-packets", Measure::Count),
];
const DEV_COLUMNS: usize = 16;

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
    /// `dev` was printed, and with how many interfaces.
    interfaces: Option<usize>,
    refused: usize,
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
                self.interfaces.get_or_insert(0);
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
        let Some(reason) = refusal(line).filter(|_| self.refused < MAX_REFUSED) else { return };
        let file = path.split([':', '\'', ' ']).next().unwrap_or_default();
        let channel = match Protocol::ALL.iter().find(|protocol| protocol.word() == file) {
            Some(protocol) => ["sockets/", protocol.word()].concat(),
            None if file == "dev" => "network/any".to_owned(),
            None => return,
        };
        self.refused += 1;
        self.capture.read(&channel, file, Measure::Count, line, Err(reason));
    }

    fn socket(&mut self, protocol: Protocol, line: &str) {
        if !Socket::begins(line) {
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
        let interfaces = self.interfaces.get_or_insert_default();
        if *interfaces == MAX_INTERFACES {
            return self.capture.fact("truncated", Fact::Flag(true));
        }
        *interfaces += 1;
        // A row without all of its columns was cut off, perhaps within a number.
        let whole = !words[DEV_COLUMNS - 1].is_empty();
        for (place, tail, unit) in COUNTERS {
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
        if self.interfaces == Some(0) {
            // The headings of `dev` alone: even a name space without a network has its loopback.
            capture.read("network/any", "dev", Measure::Count, "", Err(Reason::Absent));
        } else if !read && self.interfaces.is_none() && self.refused == 0 {
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

/// A count, unless rows that could not be read would belong to it.
fn known(unread: bool, count: u32) -> Reading<f64> {
    if unread { Err(Reason::Parse) } else { Ok(count.into()) }
}
