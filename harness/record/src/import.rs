//! Sessions that another program measured and that came here as a file.
//!
//! Whatever the file holds as a series, rates of decoding included, stands in the session's journal as channels and
//! tokens; what it says about the whole session, and how its rates are to be read, stands here.

use edgesoak_protocol::units::Nanos;
use serde::{Deserialize, Serialize};

use crate::plan::SourceFile;

/// What a fact is about whose text is the workload as the person said it who imported the file.
pub const TOLD_WORKLOAD: &str = "workload as told";
/// What a fact is about whose text is the version of the device's operating system.
pub const SYSTEM_VERSION: &str = "system version";

/// Where an imported session comes from, and what its file says of it as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Word of the format, such as `decode-rates`.
    pub format: String,
    /// The file as it came: its name, digest and size. Its bytes are kept in the run's folder.
    pub file: SourceFile,
    /// Line of the file on which the session begins, from 1.
    pub line: u64,
    /// Time of the session's zero in its journal: the first submit, or the first rate.
    pub zero: Nanos,
    /// How the channel of rates is to be read; `None` where the file has none, or has the times of its tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<RateWindows>,
    /// Energy over the session, if the file gives a sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub energy: Option<EnergySum>,
    /// What else the file says, for people: device, system, engine, model, and what was left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<ImportedFact>,
}

impl Import {
    /// The first thing that is said about this.
    #[must_use]
    pub fn fact(&self, about: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.about == about).map(|fact| fact.text.as_str())
    }

    /// With the workload as a person tells it, whatever the file calls so.
    #[must_use]
    pub fn told_workload(mut self, workload: Option<&str>) -> Self {
        self.facts.retain(|fact| fact.about != TOLD_WORKLOAD);
        self.facts.extend(
            workload.map(|text| ImportedFact { about: TOLD_WORKLOAD.to_owned(), text: text.to_owned() }),
        );
        self
    }
}

/// The windows behind a series of rates. A rate stands at the end of its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateWindows {
    /// Length of every window; `None` where each begins at the end of the one before, or at zero.
    pub length: Option<Nanos>,
    /// The times are those of a clock. Where they are not, windows stand side by side although there may have been
    /// pauses between them.
    pub is_timed: bool,
}

/// A sum of energy that a file gives without the readings behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnergySum {
    /// Microjoules.
    pub microjoules: u64,
    /// Time that it was measured over, if the file says so.
    pub over: Option<Nanos>,
    /// Tokens that were decoded in that time, if the file says so.
    pub tokens: Option<u64>,
}

/// Something that a file says of its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedFact {
    /// What it is about, such as `device` or `model`.
    pub about: String,
    /// The file's words, bounded.
    pub text: String,
}
