//! llama.cpp in its own process, speaking the runner protocol on stdin and stdout.
//!
//! The engine decodes on the main thread; a second thread only reads requests. Final text comes in: templates
//! and retrieval are the agent's.

mod certainty;
mod compiled;
mod cpu;
mod decode;
mod error;
mod greedy;
mod load;
mod placement;
mod pulse;
mod session;
mod text;
mod wire;

use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

const HELP: &str = "\
Runs a GGUF model with llama.cpp and speaks the runner protocol on stdin and stdout.

    edgesoak-gguf-runner

It takes no arguments: requests come as JSON lines, see docs/runner_protocol.md.
";

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("-h" | "--help") => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        // The argument is not repeated: it might be a prompt.
        Some(_) => {
            eprintln!("edgesoak-gguf-runner takes no arguments");
            return ExitCode::from(2);
        }
    }
    // A core would hold prompts. Both calls are repeated here because not every caller makes them for us; where
    // the kernel refuses, the end of stdin ends us still.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    compiled::keep_log();
    session::serve(&mut wire::Wire::open());
    ExitCode::SUCCESS
}
