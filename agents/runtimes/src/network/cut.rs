//! What a runtime's process does before its first instruction to be cut off: a network of its own, and the filter.
//!
//! The child says through a pipe how far it came and which descriptor hears the filter; it goes on once the agent has
//! taken that. Everything here runs between fork and exec: no memory is taken, and only system calls are made.

use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use libc::sock_filter;
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::process::{getgid, getpid, getuid};
use rustix::thread::UnshareFlags;

use super::{filter, kernel};

/// Length of what the child says, bytes: its number, and how network and filter went.
pub(super) const SAID: usize = 12;
/// The agent's word that the child may go on.
pub(super) const GO: u8 = 1;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) network: bool,
    pub(super) filter: bool,
}

/// Why there is no network of its own.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// It is what it was.
    Refused(Errno),
    /// It is nobody in a namespace of users, and must not go on: whoever started it tries again without.
    Half(Errno),
}

/// Everything that the child needs, made before it is.
#[derive(Debug)]
pub(crate) struct Cut {
    wish: Wish,
    program: Vec<sock_filter>,
    maps: [(&'static str, String); 3],
    pipe: UnixStream,
}

impl Cut {
    pub(super) fn new(wish: Wish, pipe: UnixStream) -> Self {
        let (uid, gid) = (getuid().as_raw(), getgid().as_raw());
        // In a namespace of users, it is who it was.
        let maps = [
            ("/proc/self/setgroups", "deny".to_owned()),
            ("/proc/self/uid_map", format!("{uid} {uid} 1")),
            ("/proc/self/gid_map", format!("{gid} {gid} 1")),
        ];
        let program = filter::ARCHITECTURE.map(filter::program).unwrap_or_default();
        Self { wish, program, maps, pipe }
    }

    /// Cuts this process off. Call it between fork and exec.
    ///
    /// # Errors
    /// Where it must not go on: it is neither what it was nor what it should be.
    pub(crate) fn make(&self) -> io::Result<()> {
        let network =
            if self.wish.network { self.own_network() } else { Err(Trouble::Refused(Errno::CANCELED)) };
        let heard = match network {
            Err(Trouble::Half(error)) => Err(error),
            _ if self.wish.filter => kernel::install(&self.program),
            _ => Err(Errno::CANCELED),
        };
        let network_word = match network {
            Ok(()) => 0,
            Err(Trouble::Refused(error) | Trouble::Half(error)) => -error.raw_os_error(),
        };
        let heard_word = match &heard {
            Ok(listener) => listener.as_raw_fd(),
            Err(error) => -error.raw_os_error(),
        };
        let mut said = [0; SAID];
        let pid = getpid().as_raw_nonzero().get();
        for (place, number) in [pid, network_word, heard_word].into_iter().enumerate() {
            said[4 * place..4 * place + 4].copy_from_slice(&number.to_ne_bytes());
        }
        // A pipe takes so few bytes at once or not at all.
        rustix::io::write(&self.pipe, &said)?;
        if let Err(Trouble::Half(error)) = network {
            return Err(error.into());
        }
        let mut word = [0];
        let read = rustix::io::read(&self.pipe, &mut word)?;
        if (read, word) == (1, [GO]) { Ok(()) } else { Err(Errno::CANCELED.into()) }
    }

    fn own_network(&self) -> Result<(), Trouble> {
        match kernel::unshare(UnshareFlags::NEWNET) {
            Err(Errno::PERM) => {}
            done => return done.map_err(Trouble::Refused),
        }
        kernel::unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNET).map_err(Trouble::Refused)?;
        for (path, text) in &self.maps {
            let written = open(*path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())
                .and_then(|file| rustix::io::write(&file, text.as_bytes()));
            written.map_err(Trouble::Half)?;
        }
        Ok(())
    }
}
