//! A process that waits for an answer: who it is, what it points at, and what its descriptors are.

use std::fs::{self, File};
use std::net::{IpAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use rustix::net::{AddressFamily, sockopt};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

/// Parents that are named, and letters of a program's name.
const MOST_PARENTS: usize = 8;
const MOST_LETTERS: usize = 32;

/// What a socket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) family: i32,
    pub(super) protocol: Option<&'static str>,
}

/// Where a socket can be called.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// At an address of the internet.
    Internet(IpAddr),
    /// By a name without a file.
    Name,
    /// By this file, as it was named when it was bound.
    File(PathBuf),
}

/// The process.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) pid: u32,
    memory: Option<File>,
}

impl Caller {
    /// The process of this thread. What cannot be read of it is read as nothing.
    pub(super) fn of(thread: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{thread}/status")).unwrap_or_default();
        let pid = status.lines().find_map(|line| line.strip_prefix("Tgid:")?.trim().parse().ok());
        Self { pid: pid.unwrap_or(thread), memory: File::open(format!("/proc/{thread}/mem")).ok() }
    }

    /// So many bytes of its memory; `None` where it has none there.
    pub(super) fn bytes(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.memory.as_ref()?.read_exact_at(&mut bytes, at).ok()?;
        Some(bytes)
    }

    /// What its descriptor is; `None` where it is no socket, or cannot be looked at.
    pub(super) fn socket(&self, number: u64) -> Option<Kind> {
        let socket = self.descriptor(number)?;
        let family = i32::from(sockopt::socket_domain(&socket).ok()?.as_raw());
        Some(Kind { family, protocol: protocol(&socket) })
    }

    /// Where its socket can be called, as the kernel has it; `None` where it is bound to nothing, is no such socket, or
    /// cannot be looked at.
    pub(super) fn door(&self, number: u64) -> Option<Door> {
        let socket = self.descriptor(number)?;
        if sockopt::socket_domain(&socket).ok()? != AddressFamily::UNIX {
            let address = TcpListener::from(socket).local_addr().ok()?;
            return Some(Door::Internet(address.ip().to_canonical()));
        }
        let address = UnixListener::from(socket).local_addr().ok()?;
        let file = address.as_pathname().map(|path| Door::File(path.to_owned()));
        file.or_else(|| (!address.is_unnamed()).then_some(Door::Name))
    }

    fn descriptor(&self, number: u64) -> Option<OwnedFd> {
        // The upper half of an int is nothing to the kernel.
        let number = i32::try_from(number & u64::from(u32::MAX)).ok()?;
        let pid = Pid::from_raw(i32::try_from(self.pid).ok()?)?;
        let process = pidfd_open(pid, PidfdFlags::empty()).ok()?;
        pidfd_getfd(&process, number, PidfdGetfdFlags::empty()).ok()
    }

    /// Its parents, nearest first, as far as the runtime.
    pub(super) fn parents(&self, runtime: u32) -> Vec<u32> {
        let mut parents = Vec::new();
        let mut pid = self.pid;
        while pid != runtime && pid > 1 && parents.len() < MOST_PARENTS {
            let Some(parent) = parent(pid) else { break };
            parents.push(parent);
            pid = parent;
        }
        parents
    }

    /// The file name of its program, as far as that is plain letters.
    pub(super) fn program(&self) -> String {
        let program = fs::read_link(format!("/proc/{}/exe", self.pid)).unwrap_or_default();
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let plain = |letter: &char| letter.is_ascii_alphanumeric() || "._-".contains(*letter);
        name.chars().filter(plain).take(MOST_LETTERS).collect()
    }

    /// Where the socket file that it names lies, if there is one, or if nobody can tell.
    pub(super) fn socket_file(&self, name: &Path) -> Option<PathBuf> {
        let place = if name.is_absolute() { "root" } else { "cwd" };
        let name = name.strip_prefix("/").unwrap_or(name);
        let named = Path::new("/proc").join(self.pid.to_string()).join(place).join(name);
        match fs::canonicalize(&named).and_then(|path| Ok((fs::metadata(&path)?, path))) {
            Ok((found, path)) => found.file_type().is_socket().then_some(path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(_) => Some(name.to_owned()),
        }
    }
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything.
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn protocol(socket: &OwnedFd) -> Option<&'static str> {
    let protocol = sockopt::socket_protocol(socket).ok()?;
    protocol_word(protocol.map_or(0, |protocol| protocol.as_raw().get()))
}

/// The word of a protocol of the internet.
pub(super) fn protocol_word(number: u32) -> Option<&'static str> {
    Some(match i32::try_from(number).ok()? {
        libc::IPPROTO_TCP => "tcp",
        libc::IPPROTO_UDP => "udp",
        libc::IPPROTO_ICMP | libc::IPPROTO_ICMPV6 => "icmp",
        libc::IPPROTO_SCTP => "sctp",
        _ => return None,
    })
}
