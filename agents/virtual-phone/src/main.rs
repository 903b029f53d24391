//! The program that plays the agent on a simulated device: the agent itself, on a phone that is not there.
//!
//! More words: `serve` lets a phone live in real time for the real agent, `runner` is the runner of its jobs. `adbd`
//! attaches a phone in which the agent itself runs, `rack` several of them, `link` plants faults of their cables, and
//! `charger` moves their chargers.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use edgesoak_virtual_phone::sandbox::SandboxedPhone;
use edgesoak_virtual_phone::{adbd, inside, rack, serve};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).peekable();
    let word = arguments.peek().and_then(|word| word.to_str()).map(str::to_owned);
    match word.as_deref() {
        Some(adbd::SESSION_WORD) => adbd::session(arguments.skip(1)),
        Some("serve") => serve::serve(arguments.skip(1)),
        Some("runner") => serve::runner(arguments.skip(1)),
        Some("rack") => rack::rack(arguments.skip(1)),
        Some("link") => inside::link(arguments.skip(1)),
        Some("charger") => inside::charger(arguments.skip(1)),
        Some(word) if inside::is_word(word) => inside::main(word, arguments.skip(1)),
        _ => edgesoak_agent::main(arguments, &SandboxedPhone),
    }
}
