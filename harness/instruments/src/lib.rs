//! What stands beside a device: power meters, probes of the room, switches of its charger.
//!
//! What they are comes from the lab's own file ([`edgesoak_record::lab`]), as argument lists that run without a shell
//! or as paths of serial lines. [`Instruments`] is the way to them; [`HostInstruments`] are those of this machine.
//!
//! A meter's lines are hostile until they are read: they are cut at [`MAX_LINE`] bytes, and a line that is no reading
//! is counted, told and left out, never guessed. Readings that carry the meter's own time are brought to the host's
//! clock by [`OwnClock`].

#![forbid(unsafe_code)]

mod ambient;
mod csv;
mod decoder;
mod error;
mod instruments;
mod lines;
mod measured;
mod meter_stream;
mod ndjson;
mod own_clock;
mod program;
mod serial_line;
mod theil_sen;

pub use error::InstrumentError;
pub use instruments::{HostInstruments, Instruments, Position};
pub use lines::MAX_LINE;
pub use measured::Measured;
pub use meter_stream::{ByteSource, Heard, MeterStream};
pub use own_clock::OwnClock;
