//! `edgesoak`: arguments, words and exit codes. What it does lies in the other crates; this one wires them.

#![forbid(unsafe_code)]

mod args;
mod bounded;
mod command;
mod failure;
mod keys;
mod places;
mod progress;
mod record_sink;
mod sentences;
mod side_by_side;
mod stored;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command, GoldenAction};
use crate::failure::{CONFIG, Failure};

fn main() -> ExitCode {
    // Not for people: devices are spoken to by this program again, in processes that can be killed.
    if std::env::args_os().nth(1).is_some_and(|word| word == edgesoak_drivers::WORKER_WORD) {
        return edgesoak_drivers::adb_worker();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error),
    };
    let judges = matches!(
        arguments.command,
        Command::Run { .. }
            | Command::Resume { .. }
            | Command::Judge { .. }
            | Command::Gate { .. }
            | Command::Select(_)
            | Command::Golden { action: GoldenAction::Score(_) }
    );
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

/// Help, or arguments that do not exist. Who waits for a verdict gets its line then, too.
fn misused(error: &clap::Error) -> ExitCode {
    // A reader that went away is no error.
    let _ = error.print();
    let words: Vec<String> = std::env::args().skip(1).take(2).collect();
    let judges = match words.first().map(String::as_str) {
        Some("run" | "resume" | "judge" | "gate" | "select") => true,
        Some("golden") => words.get(1).is_some_and(|word| word == "score"),
        _ => false,
    };
    if error.use_stderr() && judges {
        terminal::tell(&Failure::config("").reason("usage").last_line());
    }
    ExitCode::from(if error.use_stderr() { CONFIG } else { 0 })
}
