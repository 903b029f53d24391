//! `adbd`: a virtual phone that a real ADB server can reach, and the place in which its programs run.
//!
//! ```text
//! adbd            outside, and waits        makes the folder, says why where the system forbids it
//!   adbd:hardware   users, mounts, processes  the body and its files, which outlive every boot
//!     adbd:boot       mounts, processes, network  process 1 of a boot: builds the root, mounts what shows the body, reaps
//!       adbd:daemon     users                     the shell's user 2000, who may nothing: serves ADB
//! ```
//!
//! Each level is this program again, in namespaces of its own made by `unshare` of util-linux, so nothing here needs to be
//! set up by an administrator and nothing outlives its level: when the hardware ends, its processes and mounts are gone.
//! A phone that reboots loses its processes and its boot identity, and keeps its data, its heat and its charge.

mod arguments;
mod daemon;
mod daemon_environment;
mod error;
mod hardware;
mod kernel;
mod loopback;
mod mounts;
mod namespaces;
mod power;
mod root;
mod shown;
mod supervisor;
mod toolbox;
mod variant;
mod words;

pub use arguments::Options;
pub use error::InsideError;
pub(crate) use namespaces::try_out;
pub use variant::Variant;
pub use words::{charger, is_word, link, main};
