//! What a recording is made from.

use std::fmt;

use edgesoak_agent::{End, salted, sha256_hex};
use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::units::Nanos;

use crate::body::surroundings::Surroundings;
use crate::load::Candidate;
use crate::profile::Profile;

/// A device, where it lies, and what goes wrong with it.
#[derive(Debug, Clone)]
pub struct Phone<'a> {
    /// Its kind.
    pub profile: &'a Profile,
    /// Which unit of its kind; 0 is the nominal one.
    pub seed: u64,
    /// Air, charger, case, charge.
    pub surroundings: Surroundings,
    /// Words of faults, such as `charger@120s:15W`.
    pub faults: &'a [String],
    /// Its clocks when the journal is opened.
    pub boot: Boot,
}

/// A boot of a device, and its clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boot {
    /// Identity.
    pub id: String,
    /// `CLOCK_MONOTONIC`.
    pub mono: Nanos,
    /// `CLOCK_BOOTTIME`.
    pub boottime: Nanos,
    /// Since the Unix epoch.
    pub wall: Nanos,
}

/// What is asked of it.
#[derive(Debug, Clone)]
pub struct Work<'a> {
    /// The job, as an agent gets it.
    pub job: &'a Job,
    /// The model; the length of its answers is the job's.
    pub candidate: Candidate,
    /// The prompt cycle; at least one.
    pub cycle: &'a [Item],
    /// What is asked behind the soak; nothing, where the job asks nothing.
    pub questions: &'a [Question],
    /// Files whose digests were checked.
    pub verified: &'a [Verified],
    /// Settings that are made already; none, where nothing has any.
    pub settings: Settings<'a>,
}

impl Work<'_> {
    /// The digest of no answer.
    pub(super) fn nothing(&self) -> String {
        self.job.answering.as_ref().map_or_else(String::new, |asked| salted(&asked.salt, ""))
    }
}

/// Gives settings back: frames that tell of it, and why what was measured does not count where one did not stay as it
/// was made.
pub type GiveBack<'a> = &'a dyn Fn() -> (Vec<Frame>, Option<End>);

/// The settings of a session.
#[derive(Clone, Copy, Default)]
pub struct Settings<'a> {
    /// Frames that tell how they were made.
    pub made: &'a [Frame],
    /// Called when the session ends; never where the device switches itself off.
    pub give_back: Option<GiveBack<'a>>,
}

impl fmt::Debug for Settings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("made", &self.made).finish_non_exhaustive()
    }
}

/// An item of the prompt cycle, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// SHA-256 of the final text, lower-case hex.
    pub sha256: String,
    /// Length of the final text, bytes.
    pub bytes: u32,
}

impl Item {
    /// An item with its final text.
    #[must_use]
    pub fn of(id: String, text: &str) -> Self {
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self { id, sha256: sha256_hex(text.as_bytes()), bytes }
    }
}

/// An item of a golden set, and what a journal tells of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The item, rendered.
    pub item: Item,
    /// Ids of the documents in its prompt.
    pub documents: Vec<String>,
    /// Length of the answer, tokens.
    pub tokens: u32,
    /// `eos`, or `length` where the answer was cut.
    pub finish: &'static str,
    /// SHA-256 of the job's salt and the answer, lower-case hex.
    pub sha256: String,
    /// Length of the answer, bytes.
    pub bytes: u32,
    /// How sure the runtime says that it was, in millionths.
    pub confidence: Option<u32>,
}

/// A file whose digest was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// `artifact`, `prompts`, ...
    pub what: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size, bytes.
    pub bytes: u64,
}
