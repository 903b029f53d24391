//! From arguments to an exit code: the only place that talks to whoever called.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use edgesoak_protocol::probe::AgentState;
use edgesoak_sensors::Root;
use rustix::fs::Mode;
use serde::Serialize;

use crate::arguments::{Command, HELP, Place, RunAndSession, SessionCommand, parse};
use crate::error::AgentError;
use crate::layout::AgentRoot;
use crate::{captured, clock, detach, follow, probe, status, stop, verify};

/// The whole program: arguments in (without the program's name), exit code out.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Everything the agent writes is private, whatever its caller's habits.
    rustix::process::umask(Mode::from_raw_mode(0o077));
    match parse(arguments).and_then(execute) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let mut stderr = io::stderr();
            let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            // There is nobody left to tell if even this fails.
            let _ = writeln!(stderr, "edgesoak-agent: {}{hint}", error.sentence());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Carries out one command; the exit code where it went as asked.
pub fn execute(command: Command) -> Result<u8, AgentError> {
    match command {
        Command::Help => print(HELP.as_bytes()).map(|()| 0),
        Command::Version => {
            print(concat!("edgesoak-agent ", env!("CARGO_PKG_VERSION"), "\n").as_bytes()).map(|()| 0)
        }
        Command::Clock => {
            clock::answer(io::stdin().lock(), &mut io::stdout()).map_err(stream_failed).map(|()| 0)
        }
        Command::Probe(place) => print_json(&probe::probe(&place.open()?, &place.system())?).map(|()| 0),
        Command::Parse(kind, file) => print_json(&captured::parse(kind, &file)?).map(|()| 0),
        Command::Verify(place, files) => {
            let root = place.open()?;
            let mut code = 0;
            for file in files {
                let found = verify::verify(&root, &file);
                if found.missing.is_some() {
                    code = 4;
                }
                print_json(&found)?;
            }
            Ok(code)
        }
        Command::Session(place, command, name) => execute_session(&place, command, &name),
    }
}

fn execute_session(place: &Place, command: SessionCommand, name: &RunAndSession) -> Result<u8, AgentError> {
    let name = &name.0;
    let system = place.system();
    match command {
        SessionCommand::Supervise => detach::supervise(&place.root, name, &system).map(|()| 0),
        SessionCommand::Start => print_json(&detach::start(&place.open()?, name, &system)?).map(|()| 0),
        SessionCommand::Follow(from) => {
            follow::follow(&place.open()?, name, from, &mut io::stdout().lock()).map(|()| 0)
        }
        SessionCommand::Status => print_json(&status::status(&place.open()?, name, &system)?).map(|()| 0),
        SessionCommand::Stop(patience) => {
            let became = stop::stop(&place.open()?, name, &system, patience)?;
            print_json(&became)?;
            Ok(match became.state {
                AgentState::Finished | AgentState::Absent => 0,
                AgentState::Dead => 3,
                AgentState::Running => 4,
            })
        }
    }
}

impl Place {
    fn open(&self) -> Result<AgentRoot, AgentError> {
        AgentRoot::open(&self.root)
    }

    fn system(&self) -> Root {
        Root::new(&self.system)
    }
}

fn print_json(document: &impl Serialize) -> Result<(), AgentError> {
    let mut text = serde_json::to_vec(document).map_err(|error| stream_failed(error.into()))?;
    text.push(b'\n');
    print(&text)
}

fn print(text: &[u8]) -> Result<(), AgentError> {
    let mut out = io::stdout();
    out.write_all(text).and_then(|()| out.flush()).map_err(stream_failed)
}

fn stream_failed(error: io::Error) -> AgentError {
    AgentError::io("writing", "stdout")(error)
}
