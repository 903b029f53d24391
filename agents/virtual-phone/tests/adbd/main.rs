//! The device side of ADB: against a host of literal bytes, and against the real ADB server where there is one.

mod bench;
mod devices;
mod faults;
mod files;
mod host;
mod ports;
mod protocol;
mod server;
mod shell;
