//! The contract between host, agent and runners: units, readings, channels, the job, the journal and the
//! runner protocol. The lowest layer: it does no I/O of its own and knows no operating system.

#![forbid(unsafe_code)]

pub mod answer_script;
pub mod channel;
pub mod job;
pub mod journal;
pub mod probe;
pub mod quality;
pub mod reading;
pub mod rule;
pub mod runner;
pub mod supply;
pub mod sweep;
pub mod thermal_limits;
pub mod units;

pub use channel::{ChannelSpec, Group, Quantity, Unit};
pub use reading::{RawReading, Reading, Reason};
pub use thermal_limits::ThermalLimits;
