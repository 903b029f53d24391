//! A runner without a model: it looks answers up in its artifact, the entry that shares most words with the question.
//!
//! The artifact is a file of JSON lines: documents `{"id", "title", "text"}`, which are answered from by their best
//! sentence and cited, or examples `{"id", "text", "answer"}`, which are answered by what they are labelled. What fits too
//! badly is not answered.

#![forbid(unsafe_code)]

mod answer;
mod options;
mod serve;
mod wire;

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
            eprintln!("edgesoak-lookup-runner: {error}");
            return ExitCode::from(2);
        }
    };
    // Refused only where the kernel lacks it; the end of stdin ends us there.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    serve::serve(&options, &mut std::io::stdin().lock(), std::io::stdout().lock());
    ExitCode::SUCCESS
}
