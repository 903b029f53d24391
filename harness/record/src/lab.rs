//! What a lab's own file says: commands of the lab's host, by the names that a matrix uses for them. Plain data:
//! nothing here runs anything.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edgesoak_protocol::units::Millis;
use serde::{Deserialize, Serialize};

/// Everything that stands beside the devices of a lab. It is never stored with a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lab {
    /// Commands that switch something, such as the port of a hub.
    pub hooks: BTreeMap<String, Hook>,
    /// Commands that read the room.
    pub probes: BTreeMap<String, Probe>,
    /// What reads power.
    pub meters: BTreeMap<String, Meter>,
    /// Who is told when a person is needed.
    pub notify: Option<Notify>,
}

/// A command that tells a person something. The text comes as its last argument; no shell is involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notify {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Wait of a start gate after which a person is told.
    pub wait: Millis,
}

/// Two commands: one switches off, one on. Each is a program and its arguments; no shell is involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Switches off.
    pub off: Vec<String>,
    /// Switches on.
    pub on: Vec<String>,
}

/// A command that prints the temperature of the room once per call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Program and arguments.
    pub command: Vec<String>,
}

/// Something that reads power all the time.
#[derive(Debug, Clone, PartialEq)]
pub struct Meter {
    /// Where its lines come from.
    pub source: MeterSource,
    /// Form of its lines.
    pub format: MeterFormat,
    /// What its figure includes.
    pub scope: MeterScope,
    /// Largest error of its gain, as a part of one, if the lab knows it.
    pub gain_error: Option<f64>,
}

/// Where a meter's lines come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeterSource {
    /// What a program prints.
    Command(Vec<String>),
    /// A serial line, a pipe or a file that grows.
    Serial {
        /// Where it is.
        path: PathBuf,
        /// Symbols per second; only a terminal device has any.
        baud: u32,
    },
}

/// Form of a meter's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeterFormat {
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated values under a line that names columns and units.
    Csv,
}

/// What a meter's figure includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeterScope {
    /// What flows out of the battery.
    Battery,
    /// One rail of the board.
    Rail,
    /// The whole board.
    Board,
    /// All that a power supply takes from the wall, its own losses included.
    Wall,
    /// The package of the processor.
    Package,
}

impl MeterScope {
    /// Every scope.
    pub const ALL: [MeterScope; 5] =
        [MeterScope::Battery, MeterScope::Rail, MeterScope::Board, MeterScope::Wall, MeterScope::Package];

    /// The word in a lab's file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MeterScope::Battery => "battery",
            MeterScope::Rail => "rail",
            MeterScope::Board => "board",
            MeterScope::Wall => "wall",
            MeterScope::Package => "package",
        }
    }

    /// The scope with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}
