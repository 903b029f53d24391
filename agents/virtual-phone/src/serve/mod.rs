//! `serve`: a virtual phone in real time, or faster, with the face of its operating system.
//!
//! ```text
//! DIR/proc, DIR/sys, DIR/etc     files of the system, written in place ten times a second
//! DIR/programs                   stand-ins for the programs of the system
//! DIR/answers                    what they print
//! DIR/run/runner.sock            where a runner finds the engine of the phone
//! DIR/data/log                   what the runtime logs, where a fault has it log
//! ```
//!
//! The agent itself reads this tree, with `--root DIR --programs DIR/programs`. The runner of its job is this program
//! again, as `runner --phone DIR`: it speaks the runner protocol, and its tokens come when the body of the phone has
//! written them. So heat follows the prompts that the agent submits, and tokens follow the heat.
//!
//! The one clock of it all is the machine's monotonic clock, times the speed.

mod arguments;
mod attached;
mod desk;
mod device;
mod ending;
mod error;
mod leaks;
mod pace;
mod phone;
mod plan;
mod prompt;
mod relay;
mod requests;
mod seen;
mod tree;
mod words;

pub(crate) use arguments::wrong;
pub use arguments::{Options, RunnerOptions};
pub(crate) use attached::SHOWN;
pub(crate) use ending::Ending;
pub use error::ServeError;
pub(crate) use phone::{Button, Outlet, Phone};
pub use relay::relay;
pub use words::{runner, serve};
