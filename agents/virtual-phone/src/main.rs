//! The program that plays the agent on a simulated device: the agent itself, on a phone that is not there.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use edgesoak_virtual_phone::sandbox::SandboxedPhone;

fn main() -> ExitCode {
    edgesoak_agent::main(std::env::args_os().skip(1), &SandboxedPhone)
}
