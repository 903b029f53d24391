//! A runner without an engine: it speaks the runner protocol with a timing and faults that its caller chose.
//!
//! It serves tests of everything above the runner. It says `scripted` where a real runner names its engine,
//! so that no record of it can be mistaken for a model's.

#![forbid(unsafe_code)]

mod answer;
mod options;
mod phone;
mod play;
mod requests;
mod say;
mod schedule;

use std::process::ExitCode;

use rustix::process::{Signal, set_parent_process_death_signal};

fn main() -> ExitCode {
    let options = match options::parse(lexopt::Parser::from_env()) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("edgesoak-scripted-runner: {error}");
            return ExitCode::from(2);
        }
    };
    // Refused only where the kernel lacks it; the end of stdin ends us there.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    if let Some(folder) = &options.phone {
        return phone::play(folder);
    }
    play::play(&options, &requests::listen(), std::io::stdout());
    ExitCode::SUCCESS
}
