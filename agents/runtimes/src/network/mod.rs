//! A runtime that is cut off from every network, with a list of whatever it tries all the same.
//!
//! Before its first instruction its process gets an empty network of its own and a filter of system calls, which all its
//! descendants inherit. Calls that could lead beyond the device wait until a thread of the agent has looked at them:
//! those that would leave are told and refused, all others go on.

mod caller;
mod cut;
mod destination;
mod filter;
mod handover;
mod kernel;
mod supervise;
mod verdict;
mod watch;

pub(crate) use cut::Cut;
pub use supervise::Tell;
pub(crate) use watch::cut_off;
pub use watch::{Account, Watch};
