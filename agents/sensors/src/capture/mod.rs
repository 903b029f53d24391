//! What one captured output of a device says: text in, readings with reasons out. Pure; touches no file.
//!
//! One file per kind of output, listed in [`Kind`]. Texts come from devices of every vendor and version: unknown
//! lines never disturb known ones, and nothing that a text says can make a parser panic or allocate without bound.

mod exit_info;
mod getprop;
mod kind;
mod lines;
mod lmkd;
mod netstats;
mod proc_net;
mod reading;

pub use kind::Kind;
pub use reading::{Capture, CapturedReading, Fact, MAX_READINGS, Measure};
