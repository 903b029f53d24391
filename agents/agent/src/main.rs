//! The binary that is pushed to a device. All of it lies in the library, so that a simulated device can use it.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    edgesoak_agent::main(std::env::args_os().skip(1), &edgesoak_agent::Hardware)
}
