//! What this device can tell about itself: every channel with its open file, read at the sampler's pace.
//!
//! Three layers, from the text up: `parse` turns bytes into integers or reasons and touches no file; `classes`
//! knows where Linux keeps which sensor, one file per kind, listed in one table; [`Bank`] keeps the files open
//! and reads them. A new sensor is one new file under `classes` and one line in its table.
//!
//! A channel that cannot be read has its reason. A kind of sensor that the device lacks altogether has one row
//! whose name ends in `/any`, so that nobody takes silence for health.

#![forbid(unsafe_code)]

mod bank;
pub mod capture;
mod classes;
pub mod clocks;
mod errno;
pub mod identity;
mod label;
mod listing;
pub mod own;
mod parse;
mod root;
mod source;
mod table;

pub use bank::{Bank, FAST, SLOW};
pub use root::Root;
