//! Reach a device: put files on it, run programs there, read what they print. A driver carries bytes and knows
//! no message of ours.
//!
//! Every driver gives each device one private directory, [`Driver::root`]; all paths are relative to it and no
//! call ever waits without a deadline. To add a driver: one module with an implementation of [`Driver`], and one
//! line in the table of [`open`].

#![forbid(unsafe_code)]

mod adb;
mod argv;
mod byte_stream;
mod driver;
mod error;
mod kinds;
mod local;
mod remote_path;
mod simulated;
mod usb;

pub use adb::{
    Adb, Attached, WORKER_WORD, WorkerProgram, adb_worker, attached, is_on_this_host, protocol_version,
    start_server, usual_server,
};
pub use argv::Argv;
pub use byte_stream::{ByteStream, Chunk, ChunkSource, Ended};
pub use driver::{Conversation, Driver, Listed, Output};
pub use error::{DriverError, Whose};
pub use kinds::{DeviceAddress, abis, agent_program, kinds, open};
pub use local::Local;
pub use remote_path::RemotePath;
pub use simulated::Simulated;
pub use usb::{InterfaceClass, UsbDevice, UsbOffer, by_hub, usb_devices};
