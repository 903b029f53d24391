//! Readings that a program prints: which programs, what counts in their answers, how they are run.
//!
//! A program is run without a shell, under a deadline and with a bound on what it may print, so that one that
//! hangs or floods costs the device no more than that. On a recorded folder its answer is a file.

mod answer;
mod filter;
pub(crate) mod find;
mod list;
pub(crate) mod live;
pub(crate) mod recorded;
mod service_cpu;
mod source;
mod wanted;

pub(crate) use list::Command;
pub(crate) use service_cpu::Server;
pub(crate) use source::period;

pub use answer::{Answer, Limits};
pub use source::{CommandSource, RawOutput};
