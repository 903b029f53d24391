//! Starts an engine's runner as a child process and talks the runner protocol with it.
//!
//! Everything that comes out of a runner is hostile: lines are bounded, a line that is no event becomes
//! [`Received::Malformed`], and a runner that neither reads nor writes never blocks the agent.
//!
//! Threads: the runner dies with the **thread** that spawned it (`PR_SET_PDEATHSIG`), so spawn from one that
//! lives as long as the session.

mod confine;
pub mod conformance;
mod error;
mod examine;
mod last_words;
mod lines;
mod listen;
mod network;
mod process;
mod withhold;

pub use error::RuntimeError;
pub use listen::Received;
pub use network::{Account, Tell, Watch};
pub use process::{RunnerProcess, Spawn};
