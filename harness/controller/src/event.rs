//! What happens in a run, as sinks see it.

use std::error::Error;
use std::path::PathBuf;

use edgesoak_protocol::journal::Entry;
use edgesoak_protocol::units::{Celsius, Hertz, Millis, TokensPerSecond};
use edgesoak_record::host_entry::HostEntry;

/// One event of the run. When a sink sees it, it is on the host's disk already, `Progress` apart.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEvent {
    /// A line of the host's journal. Never dropped.
    Host(HostEntry),
    /// A frame of a device's journal. Dropped for a sink that is too slow: it can read the journal itself.
    Frame {
        /// Session within the run.
        session: String,
        /// The frame.
        entry: Entry,
    },
    /// All of a device's journal that can be had is on the host. Never dropped.
    Collected {
        /// Session within the run.
        session: String,
        /// The copy.
        journal: PathBuf,
    },
    /// How far a session is; for people, at most a few per second.
    Progress(Progress),
}

/// How far a session is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Session within the run.
    pub session: String,
    /// Device id.
    pub device: String,
    /// Phase in words, such as `soaking`.
    pub phase: String,
    /// Time spent in this phase.
    pub elapsed: Millis,
    /// Expected rest of this phase, where its length is known.
    pub left: Option<Millis>,
    /// How fast the device works, over the last seconds, while it does.
    pub pace: Option<Pace>,
    /// Hottest reading of any temperature channel, where there is one.
    pub temperature: Option<Celsius>,
    /// What the session waits for or does, in words; empty where the phase says it all.
    pub detail: String,
}

/// How fast a device works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Tokens by the time they took.
    Tokens(TokensPerSecond),
    /// Items by the time from submit to last token.
    Items(Hertz),
}

/// Takes events. Runs on a thread of its own: it may block, and its failure costs nobody else anything.
pub trait Sink: Send {
    /// Name for messages.
    fn name(&self) -> &str;

    /// Takes one event. After an error it is told nothing more.
    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>>;
}
