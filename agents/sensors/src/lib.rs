//! What this device can tell about itself: every channel with its open file, read at the sampler's pace.
//!
//! Three layers, from the text up: `parse` turns bytes into integers or reasons and touches no file; `classes`
//! knows where Linux keeps which sensor, one file per kind, listed in one table; [`Bank`] keeps the files open
//! and reads them. A new sensor is one new file under `classes` and one line in its table.
//!
//! What only a program tells (`dumpsys`, `vcgencmd`) goes through [`capture`], which reads whole texts. Each such
//! command is a [`CommandSource`] with a group of its own, to be asked on another thread than the sampler's.
//!
//! All of it reads a [`Root`]: this device, or a folder recorded on another.
//!
//! A channel that cannot be read has its reason. A kind of sensor that the device lacks altogether has one row
//! whose name ends in `/any`, so that nobody takes silence for health.

#![forbid(unsafe_code)]

pub mod apps;
mod bank;
pub mod capture;
mod classes;
pub mod clocks;
mod command;
mod errno;
mod facts;
pub mod identity;
mod interfaces;
mod label;
mod listing;
pub mod own;
mod pack;
mod parse;
pub mod records;
mod refused;
mod root;
pub mod sockets;
mod source;
mod table;
mod thermal_limits;

pub use bank::{Bank, FAST, SLOW};
pub use command::{Answer, CommandSource, Limits, RawOutput};
pub use interfaces::Sent;
pub use pack::Pack;
pub use root::Root;
pub use thermal_limits::thermal_limits;
