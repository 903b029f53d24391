//! `edgesoak`: arguments, words and exit codes. What it does lies in the other crates; this one wires them.

#![forbid(unsafe_code)]

mod args;
mod command;
mod failure;
mod places;
mod progress;
mod record_sink;
mod sentences;
mod stored;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let judges =
        matches!(arguments.command, Command::Run { .. } | Command::Resume { .. } | Command::Judge { .. });
    match command::dispatch(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            terminal::tell(&failure.render());
            if judges {
                terminal::tell(&failure.last_line());
            }
            ExitCode::from(failure.exit())
        }
    }
}
