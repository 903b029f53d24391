//! What becomes of a call that was stopped, and what it counts as.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libc::{c_int, c_long};

use super::caller::{Caller, Door, Kind, protocol_word};
use super::destination::{Destination, MOST_BYTES, family};
use super::kernel::{Answer, Waiting};

/// Messages of one call that are looked at; the kernel takes no more.
const MOST_MESSAGES: u64 = 1024;
/// The bits of a socket's type that say what it is.
const TYPE: u64 = 0xf;

/// What a call counts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// Nothing to tell.
    Nothing,
    /// A socket of the internet, which has led nowhere yet.
    Socket,
    /// It leads to the runtime's own loopback.
    Loopback,
    /// It waits for callers from anywhere.
    Listens,
    /// It leads to a socket of another program on the device.
    Neighbour(PathBuf),
    /// A ring of calls past any filter, which is always refused.
    Ring,
    /// It tried to reach beyond the device.
    Attempt(Aim),
}

/// Where an attempt was aimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) call: &'static str,
    pub(super) family: String,
    pub(super) protocol: Option<&'static str>,
    pub(super) to: Option<Destination>,
}

/// Under which circumstances calls are judged.
#[derive(Debug)]
pub(super) struct Bench {
    /// The processor whose calls the filter knows.
    pub(super) architecture: u32,
    /// The runtime has a network of its own. Without one, sockets of the internet are not even made.
    pub(super) has_own_network: bool,
    /// The folder of the runtime, whose sockets are its own.
    pub(super) dir: PathBuf,
}

impl Bench {
    pub(super) fn judge(&self, waiting: &Waiting, caller: &Caller) -> (Answer, What) {
        if waiting.architecture != self.architecture {
            return attempt("foreign", "none", None, None, libc::ENOSYS);
        }
        let [first, second, third, _, fifth, sixth] = waiting.arguments;
        match c_long::from(waiting.number) {
            libc::SYS_socket => self.socket("socket", [first, second, third]),
            libc::SYS_socketpair => self.socket("socketpair", [first, second, third]),
            libc::SYS_connect => self.leads("connect", caller, first, Some((second, third))),
            libc::SYS_sendto => self.leads("sendto", caller, first, Some((fifth, sixth))),
            libc::SYS_sendmsg => self.messages("sendmsg", caller, first, second, 1),
            libc::SYS_sendmmsg => self.messages("sendmmsg", caller, first, second, third),
            libc::SYS_listen => {
                (Answer::GoOn, if self.is_open(caller, first) { What::Listens } else { What::Nothing })
            }
            libc::SYS_setns => attempt("setns", "none", None, None, libc::EPERM),
            libc::SYS_pidfd_getfd => attempt("pidfd_getfd", "none", None, None, libc::EPERM),
            libc::SYS_io_uring_setup => (Answer::Fail(libc::ENOSYS), What::Ring),
            // Of the processors' other sets of calls.
            _ => attempt("foreign", "none", None, None, libc::ENOSYS),
        }
    }

    /// A new socket. Its arguments stand in registers: nobody can change them behind our back.
    fn socket(&self, call: &'static str, [family, kind, protocol]: [u64; 3]) -> (Answer, What) {
        let family = low(family);
        let word = family_word(family);
        match family {
            libc::AF_INET | libc::AF_INET6 if c_int::try_from(kind & TYPE) == Ok(libc::SOCK_RAW) => {
                let protocol = protocol_word(low(protocol).unsigned_abs()).unwrap_or("raw");
                attempt(call, &word, Some(protocol), None, libc::EPERM)
            }
            libc::AF_INET | libc::AF_INET6 if self.has_own_network => (Answer::GoOn, What::Socket),
            libc::AF_INET | libc::AF_INET6 => (Answer::Fail(libc::EACCES), What::Socket),
            // Talks with the kernel: about its own network, or about ciphers.
            libc::AF_NETLINK | libc::AF_ALG | libc::AF_UNSPEC => (Answer::GoOn, What::Nothing),
            libc::AF_PACKET => attempt(call, &word, Some("raw"), None, libc::EPERM),
            _ => attempt(call, &word, None, None, libc::EAFNOSUPPORT),
        }
    }

    /// A call with an address.
    fn leads(
        &self,
        call: &'static str,
        caller: &Caller,
        socket: u64,
        name: Option<(u64, u64)>,
    ) -> (Answer, What) {
        let Some((at, length)) = name.filter(|(at, _)| *at != 0) else {
            return (Answer::GoOn, What::Nothing);
        };
        let length = usize::try_from(low(length)).unwrap_or(0).min(MOST_BYTES);
        let bytes = caller.bytes(at, length);
        let kind = caller.socket(socket);
        match (kind, bytes) {
            // Neither what it is nor where it leads: what cannot be judged does not go on.
            (None, None) => attempt(call, "unknown", None, None, libc::ENETUNREACH),
            // The kernel cannot read it either, or it is shorter than any address.
            (Some(_), None) => (Answer::GoOn, What::Nothing),
            (kind, Some(bytes)) => self.aimed(call, kind, &bytes, caller),
        }
    }

    fn aimed(&self, call: &'static str, kind: Option<Kind>, bytes: &[u8], caller: &Caller) -> (Answer, What) {
        // The socket decides what the kernel makes of the address, as far as the socket can be looked at.
        let family = kind.map(|kind| kind.family).or_else(|| family(bytes)).unwrap_or(libc::AF_UNSPEC);
        let protocol = kind.and_then(|kind| kind.protocol);
        match family {
            libc::AF_UNIX => (Answer::GoOn, self.neighbour(bytes, caller)),
            libc::AF_NETLINK | libc::AF_ALG | libc::AF_UNSPEC => (Answer::GoOn, What::Nothing),
            libc::AF_INET | libc::AF_INET6 => {
                let no_longer = call == "connect" && self::family(bytes) == Some(libc::AF_UNSPEC);
                match Destination::read(bytes) {
                    _ if no_longer => (Answer::GoOn, What::Nothing),
                    Some(to) if to.stays() => (Answer::GoOn, What::Loopback),
                    to => attempt(call, &family_word(family), protocol, to, libc::ENETUNREACH),
                }
            }
            _ => attempt(call, &family_word(family), protocol, None, libc::ENETUNREACH),
        }
    }

    /// Where a socket file, or a name without a file, leads.
    fn neighbour(&self, bytes: &[u8], caller: &Caller) -> What {
        let name = bytes.get(2..).unwrap_or_default();
        match name.first() {
            None => What::Nothing,
            // A name without a file is of the network, which is the runtime's own.
            Some(0) if self.has_own_network => What::Nothing,
            Some(0) => What::Neighbour(PathBuf::new()),
            Some(_) => {
                let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
                let file = caller.socket_file(Path::new(OsStr::from_bytes(&name[..end])));
                file.filter(|path| !path.starts_with(&self.dir)).map_or(What::Nothing, What::Neighbour)
            }
        }
    }

    /// Whether others than the runtime can call a socket that waits.
    fn is_open(&self, caller: &Caller, socket: u64) -> bool {
        match caller.door(socket) {
            None => false,
            Some(Door::Internet(address)) => !address.is_loopback(),
            Some(Door::Name) => !self.has_own_network,
            // One that is not where it was bound may be anywhere.
            Some(Door::File(name)) => {
                caller.socket_file(&name).is_none_or(|path| !path.starts_with(&self.dir))
            }
        }
    }

    /// Messages with a name each. One that leaves condemns the call.
    fn messages(
        &self,
        call: &'static str,
        caller: &Caller,
        socket: u64,
        at: u64,
        count: u64,
    ) -> (Answer, What) {
        let word = size_of::<usize>();
        let mut said = (Answer::GoOn, What::Nothing);
        for place in 0..(count & u64::from(u32::MAX)).min(MOST_MESSAGES) {
            let at = at.saturating_add(place * size_of::<libc::mmsghdr>() as u64);
            let Some(head) = caller.bytes(at, 2 * word) else {
                // One that the kernel cannot read ends its call; one that only we cannot read must not go on.
                return match caller.socket(socket) {
                    Some(_) => said,
                    None => attempt(call, "unknown", None, None, libc::ENETUNREACH),
                };
            };
            let (name, length) = (number(&head[..word]), number(&head[word..word + 4]));
            match self.leads(call, caller, socket, Some((name, length))) {
                attempt @ (Answer::Fail(_), _) => return attempt,
                (_, What::Nothing) => {}
                found => said = found,
            }
        }
        said
    }
}

fn attempt(
    call: &'static str,
    family: &str,
    protocol: Option<&'static str>,
    to: Option<Destination>,
    error: c_int,
) -> (Answer, What) {
    (Answer::Fail(error), What::Attempt(Aim { call, family: family.to_owned(), protocol, to }))
}

/// An int of a register: its upper half is nothing to the kernel.
fn low(register: u64) -> c_int {
    let [first, second, third, fourth, ..] = register.to_le_bytes();
    c_int::from_le_bytes([first, second, third, fourth])
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn family_word(family: c_int) -> String {
    match family {
        libc::AF_INET => "inet".to_owned(),
        libc::AF_INET6 => "inet6".to_owned(),
        libc::AF_PACKET => "packet".to_owned(),
        libc::AF_NETLINK => "netlink".to_owned(),
        libc::AF_VSOCK => "vsock".to_owned(),
        other => format!("family-{other}"),
    }
}

/// Whether a path may be shown: short and plain.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().chars().filter(char::is_ascii_graphic).take(80).collect()
}
