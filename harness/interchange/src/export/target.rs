//! What a run can be exported as, and the export itself.

use std::path::Path;

use edgesoak_record::{Run, RunVerdict, SessionRecord, SessionVerdict};

use super::csv::CsvSheet;
use super::files::{ExportedFile, NewFiles};
use super::parquet::ParquetSheet;
use super::perfetto;
use super::sheets::Sheets;
use crate::error::InterchangeError;
use crate::neutral;

/// What a run is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One comma-separated file per table.
    Csv,
    /// One Parquet file per table.
    Parquet,
    /// One Perfetto trace per session.
    Perfetto,
    /// One file per session in our neutral format, which `import` reads.
    Neutral,
}

impl Target {
    /// Every target.
    pub const ALL: [Target; 4] = [Target::Csv, Target::Parquet, Target::Perfetto, Target::Neutral];

    /// The word on the command line, and the name of the folder.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Target::Csv => "csv",
            Target::Parquet => "parquet",
            Target::Perfetto => "perfetto",
            Target::Neutral => "jsonl",
        }
    }
}

/// One session with what is told beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) run: &'a Run,
    pub(crate) record: &'a SessionRecord,
    /// `None` where the verdict does not know the session.
    pub(crate) verdict: Option<&'a SessionVerdict>,
}

/// A run that is being exported, session by session. Nothing stands in the folder under its own name until
/// [`Export::finish`].
#[derive(Debug)]
pub struct Export<'r> {
    run: &'r Run,
    verdict: &'r RunVerdict,
    files: NewFiles,
    written: Written,
}

#[derive(Debug)]
enum Written {
    Csv(Sheets<CsvSheet>),
    Parquet(Sheets<ParquetSheet>),
    Perfetto,
    Neutral,
}

impl<'r> Export<'r> {
    /// Begins an export into `folder`. Of the run, its plan is taken; its sessions are told one by one.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be made.
    pub fn begin(
        target: Target,
        folder: &Path,
        run: &'r Run,
        verdict: &'r RunVerdict,
    ) -> Result<Self, InterchangeError> {
        let mut files = NewFiles::in_folder(folder)?;
        let written = match target {
            Target::Csv => Written::Csv(Sheets::begin(&mut files)?),
            Target::Parquet => Written::Parquet(Sheets::begin(&mut files)?),
            Target::Perfetto => Written::Perfetto,
            Target::Neutral => Written::Neutral,
        };
        Ok(Self { run, verdict, files, written })
    }

    /// Writes a whole session.
    ///
    /// # Errors
    /// If writing fails.
    pub fn session(&mut self, record: &SessionRecord) -> Result<(), InterchangeError> {
        let name = &record.planned.session;
        let verdict = self.verdict.sessions.iter().find(|verdict| verdict.session == *name);
        let told = Told { run: self.run, record, verdict };
        let written = match &mut self.written {
            Written::Csv(sheets) => sheets.session(told),
            Written::Parquet(sheets) => sheets.session(told),
            // A file per session bears the run's name: those of several runs can lie in one folder.
            Written::Perfetto => {
                let mut out = self.files.begin(&format!("{}-{name}.pftrace", self.run.id))?;
                perfetto::write(told, &mut out)
            }
            Written::Neutral => {
                let mut out = self.files.begin(&format!("{}-{name}.jsonl", self.run.id))?;
                neutral::write(self.run, record, &mut out)
            }
        };
        written.map_err(|source| self.files.failed(source))
    }

    /// Puts the files in their places.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(self) -> Result<Vec<ExportedFile>, InterchangeError> {
        let ended = match self.written {
            Written::Csv(sheets) => sheets.finish(),
            Written::Parquet(sheets) => sheets.finish(),
            Written::Perfetto | Written::Neutral => Ok(()),
        };
        ended.map_err(|source| self.files.failed(source))?;
        self.files.keep()
    }
}
