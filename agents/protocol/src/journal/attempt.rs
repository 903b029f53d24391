//! What a runtime tried that would have left the device.

use std::fmt;

use minicbor::{Decode, Encode};

/// One system call, and where it was aimed. Never what it would have carried.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Attempt {
    /// Process that made it.
    #[n(0)]
    pub pid: u32,
    /// Its parents, nearest first, as far as the runtime; bounded.
    #[n(1)]
    pub parents: Vec<u32>,
    /// File name of its program, as far as that is plain letters; bounded.
    #[n(2)]
    pub program: String,
    /// The call, such as `connect`; `foreign` for those of another kind of processor.
    #[n(3)]
    pub call: String,
    /// The socket's family: `inet`, `inet6`, `packet`, `vsock`, `family-N`, `unknown`; `none` where there is no socket.
    #[n(4)]
    pub family: String,
    /// `tcp`, `udp`, `icmp`, `sctp` or `raw`, where it is known.
    #[n(5)]
    pub protocol: Option<String>,
    /// Where its address lies: `public`, `private`, `link-local`, `multicast`, or `loopback` for a server of names there.
    #[n(6)]
    pub reach: Option<String>,
    /// The address, of public ones only.
    #[n(7)]
    pub address: Option<String>,
    /// Its port.
    #[n(8)]
    pub port: Option<u16>,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.call, self.family)?;
        if let Some(protocol) = &self.protocol {
            write!(f, ", {protocol}")?;
        }
        f.write_str(")")?;
        match (&self.address, &self.reach) {
            (Some(address), _) => write!(f, " to {address}")?,
            (None, Some(reach)) => write!(f, " to a {reach} address")?,
            (None, None) => {}
        }
        if let Some(port) = self.port {
            write!(f, " port {port}")?;
        }
        write!(f, " by {} {}", if self.program.is_empty() { "process" } else { &self.program }, self.pid)?;
        self.parents.iter().try_for_each(|parent| write!(f, " < {parent}"))
    }
}
