//! The device side of ADB over TCP: what a phone's `adbd` does, so that a real ADB server meets a device.
//!
//! ```text
//! listener     hosts connect, faults come, the device restarts
//! connection   hello, proof of a key, streams
//! stream       bytes both ways, each way with a window
//! service      shell, exec, sync, reverse, sockets, reboot
//! ```
//!
//! It serves the file system, the shell and the sockets that its process finds; what makes a phone of them lies around
//! it. Commands are started through [`session`], which the program must offer under [`SESSION_WORD`].
//!
//! A host is not trusted: lengths are bounded, and whoever breaks the protocol is cut off. Nothing outlives its
//! connection but commands that left the session of their shell, or do not heed SIGHUP.

mod connection;
mod control;
mod device;
mod fault;
mod link;
mod listener;
mod message;
mod orphans;
mod relay;
mod reverse;
mod service;
mod session;
mod shell;
mod socket;
mod stream;
mod sync;
mod waker;
mod wire;

pub use control::{obey, say};
pub use device::{Device, Features, Identity, OnReboot, Shell};
pub use fault::{LinkFault, LinkFaultError};
pub use link::{Access, Link};
pub use listener::serve;
pub use session::{SESSION_WORD, session};
