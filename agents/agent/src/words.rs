//! From arguments to an exit code: the only place that talks to whoever called.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use edgesoak_protocol::probe::AgentState;
use edgesoak_sensors::Root;
use rustix::fs::Mode;
use serde::Serialize;

use crate::arguments::{Command, HELP, Place, RunAndSession, SessionCommand, System, parse};
use crate::error::AgentError;
use crate::layout::Home;
use crate::{captured, clock, detach, follow, probe, settings, status, stop, verify};

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
        Command::Probe(home, root, watch) => {
            let home = home.as_deref().map(Home::open).transpose()?;
            print_json(&probe::probe(home.as_ref(), &root.open(), watch)?).map(|()| 0)
        }
        Command::Settings(root) => print_json(&settings::states(&root.open())).map(|()| 0),
        Command::Restore(place) => {
            let restored = settings::restore(&place.open()?, &place.system())?;
            print_json(&restored)?;
            Ok(if restored.failed.is_empty() { 0 } else { 4 })
        }
        Command::Parse(kind, file) => print_json(&captured::parse(kind, &file)?).map(|()| 0),
        Command::Verify(place, files) => {
            let home = place.open()?;
            let mut code = 0;
            for file in files {
                let found = verify::verify(&home, &file);
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
    match command {
        SessionCommand::Supervise => detach::supervise(&place.home, name, &place.system()).map(|()| 0),
        SessionCommand::Start => print_json(&detach::start(&place.open()?, name, &place.root)?).map(|()| 0),
        SessionCommand::Follow(from) => {
            follow::follow(&place.open()?, name, from, &mut io::stdout().lock()).map(|()| 0)
        }
        SessionCommand::Status => {
            print_json(&status::status(&place.open()?, name, &place.system())?).map(|()| 0)
        }
        SessionCommand::Stop(patience) => {
            let became = stop::stop(&place.open()?, name, &place.system(), patience)?;
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
    fn open(&self) -> Result<Home, AgentError> {
        Home::open(&self.home)
    }

    fn system(&self) -> Root {
        self.root.open()
    }
}

impl System {
    fn open(&self) -> Root {
        match &self.programs {
            None => Root::new(&self.root),
            Some(programs) => Root::live_at(&self.root, programs),
        }
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
