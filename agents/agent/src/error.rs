//! What can go wrong in a subcommand. What goes wrong within a run is a journal frame instead.

use std::io;
use std::path::PathBuf;

use edgesoak_prompts::PromptError;
use edgesoak_protocol::journal::JournalError;
use thiserror::Error;

/// Why a subcommand failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AgentError {
    /// The arguments make no sense.
    #[error("reading the arguments: {0}")]
    ReadingArguments(String),
    /// A run, session or file name that may not become a path.
    #[error("naming {what}: {problem}")]
    Naming {
        /// What was named.
        what: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The job document cannot be read as JSON of the expected shape.
    #[error("decoding the job: {0}")]
    DecodingJob(String),
    /// The job asks for something the agent does not do.
    #[error("checking the job: {0}")]
    CheckingJob(String),
    /// Another session runs on this device, or another host uses it.
    #[error("taking the lease: {holder} has this device")]
    TakingLease {
        /// Who holds it.
        holder: String,
    },
    /// The session has run before: journals are never written twice.
    #[error("opening the journal: this session already has one")]
    SessionUsed,
    /// There is no such session, or it was never started.
    #[error("opening the journal: session {0} was never started here")]
    NoSession(String),
    /// The journal on disk is damaged.
    #[error("reading the journal")]
    ReadingJournal(#[source] JournalError),
    /// The agent of the session died before it could finish.
    #[error("following the session: its agent is dead and the journal has no end")]
    AgentDead,
    /// The session keeps no answers, or no more.
    #[error("taking the answers: the session keeps none any more")]
    AnswersGone,
    /// The prompt cycle, its corpus or its template cannot be used.
    #[error("opening the prompts")]
    OpeningPrompts(#[source] PromptError),
    /// The operating system refused something.
    #[error("{doing} {}", path.display())]
    Io {
        /// What we were doing.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The list of changed settings is damaged.
    #[error("reading the changes in {}", path.display())]
    ReadingChanges {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A captured output cannot be read.
    #[error("reading the capture {}", path.display())]
    ReadingCapture {
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A device cannot be simulated as it was asked for.
    #[error("simulating the device")]
    Simulating(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The detached process reported why it did not start.
    #[error("{text}")]
    Starting {
        /// Its exit code.
        code: u8,
        /// Its sentence.
        text: String,
    },
}

/// Who can mend an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The device: full disk, missing permission.
    Device,
    /// The job or the arguments.
    Config,
    /// The agent itself.
    Harness,
}

impl AgentError {
    /// An I/O error with what was being done to which file; made for `map_err`.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// Who can mend it.
    pub fn whose(&self) -> Whose {
        match self {
            Self::Io { .. }
            | Self::TakingLease { .. }
            | Self::AgentDead
            | Self::AnswersGone
            | Self::ReadingChanges { .. } => Whose::Device,
            Self::ReadingJournal(_) => Whose::Harness,
            Self::Starting { code, .. } if *code != 2 => Whose::Device,
            _ => Whose::Config,
        }
    }

    /// Whether the same call may succeed later.
    pub fn retry(&self) -> bool {
        self.exit_code() == 75
    }

    /// The exit code; the help text lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ReadingArguments(_)
            | Self::Naming { .. }
            | Self::DecodingJob(_)
            | Self::CheckingJob(_)
            | Self::SessionUsed
            | Self::OpeningPrompts(_)
            | Self::Simulating(_) => 2,
            Self::AgentDead | Self::AnswersGone => 3,
            Self::Io { .. }
            | Self::ReadingJournal(_)
            | Self::ReadingCapture { .. }
            | Self::ReadingChanges { .. } => 4,
            Self::NoSession(_) => 6,
            Self::TakingLease { .. } => 75,
            Self::Starting { code, .. } => *code,
        }
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::ReadingArguments(_) => "see edgesoak-agent --help",
            Self::Naming { .. } => "names are made of a-z, 0-9, '.', '_', ':' and '-', at most 100 of them",
            Self::TakingLease { .. } => "wait until it is done, or stop it",
            Self::SessionUsed => "start a new session under another name",
            Self::NoSession(_) => "start it first",
            Self::ReadingChanges { .. } => {
                "settings may be changed: look at the device, then remove the file"
            }
            Self::AnswersGone => "answers live as long as their session: ask for them in another one",
            Self::AgentDead => "what it measured until then is in the journal",
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the device",
                io::ErrorKind::PermissionDenied => "the home must belong to the user that runs the agent",
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The sentence for stderr: the error and its causes.
    pub fn sentence(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}
