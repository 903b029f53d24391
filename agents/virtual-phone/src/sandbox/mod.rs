//! A phone in a sandbox: a folder that a driver of the host keeps for it, reached through the agent's own commands.
//!
//! ```text
//! HOME/phone.toml                which phone it is; written by the driver
//! HOME/ahead_ns                  how far its bench is ahead of the host; raised by host and phone
//! HOME/clocks.json               what its clocks went through: sleep, jumps, restarts
//! HOME/system/                   the few files of an operating system that the agent asks for, and its settings
//! ```
//! Everything else lies where the agent keeps it on any device.

mod bench;
mod digests;
mod error;
mod glance;
mod phone;
mod probe;
mod sheet;
mod soak;
mod spoken;
mod switches;

pub use error::SandboxError;
pub use phone::SandboxedPhone;
pub use sheet::Sheet;
