//! What tells hardware from a simulation of it. Everything else of the agent is the same for both.

use std::io;
use std::path::Path;
use std::time::Duration;

use edgesoak_protocol::probe::{Answers, ClockReading, Probe, Started};
use edgesoak_sensors::{Root, clocks, identity};

use crate::arguments::System;
use crate::digest::{self, Fingerprint};
use crate::error::AgentError;
use crate::layout::{Home, SessionName};
use crate::{detach, hand_over, known_digest, probe};

/// An answer that a session gave, when somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// Its record.
    Record(Vec<u8>),
    /// It is forgotten, and will not come back.
    Forgotten,
    /// The session could not be asked. That may work the next time.
    OutOfReach,
}

/// Asks for the answer at a place.
pub type AnswerRecords<'a> = Box<dyn FnMut(u32) -> Handed + 'a>;

/// A device, as far as an agent on it must know what it is.
pub trait Device {
    /// The program's own name, for its complaints.
    fn program(&self) -> &'static str;

    /// The system whose files are read; `asked` is the one that the arguments name.
    fn system(&self, home: Option<&Home>, asked: Root) -> Result<Root, AgentError>;

    /// The system whose settings are read and turned; the one whose files are read, if nothing else is said.
    fn switches(&self, home: Option<&Home>, asked: Root) -> Result<Root, AgentError> {
        self.system(home, asked)
    }

    /// Describes the device after watching its channels for a while.
    fn probe(&self, home: Option<&Home>, system: &Root, watch: Duration) -> Result<Probe, AgentError>;

    /// Reads its clocks.
    fn clocks(&self, home: Option<&Home>) -> Result<ClockReading, AgentError>;

    /// Digest, size and rights of a file below the home, asking `go_on` now and then.
    ///
    /// # Errors
    /// `Interrupted` if `go_on` said no; `InvalidInput` if it is no regular file.
    fn fingerprint(
        &self,
        _home: &Home,
        file: &Path,
        go_on: &mut dyn FnMut() -> bool,
    ) -> io::Result<Fingerprint> {
        digest::fingerprint(file, go_on)
    }

    /// Brings a session up and returns when it runs, or when it is over.
    fn start(&self, home: &Home, name: &SessionName, asked: &System) -> Result<Started, AgentError>;

    /// The records of the answers that a session keeps, by their numbers.
    fn answers<'a>(&'a self, home: &'a Home, name: &'a SessionName) -> AnswerRecords<'a> {
        Box::new(|index| hand_over::record(home, name, index))
    }

    /// Has a session forget the first `count` of its answers; `None` where it keeps none any more.
    fn take_answers(&self, home: &Home, name: &SessionName, count: u32) -> Option<Answers> {
        hand_over::taken(home, name, count)
    }

    /// Runs a session in this process; what `start` of hardware has a process of its own do.
    fn supervise(&self, home: &Path, name: &SessionName, asked: &System) -> Result<(), AgentError>;
}

/// The device that this program runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hardware;

impl Device for Hardware {
    fn program(&self) -> &'static str {
        "edgesoak-agent"
    }

    fn system(&self, _home: Option<&Home>, asked: Root) -> Result<Root, AgentError> {
        Ok(asked)
    }

    fn probe(&self, home: Option<&Home>, system: &Root, watch: Duration) -> Result<Probe, AgentError> {
        probe::probe(home, system, watch)
    }

    fn clocks(&self, _home: Option<&Home>) -> Result<ClockReading, AgentError> {
        Ok(ClockReading {
            mono_ns: clocks::mono_ns(),
            boottime_ns: clocks::boottime_ns(),
            wall_ns: clocks::wall_ns(),
        })
    }

    fn fingerprint(
        &self,
        home: &Home,
        file: &Path,
        go_on: &mut dyn FnMut() -> bool,
    ) -> io::Result<Fingerprint> {
        known_digest::look(&home.digests(), &identity::boot_id(&Root::live()), file, go_on)
    }

    fn start(&self, home: &Home, name: &SessionName, asked: &System) -> Result<Started, AgentError> {
        detach::start(home, name, asked)
    }

    fn supervise(&self, home: &Path, name: &SessionName, asked: &System) -> Result<(), AgentError> {
        detach::supervise(home, name, &asked.open())
    }
}
