//! What was planned and what happened: the nouns that every part of the host shares. No I/O.
//!
//! `matrix` makes a [`plan::Plan`]; `controller` writes [`host_entry::HostEntry`]s beside the device journals;
//! `store` turns both into a [`run::Run`]; `gates` judge it into a [`verdict::RunVerdict`]; `reports` show both.

#![forbid(unsafe_code)]

pub mod answer;
pub mod baseline;
pub mod canonical;
pub mod channel_class;
pub mod comparison;
pub mod examined;
pub mod explanation;
pub mod fleet;
pub mod gate;
pub mod golden;
mod hex;
pub mod host_entry;
pub mod import;
pub mod lab;
pub mod leaks;
pub mod memory;
pub mod meter;
pub mod nearest;
pub mod not_run;
pub mod plan;
pub mod policy;
pub mod prediction;
pub mod release;
pub mod routing;
pub mod run;
mod samples;
pub mod session;
pub mod slowdown;
pub mod soak_shape;
pub mod trial;
mod tried;
pub mod verdict;

pub use channel_class::{ChannelClass, follows_the_air, is_clock_of};
pub use comparison::Comparison;
pub use edgesoak_protocol::channel::{Quantity, Unit};
pub use edgesoak_protocol::quality;
pub use edgesoak_protocol::reading::{Reading, Reason};
pub use edgesoak_protocol::thermal_limits;
pub use edgesoak_protocol::units;
pub use gate::{Direction, Gate};
pub use hex::hex;
pub use import::Import;
pub use lab::Lab;
pub use leaks::LeakRecord;
pub use memory::{MemoryOutlook, MemoryPrediction};
pub use meter::{AmbientReading, MeterTrace, PowerReading};
pub use not_run::NotRun;
pub use plan::{Plan, PlannedSession};
pub use policy::Policy;
pub use prediction::Prediction;
pub use release::Release;
pub use run::Run;
pub use session::SessionRecord;
pub use slowdown::Slowdown;
pub use soak_shape::SoakShape;
pub use trial::{SessionTrial, Trial};
pub use tried::Tried;
pub use verdict::{GateResult, Outcome, RunVerdict, SessionVerdict, Verdict};
