//! From arguments to an exit code: the only place that talks to whoever called.

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use edgesoak_protocol::probe::AgentState;
use edgesoak_sensors::Root;
use rustix::fs::Mode;
use serde::Serialize;

use crate::arguments::{Command, HELP, Place, RunAndSession, SessionCommand, System, parse};
use crate::device::Device;
use crate::error::AgentError;
use crate::layout::Home;
use crate::lease::tenant::{self, Uptime};
use crate::{captured, clock, follow, pack, settings, status, stop, sweep, verify};

/// The whole program: arguments in (without the program's name), exit code out.
pub fn main(arguments: impl IntoIterator<Item = OsString>, device: &dyn Device) -> ExitCode {
    // Everything the agent writes is private, whatever its caller's habits.
    rustix::process::umask(Mode::from_raw_mode(0o077));
    match parse(arguments).and_then(|command| execute(command, device)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let mut stderr = io::stderr();
            let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
            // There is nobody left to tell if even this fails.
            let _ = writeln!(stderr, "{}: {}{hint}", device.program(), error.sentence());
            ExitCode::from(error.exit_code())
        }
    }
}

/// Carries out one command; the exit code where it went as asked.
pub fn execute(command: Command, device: &dyn Device) -> Result<u8, AgentError> {
    match command {
        Command::Help => print(HELP.as_bytes()).map(|()| 0),
        Command::Version => {
            print([device.program(), concat!(" ", env!("CARGO_PKG_VERSION"), "\n")].concat().as_bytes())
                .map(|()| 0)
        }
        Command::Clock(home) => {
            let home = home.as_deref().map(Home::open).transpose()?;
            let mut read = || device.clocks(home.as_ref());
            clock::answer(io::stdin().lock(), &mut read, &mut io::stdout()).map(|()| 0)
        }
        Command::Probe(home, root, look) => {
            let home = home.as_deref().map(Home::open).transpose()?;
            let system = device.system(home.as_ref(), root.found()?)?;
            let mut probe = device.probe(home.as_ref(), &system, look.watch)?;
            if let Some(pack) = look.pack_salt.and_then(|salt| pack::identity(&system, &salt)) {
                probe.facts.insert(pack::FACT.to_owned(), pack);
            }
            print_json(&probe).map(|()| 0)
        }
        Command::Settings(home, root) => {
            let home = home.as_deref().map(Home::open).transpose()?;
            let system = device.switches(home.as_ref(), root.found()?)?;
            print_json(&settings::states(&system)).map(|()| 0)
        }
        Command::Restore(place) => {
            let home = place.open()?;
            let system = device.switches(Some(&home), place.root.found()?)?;
            let restored = settings::restore(&home, &system)?;
            print_json(&restored)?;
            Ok(if restored.failed.is_empty() { 0 } else { 4 })
        }
        Command::Parse(kind, file) => print_json(&captured::parse(kind, &file)?).map(|()| 0),
        Command::Tenant(place, wish) => {
            let (path, now) = (place.open()?.tenant(), Uptime::now());
            let tenancy = match wish {
                Some(wish) => tenant::grant(&path, wish.0, &now)?,
                None => tenant::look(&path, &now),
            };
            print_json(&tenancy).map(|()| 0)
        }
        Command::Verify(place, files) => {
            let home = place.open()?;
            let mut code = 0;
            for file in files {
                let found = verify::verify(device, &home, &file);
                if found.missing.is_some() {
                    code = 4;
                }
                print_json(&found)?;
            }
            Ok(code)
        }
        Command::Session(place, command, name) => execute_session(device, &place, command, &name),
    }
}

fn execute_session(
    device: &dyn Device,
    place: &Place,
    command: SessionCommand,
    name: &RunAndSession,
) -> Result<u8, AgentError> {
    let name = &name.0;
    match command {
        SessionCommand::Supervise => device.supervise(&place.home, name, &place.root).map(|()| 0),
        SessionCommand::Start => {
            place.root.found()?;
            print_json(&device.start(&place.open()?, name, &place.root)?).map(|()| 0)
        }
        SessionCommand::Follow(from) => {
            follow::follow(device, &place.open()?, name, from, &mut io::stdout().lock()).map(|()| 0)
        }
        SessionCommand::Taken(count) => {
            let answers = device.take_answers(&place.open()?, name, count);
            print_json(&answers.ok_or(AgentError::AnswersGone)?).map(|()| 0)
        }
        SessionCommand::Status => {
            let home = place.open()?;
            print_json(&status::status(&home, name, &place.system(device, &home)?)?).map(|()| 0)
        }
        SessionCommand::Sweep => {
            let home = place.open()?;
            let system = device.switches(Some(&home), place.root.found()?)?;
            sweep::sweep(device, &home, name, &system, &mut BufWriter::new(io::stdout().lock())).map(|()| 0)
        }
        SessionCommand::Stop(patience) => {
            let home = place.open()?;
            let became = stop::stop(&home, name, &place.system(device, &home)?, patience)?;
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

    fn system(&self, device: &dyn Device, home: &Home) -> Result<Root, AgentError> {
        device.system(Some(home), self.root.found()?)
    }
}

impl System {
    /// [`System::open`] of a folder that is there: a mistyped one would look like a device without any sensor.
    fn found(&self) -> Result<Root, AgentError> {
        if self.root.is_dir() {
            return Ok(self.open());
        }
        Err(AgentError::ReadingArguments(format!("--root: there is no folder {}", self.root.display())))
    }

    /// The tree that the arguments name.
    pub(crate) fn open(&self) -> Root {
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
