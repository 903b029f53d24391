//! The host's conductor: plan -> provision -> phases -> journals on disk, for any number of devices at once.
//!
//! [`machine`] says what comes next and does nothing; everything else carries it out. All that happens is written
//! to `<out>/runs/<run>/host.journal` and `<out>/runs/<run>/<session>/device.journal` first and told to the
//! [`Sink`]s then, so that a run can be taken up again by [`resume`] after the host died at any moment.
//!
//! ```text
//! <out>/runs/<run>/host.journal              one JSON object per line, synced before anything depends on it
//!                  inputs/<sha256>           prompts, corpora and templates, so that a resume needs no matrix
//!                  <session>/job.json        what the agent was told
//!                  <session>/device.journal  the device's journal, byte for byte
//!                  lock                      held while a process works on the run
//!                  reserve                   room held back, so that a run on a full disk can be closed
//! ```

#![forbid(unsafe_code)]

mod agent;
mod canaries;
mod clock_offset;
mod conduct;
mod context;
mod device_probe;
mod device_state;
mod error;
mod event;
mod events;
mod exam;
mod fleet;
mod glance;
mod golden_sets;
mod host_book;
mod host_journal;
mod host_lease;
mod hubs;
mod import;
mod job;
mod journal_copy;
mod lease;
pub mod machine;
mod maker;
mod memory;
mod notices;
mod opening;
mod quarantine;
mod request;
mod run_id;
mod run_secrets;
mod searching;
mod sensitive_terms;
mod session;
mod setback;
mod sharing;
mod sink_thread;
mod tenancy;
mod terms;
mod world;

pub use conduct::{record_note, record_verdict, resume, run};
pub use device_probe::{Stand, probe_device, stand_of};
pub use device_state::{DeviceState, Heat, StopLimits};
pub use edgesoak_drivers::Whose;
pub use edgesoak_instruments::{ByteSource, InstrumentError, Instruments, MeterStream, Position};
pub use edgesoak_protocol::probe::{Probe, ProbedChannel};
pub use edgesoak_protocol::quality::{Convention, Doubt, Found, Quality, Sign};
pub use error::ControllerError;
pub use event::{Pace, Progress, RunEvent, Sink};
pub use glance::{Glance, Identity, Told, glance, wake};
pub use host_lease::lease_holder;
pub use import::{ImportRequest, ImportedRun, keep_import};
pub use maker::Maker;
pub use quarantine::{HealthCheck, Quarantined, Ward};
pub use request::{ProbeRequest, ResumeRequest, RunReport, RunRequest};
pub use run_secrets::{Hunt, RunSecrets};
pub use tenancy::held_elsewhere;
pub use terms::{PUSHES_PER_HUB, Terms};
pub use world::{
    BuiltInDrivers, Clock, Disk, FileDigest, Lock, Randomness, Reach, SystemClock, SystemDisk,
    SystemRandomness, World,
};
