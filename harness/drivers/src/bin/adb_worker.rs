//! A worker of the driver `adb` as a program of its own, for whoever uses this crate without EdgeSoak's own program,
//! as this crate's tests do.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    edgesoak_drivers::adb_worker()
}
