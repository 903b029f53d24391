//! A phone without a phone: the body of a handheld with a known truth.
//!
//! [`profile`] says what a kind of device is made of, [`body`] lets it heat, throttle and drain, [`load`] is what it is
//! asked to do. [`engine`] works on a body prompt by prompt, [`telemetry`] reads it as an agent would, and [`truth`]
//! says what an analysis of both must find. Everything is deterministic: one seed gives the same bytes on every platform.

#![forbid(unsafe_code)]

pub mod adbd;
pub mod body;
mod complaint;
mod elementary;
pub mod engine;
mod error;
pub mod face;
pub mod fault;
pub mod fleet;
pub mod inside;
pub mod load;
pub mod model;
pub mod profile;
pub mod rack;
pub mod record;
pub mod sandbox;
pub mod serve;
mod speech;
mod spill;
pub mod telemetry;
pub mod truth;

// Tests here and tests outside share one made-up model, which names this crate from outside.
#[cfg(test)]
extern crate self as edgesoak_virtual_phone;
#[cfg(test)]
#[path = "../tests/made/student.rs"]
mod student;

pub use body::Body;
pub use body::surroundings::{Case, Charger, Surroundings};
pub use engine::Engine;
pub use error::PhoneError;
pub use fault::Faults;
pub use load::{Accelerator, Candidate, Load};
pub use model::DescribedModel;
pub use profile::Profile;
pub use telemetry::Telemetry;
pub use truth::Truth;
