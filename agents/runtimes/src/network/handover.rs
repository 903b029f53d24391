//! The agent's side of the moment in which a new runtime is cut off: taking over what the child has made.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::cut::SAID;

/// How a new runtime was cut off.
#[derive(Debug)]
pub(super) struct Handover {
    /// The child.
    pub(super) pid: u32,
    /// Its network, or why it shares that of the agent.
    pub(super) network: Result<Network, String>,
    /// What hears the calls that its filter stops, or why there is none.
    pub(super) listener: Result<OwnedFd, String>,
    /// The child may go on: it has no filter that nobody hears.
    pub(super) may_go_on: bool,
}

impl Handover {
    /// Hears what the child says and takes what it has made.
    pub(super) fn take(pipe: &mut impl Read) -> io::Result<Self> {
        let mut said = [0; SAID];
        pipe.read_exact(&mut said)?;
        let number = |place: usize| {
            let bytes = [said[place], said[place + 1], said[place + 2], said[place + 3]];
            i32::from_ne_bytes(bytes)
        };
        let (child, network, heard) = (number(0), number(4), number(8));
        let pid = child.unsigned_abs();
        let network = match network {
            // The child's word is not enough: it is looked at from here.
            0 => Network::of(pid)
                .filter(|own| number_of("self").is_some_and(|ours| ours != own.number))
                .ok_or_else(|| "its network is the agent's, or cannot be told from it".to_owned()),
            error => Err(words(error)),
        };
        let listener = if heard < 0 { Err(words(heard)) } else { fetch(child, heard) };
        let may_go_on = heard < 0 || listener.is_ok();
        Ok(Self { pid, network, listener, may_go_on })
    }
}

/// Takes a descriptor out of the child.
fn fetch(child: i32, number: i32) -> Result<OwnedFd, String> {
    let pid = Pid::from_raw(child).ok_or_else(|| words(-libc::ESRCH))?;
    pidfd_open(pid, PidfdFlags::empty())
        .and_then(|process| pidfd_getfd(process, number, PidfdGetfdFlags::empty()))
        .map_err(|error| words(-error.raw_os_error()))
}

fn words(error: i32) -> String {
    let error = Errno::from_raw_os_error(error.saturating_abs());
    if error == Errno::CANCELED { "not tried".to_owned() } else { io::Error::from(error).to_string() }
}

/// The number of the network that a process is in.
fn number_of(process: &str) -> Option<u64> {
    let link = fs::read_link(format!("/proc/{process}/ns/net")).ok()?;
    link.to_str()?.strip_prefix("net:[")?.strip_suffix(']')?.parse().ok()
}

/// A network of its own. While this is held its number is nobody else's.
#[derive(Debug)]
pub(super) struct Network {
    number: u64,
    _pin: File,
}

impl Network {
    fn of(pid: u32) -> Option<Self> {
        let pin = File::open(format!("/proc/{pid}/ns/net")).ok()?;
        Some(Self { number: number_of(&pid.to_string())?, _pin: pin })
    }

    /// The processes in it, as far as they can be looked at.
    pub(super) fn members(&self) -> Vec<Pid> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let numbers = names.filter_map(|name| Pid::from_raw(name.parse().ok()?));
        numbers.filter(|pid| number_of(&pid.to_string()) == Some(self.number)).collect()
    }
}
