//! The program that plays the agent on a simulated device: the agent itself, on a phone that is not there.
//!
//! Two words more: `serve` lets a phone live in real time for the real agent, and `runner` is the runner of its jobs.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use edgesoak_virtual_phone::sandbox::SandboxedPhone;
use edgesoak_virtual_phone::{adbd, serve};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).peekable();
    let word = arguments.peek().and_then(|word| word.to_str()).map(str::to_owned);
    match word.as_deref() {
        Some(adbd::SESSION_WORD) => adbd::session(arguments.skip(1)),
        Some("serve") => serve::serve(arguments.skip(1)),
        Some("runner") => serve::runner(arguments.skip(1)),
        _ => edgesoak_agent::main(arguments, &SandboxedPhone),
    }
}
