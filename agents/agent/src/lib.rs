//! The agent: the one program of ours that runs on a device. It samples, decodes through a runner and keeps the
//! journal, whether or not anybody is attached.
//!
//! Threads, no async: the main thread drives the run and owns the runner (which dies with that thread), one
//! thread samples files, one runs the commands whose output is read, one writes the journal to disk.
//!
//! ```text
//! HOME/                            private to its owner
//!   bin/                           the agent
//!   store/<sha256>                 artifacts, by content
//!   sessions/<run>/<session>/      job.json, journal, stop, reserve, agent.log, scratch/
//!   lease                          locked by the one session that runs
//!   tenant                         the host and run that use the device, and until when
//!   changes.json                   settings that are changed and not given back yet
//! ```
//!
//! What simulates a device is the same agent with another [`Device`] below it.

#![deny(unsafe_code)]

mod aftermath;
mod alarm;
mod answering;
mod answers;
mod arguments;
mod bins;
mod captured;
mod claim;
mod claims;
mod clock;
mod commands;
mod detach;
mod device;
mod digest;
mod disk;
mod egress;
mod engine;
mod error;
mod follow;
mod hand_over;
mod inputs;
mod interrupt;
mod job_file;
mod journal;
mod known_digest;
mod layout;
mod lease;
mod limits;
mod pack;
mod probe;
mod process_group;
mod sampler;
mod schedule;
mod session;
mod settings;
mod settle;
mod soak;
mod status;
mod stop;
mod stream;
mod supplies;
mod sweep;
mod temperatures;
mod unplug;
mod verify;
mod watchdog;
mod watching;
mod words;
mod worker;

pub use alarm::End;
pub use arguments::{Command, HELP, Look, System, parse};
pub use bins::Bins;
pub use claim::{Claim, Plan};
pub use device::{AnswerRecords, Device, Handed, Hardware};
pub use digest::{Fingerprint, fingerprint, salted, sha256_hex};
pub use error::{AgentError, Whose};
pub use layout::{Home, SessionName};
pub use limits::broken;
pub use schedule::{Due, Schedule};
pub use settings::{Held, Kept};
pub use settle::{Decision, Evidence, Settling, decide, judge};
pub use temperatures::Temperatures;
pub use watching::{Series, qualities};
pub use words::{execute, main};
