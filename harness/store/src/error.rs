//! What can go wrong between a journal and the database.

use std::path::PathBuf;

use edgesoak_protocol::journal::JournalError;
use rusqlite::ErrorCode;
use thiserror::Error;

/// A failure of the store.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database could not be opened or created.
    #[error("opening the database {}", path.display())]
    Open {
        /// Database.
        path: PathBuf,
        /// Cause.
        source: rusqlite::Error,
    },
    /// The file exists and is no SQLite database.
    #[error("{} is not a SQLite database; it was left as it is", path.display())]
    NotADatabase {
        /// File.
        path: PathBuf,
    },
    /// A SQLite database of another program.
    #[error("{} is a database of another program; it was left as it is", path.display())]
    Foreign {
        /// Database.
        path: PathBuf,
    },
    /// Written by a newer EdgeSoak.
    #[error("{} has schema version {found}, this program knows up to {current}; it was left as it is", path.display())]
    Newer {
        /// Database.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Our version.
        current: i64,
    },
    /// A database that must be migrated was opened for reading only.
    #[error("{} has schema version {found} and must be opened for writing once to reach {current}", path.display())]
    Older {
        /// Database.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Our version.
        current: i64,
    },
    /// Writing the book of baselines.
    #[error("writing the book of baselines {}", path.display())]
    WriteBaselines {
        /// The book.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A line of the book, or a file of another host, is not what was written.
    #[error("{}, line {line}: {what}", path.display())]
    DamagedBaseline {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Nothing was promoted under this name.
    #[error("there is no baseline `{name}`")]
    UnknownBaseline {
        /// The name.
        name: String,
    },
    /// A name that no baseline can have.
    #[error("`{name}` cannot name a baseline")]
    BaselineName {
        /// The name.
        name: String,
    },
    /// A migration failed; the database is as it was.
    #[error("bringing the database to schema version {to}")]
    Migrate {
        /// Version that was to be reached.
        to: i64,
        /// Cause.
        source: rusqlite::Error,
    },
    /// Rows could not be written; the transaction was rolled back.
    #[error("writing {what} to the database")]
    Write {
        /// What was written.
        what: &'static str,
        /// Cause.
        source: rusqlite::Error,
    },
    /// Rows could not be read.
    #[error("reading {what} from the database")]
    Read {
        /// What was read.
        what: &'static str,
        /// Cause.
        source: rusqlite::Error,
    },
    /// A stored document is not what this version writes.
    #[error("reading the stored {what} of {run}")]
    ReadDocument {
        /// `plan`, `history`, `verdict`.
        what: &'static str,
        /// Run.
        run: String,
        /// Cause.
        source: serde_json::Error,
    },
    /// A document could not be turned into JSON.
    #[error("turning the {what} into JSON")]
    WriteDocument {
        /// `plan`, `history`, `verdict`, `host entry`.
        what: &'static str,
        /// Cause.
        source: serde_json::Error,
    },
    /// A file of a run could not be read.
    #[error("reading {}", path.display())]
    ReadFile {
        /// File or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A device journal has no usable header.
    #[error("reading the device journal {}", path.display())]
    ReadJournal {
        /// Journal.
        path: PathBuf,
        /// Cause.
        source: JournalError,
    },
    /// A device journal is larger than any honest one.
    #[error("the device journal {} has {bytes} bytes, the limit is {limit}", path.display())]
    JournalTooLarge {
        /// Journal.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// Largest size.
        limit: u64,
    },
    /// A device journal names another run or session than the folder it lies in.
    #[error("the device journal {} says that it belongs to session {session:?} of run {run:?}", path.display())]
    ForeignJournal {
        /// Journal.
        path: PathBuf,
        /// Run it names.
        run: String,
        /// Session it names.
        session: String,
    },
    /// An entry of the host's journal contradicts what came before it.
    #[error("line {line} of the host journal of {run}: {what}")]
    HostEntry {
        /// Run.
        run: String,
        /// Line, counted from 1.
        line: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The run has no first line, so nothing is known about it.
    #[error("run {run} was never opened: the first line of its host journal is missing")]
    NeverOpened {
        /// Run.
        run: String,
    },
    /// No run of this name.
    #[error("no run {name:?} in the database")]
    UnknownRun {
        /// Id, prefix or `latest`.
        name: String,
    },
    /// A prefix of several runs.
    #[error("{name:?} could be any of {}", matches.join(", "))]
    AmbiguousRun {
        /// Prefix.
        name: String,
        /// Runs it fits, a few of them.
        matches: Vec<String>,
    },
    /// No such session in the plan of the run.
    #[error("run {run} has no session {session:?}")]
    UnknownSession {
        /// Run.
        run: String,
        /// Session.
        session: String,
    },
    /// A rebuilt database could not be put in the place of the old one, which is untouched.
    #[error("putting the rebuilt database in the place of {}", path.display())]
    Replace {
        /// Database.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// Another process works on a run that is to be purged.
    #[error("purging the run in {}: another edgesoak works on it", path.display())]
    RunInUse {
        /// The run's folder.
        path: PathBuf,
    },
    /// A run's folder could not be removed.
    #[error("removing the run in {}", path.display())]
    RemoveRun {
        /// The run's folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A host journal could not be written anew without texts.
    #[error("removing the texts of answers from {}", path.display())]
    RemoveTexts {
        /// The journal.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
}

impl StoreError {
    /// Whose fault it is: `device`, `lab`, `config` or `harness`.
    #[must_use]
    pub fn whose(&self) -> &'static str {
        match self {
            Self::ReadJournal { .. } | Self::JournalTooLarge { .. } | Self::ForeignJournal { .. } => "device",
            Self::UnknownRun { .. } | Self::AmbiguousRun { .. } | Self::UnknownSession { .. } => "config",
            Self::HostEntry { .. } | Self::WriteDocument { .. } | Self::ReadDocument { .. } => "harness",
            _ => "lab",
        }
    }

    /// Whether the same call may succeed later without a change to the data.
    #[must_use]
    pub fn retry(&self) -> bool {
        matches!(self, Self::RunInUse { .. })
            || matches!(
                self.code(),
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull)
            )
    }

    /// What a person can do, if there is a known remedy.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotADatabase { .. } => {
                return Some(
                    "choose another file with --db; if this was the database, move it away and run \
                     `edgesoak store rebuild`",
                );
            }
            Self::Foreign { .. } => return Some("choose another file with --db"),
            Self::Newer { .. } => {
                return Some("use the EdgeSoak that wrote it, or choose another file with --db");
            }
            Self::Older { .. } => return Some("run any EdgeSoak command that may write to it"),
            Self::UnknownRun { .. } | Self::AmbiguousRun { .. } => {
                return Some("give the whole run id, a unique prefix, or `latest`");
            }
            Self::DamagedBaseline { .. } => {
                return Some(
                    "take the file from a backup, or import the baselines from the host that promoted them",
                );
            }
            Self::RunInUse { .. } => return Some("wait for it, or stop it with Ctrl-C"),
            Self::UnknownBaseline { .. } => return Some("`edgesoak baseline list` shows what was promoted"),
            Self::BaselineName { .. } => {
                return Some("use letters, digits, dots, hyphens and underscores, a letter or digit first");
            }
            _ => {}
        }
        match self.code()? {
            ErrorCode::DiskFull => Some(
                "free some space; the journals hold everything, the next ingest or `edgesoak store rebuild` goes on",
            ),
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                Some("make the file and its folder writable")
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                Some("another process holds the database; wait for it or end it")
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                Some("`edgesoak store rebuild` makes it again from the journals")
            }
            ErrorCode::CannotOpen => Some("check that the folder exists and may be used"),
            _ => None,
        }
    }

    /// The data of one run or session is at fault; all others can still be stored.
    pub(crate) fn is_about_content(&self) -> bool {
        matches!(
            self,
            Self::ReadFile { .. }
                | Self::ReadJournal { .. }
                | Self::JournalTooLarge { .. }
                | Self::ForeignJournal { .. }
                | Self::HostEntry { .. }
                | Self::NeverOpened { .. }
                | Self::UnknownSession { .. }
        )
    }

    fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Open { source, .. }
            | Self::Migrate { source, .. }
            | Self::Write { source, .. }
            | Self::Read { source, .. } => source.sqlite_error_code(),
            _ => None,
        }
    }

    pub(crate) fn write(what: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Write { what, source }
    }

    pub(crate) fn read(what: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Read { what, source }
    }
}
