//! What ends a run before its sessions can be closed one by one. What goes wrong in a session closes that session
//! instead.

use std::io;
use std::path::PathBuf;

use edgesoak_drivers::{DriverError, Whose};
use edgesoak_golden::score::Unfit;
use thiserror::Error;

/// Why a run could not be opened, taken up again or kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ControllerError {
    /// The plan has nothing to run.
    #[error("opening the run: the plan has no session")]
    NothingPlanned,
    /// A name of the plan cannot be a file name.
    #[error("opening the run: {0:?} cannot be a session name")]
    NamingSession(String),
    /// The plan names something of the lab that the lab's file does not have.
    #[error("opening the run: {device} needs the {kind} {name}, which is not in the lab's file")]
    MissingFromLab {
        /// `hook`, `probe` or `meter`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// Device that needs it.
        device: String,
    },
    /// A program that goes to devices was not built.
    #[error("finding the program {program} in {}", directory.display())]
    FindingProgram {
        /// File name of the program.
        program: String,
        /// Where it was looked for.
        directory: PathBuf,
        /// Why it could not be read.
        source: io::Error,
    },
    /// A prompt file, corpus or template could not be copied into the run.
    #[error("copying the input {}", path.display())]
    CopyingInput {
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A prompt file, corpus or template is not what was planned any more.
    #[error("copying the input {}: its digest is {found}, but {planned} was planned", path.display())]
    ChangedInput {
        /// The file.
        path: PathBuf,
        /// SHA-256 in the plan.
        planned: String,
        /// SHA-256 of the file.
        found: String,
    },
    /// A golden set is not what its manifest promises.
    #[error("reading the golden set {set}: {problems}")]
    ReadingGoldenSet {
        /// `name@1.0.0`.
        set: String,
        /// What is wrong, each with file and line.
        problems: String,
    },
    /// A golden set has no item for a route that is to answer it.
    #[error("reading the golden set {set}: it has no item for the route {route}")]
    NothingToAsk {
        /// `name@1.0.0`.
        set: String,
        /// The route.
        route: String,
    },
    /// The words that make queries of a route sensitive cannot be used.
    #[error("reading the sensitive terms in {path}")]
    ReadingTerms {
        /// As it stands in the matrix.
        path: String,
        /// What is wrong with them.
        source: Unfit,
    },
    /// What a workload puts in front of the model is not what a golden set was written for.
    #[error("reading the golden set {set}: the workload {workload} has {what} than the set was written for")]
    OtherGround {
        /// `name@1.0.0`.
        set: String,
        /// The workload.
        workload: String,
        /// What differs, such as `other documents`.
        what: &'static str,
    },
    /// The key that planted secrets are made with could not be read or made.
    #[error("reading the key of planted secrets in {}", path.display())]
    KeepingKey {
        /// Its file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The secrets of a run were made with another key: searched for those of this one, nothing would ever be found.
    #[error("searching run {run} for planted secrets: they were not made with the key in {}", path.display())]
    OtherKey {
        /// The key's file.
        path: PathBuf,
        /// The run.
        run: String,
    },
    /// The run's own files could not be made.
    #[error("opening the run in {}", path.display())]
    OpeningRun {
        /// The run's directory.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// Another process works on this run.
    #[error("opening the run in {}: another edgesoak works on it", path.display())]
    RunInUse {
        /// The run's directory.
        path: PathBuf,
    },
    /// The host's journal could not be written; everything on the devices is kept for `resume`.
    #[error("writing {}", path.display())]
    KeepingJournal {
        /// The host's journal.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// There is no such run, or its journal cannot be read.
    #[error("reading {}", path.display())]
    ReadingRun {
        /// The host's journal.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The host's journal is damaged before its last line.
    #[error("reading {}: line {line} is not an entry of this version: {problem}", path.display())]
    DamagedRun {
        /// The host's journal.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The run is over, nothing is left to resume.
    #[error("resuming run {run}: it is closed, nothing is left to do")]
    RunIsClosed {
        /// The run.
        run: String,
    },
    /// A device could not be reached or asked.
    #[error("asking the device {device}")]
    AskingDevice {
        /// Device id.
        device: String,
        /// Why it failed.
        source: DriverError,
    },
    /// The agent on a device failed or said something that makes no sense.
    #[error("asking the agent on {device}: {problem}")]
    AskingAgent {
        /// Device id.
        device: String,
        /// What it said.
        problem: String,
    },
}

impl ControllerError {
    /// Who can mend it.
    #[must_use]
    pub fn whose(&self) -> Whose {
        match self {
            Self::NothingPlanned
            | Self::NamingSession(_)
            | Self::MissingFromLab { .. }
            | Self::FindingProgram { .. }
            | Self::CopyingInput { .. }
            | Self::ChangedInput { .. }
            | Self::ReadingGoldenSet { .. }
            | Self::NothingToAsk { .. }
            | Self::ReadingTerms { .. }
            | Self::OtherGround { .. }
            | Self::OtherKey { .. }
            | Self::ReadingRun { .. }
            | Self::RunIsClosed { .. } => Whose::Config,
            Self::OpeningRun { .. }
            | Self::RunInUse { .. }
            | Self::KeepingKey { .. }
            | Self::KeepingJournal { .. } => Whose::Lab,
            Self::DamagedRun { .. } => Whose::Harness,
            Self::AskingDevice { source, .. } => source.whose(),
            Self::AskingAgent { .. } => Whose::Device,
        }
    }

    /// Whether the same call may succeed later without anybody mending anything.
    #[must_use]
    pub fn retry(&self) -> bool {
        match self {
            Self::RunInUse { .. } => true,
            Self::AskingDevice { source, .. } => source.retry(),
            _ => false,
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::FindingProgram { program, .. } => {
                format!(
                    "scripts/quickstart builds it, scripts/build_agents for phones; by hand: cargo build --release -p {program}"
                )
            }
            Self::AskingDevice { source, .. } => source.hint()?.to_owned(),
            Self::MissingFromLab { kind, name, .. } => {
                format!("give the lab's own file with --lab FILE, and [{kind}.{name}] in it")
            }
            Self::ChangedInput { .. } => "plan the run again, or put the file back".to_owned(),
            Self::ReadingGoldenSet { set, .. } => {
                format!("edgesoak golden check golden_sets/{} shows all of it", set.replace('@', "/"))
            }
            Self::NothingToAsk { .. } => {
                "name the route of the set behind a colon: `golden_set = \"NAME@1.0:ROUTE\"`".to_owned()
            }
            Self::ReadingTerms { .. } => "the file holds a term a line, UTF-8".to_owned(),
            Self::OtherGround { .. } => {
                "give the workload `retrieval` and `template` of the set, in the profile's `override` if need be".to_owned()
            }
            Self::KeepingJournal { .. } => {
                "make room, then: edgesoak resume RUN; the devices keep what they measured".to_owned()
            }
            Self::OtherKey { .. } => "search on the host that made the run, with its EDGESOAK_STATE".to_owned(),
            Self::RunInUse { .. } => "wait for it, or stop it with Ctrl-C".to_owned(),
            Self::RunIsClosed { .. } => "edgesoak report shows it".to_owned(),
            _ => return None,
        })
    }
}
