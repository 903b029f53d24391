//! Is the database whole, and does it say what the journals say?

use std::fmt;
use std::path::Path;

use edgesoak_record::session::JournalEnding;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::open::Store;
use crate::rebuild::run_folders;
use crate::run_folder::{DEVICE_JOURNAL, IngestedRun, folder_name};

/// Most findings of SQLite's own check.
const FINDINGS: u32 = 100;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Run it concerns; `None` for the database as a whole.
    pub run: Option<String>,
    /// Session it concerns; `None` for the run as a whole.
    pub session: Option<String>,
    /// A sentence.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.run, &self.session) {
            (Some(run), Some(session)) => write!(f, "run {run}, session {session}: {}", self.what),
            (Some(run), None) => write!(f, "run {run}: {}", self.what),
            (None, _) => write!(f, "{}", self.what),
        }
    }
}

impl Problem {
    fn of_database(what: String) -> Self {
        Self { run: None, session: None, what }
    }

    pub(crate) fn about_run(run: &str, what: &dyn fmt::Display) -> Self {
        Self { run: Some(run.to_owned()), session: None, what: what.to_string() }
    }

    pub(crate) fn about_session(run: &str, session: &str, what: &str) -> Self {
        Self { run: Some(run.to_owned()), session: Some(session.to_owned()), what: what.to_owned() }
    }

    /// What an ingest had to leave out.
    pub(crate) fn in_run(ingested: &IngestedRun) -> Vec<Self> {
        let run = &ingested.run;
        let mut problems: Vec<Self> = ingested
            .damaged_lines
            .iter()
            .map(|line| Self::about_run(run, &format!("line {line} of the host journal cannot be used")))
            .collect();
        if ingested.torn {
            problems.push(Self::about_run(run, &"the last line of the host journal is cut"));
        }
        for (session, result) in &ingested.sessions {
            match result {
                Ok(done) => {
                    if let JournalEnding::Corrupt(what) = &done.ending {
                        problems.push(Self::about_session(run, session, what));
                    }
                }
                Err(error) => {
                    problems.push(Self::about_session(run, session, &chain(error)));
                }
            }
        }
        problems
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &StoreError) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        words = format!("{words}: {source}");
        cause = source.source();
    }
    words
}

impl Store {
    /// Checks the file, its references, and, where the folder with the raw runs is given, every row against
    /// the journals: they are read once more into a scratch database, and digests are compared session by
    /// session. Verdicts are not compared; a run may have been judged again since.
    ///
    /// # Errors
    /// If the database or the folder cannot be read, or there is no room for the scratch database. What is
    /// wrong with the data is no error but a [`Problem`].
    pub fn check(&self, runs_dir: Option<&Path>) -> Result<Vec<Problem>, StoreError> {
        let mut problems = integrity(&self.connection).map_err(StoreError::read("its own structure"))?;
        let Some(runs_dir) = runs_dir else { return Ok(problems) };
        let mut missing: Vec<String> = self.runs()?.into_iter().map(|summary| summary.run).collect();
        for run_dir in &run_folders(runs_dir)? {
            let run = folder_name(run_dir)?;
            missing.retain(|known| *known != run);
            // One at a time: the folder is gone, and its room free, before the next run is read.
            let scratch = tempfile::tempdir()
                .map_err(|source| StoreError::ReadFile { path: std::env::temp_dir(), source })?;
            let mut fresh = Store::open(&scratch.path().join("scratch.db"))?;
            match fresh.ingest_run(run_dir) {
                Ok(ingested) => {
                    problems.extend(Problem::in_run(&ingested));
                    problems.extend(self.compare(&fresh, &run, run_dir)?);
                }
                Err(error) if error.is_about_content() => {
                    problems.push(Problem::about_run(&run, &chain(&error)));
                }
                Err(error) => return Err(error),
            }
        }
        problems.extend(missing.iter().map(|run| Problem::about_run(run, &"its journals are gone")));
        Ok(problems)
    }

    fn compare(&self, fresh: &Store, run: &str, run_dir: &Path) -> Result<Vec<Problem>, StoreError> {
        let (ours, theirs) = (self.host_lines(run)?, fresh.host_lines(run)?);
        if ours == 0 {
            return Ok(vec![Problem::about_run(run, &"its journals were never stored")]);
        }
        let mut problems = self.lost_files(run, run_dir)?;
        if ours != theirs {
            let what = format!("{ours} host entries are stored, its journal has {theirs}");
            problems.push(Problem::about_run(run, &what));
        }
        for session in fresh.session_names(run)? {
            if let Some(what) = self.compare_session(fresh, run, &session)? {
                problems.push(Problem::about_session(run, &session, &what));
            } else if !run_dir.join(&session).join(DEVICE_JOURNAL).exists()
                && self.frames(run, &session)?.is_some()
            {
                problems.push(Problem::about_session(run, &session, "its journal is gone"));
            }
        }
        Ok(problems)
    }

    fn compare_session(&self, fresh: &Store, run: &str, session: &str) -> Result<Option<String>, StoreError> {
        let ours = match self.fingerprint_session(run, session) {
            Ok(digest) => digest,
            Err(StoreError::UnknownSession { .. }) => return Ok(Some("it is not stored".to_owned())),
            Err(error) => return Err(error),
        };
        if ours == fresh.fingerprint_session(run, session)? {
            return Ok(None);
        }
        let (ours, theirs) = (self.frames(run, session)?, fresh.frames(run, session)?);
        Ok(Some(if ours == theirs {
            "its rows differ from its journal".to_owned()
        } else {
            format!("{} frames are stored, its journal has {}", count(ours), count(theirs))
        }))
    }

    fn host_lines(&self, run: &str) -> Result<i64, StoreError> {
        self.connection
            .query_row("SELECT count(*) FROM host_entry WHERE run_id = ?1", [run], |row| row.get(0))
            .map_err(StoreError::read("host entries"))
    }

    /// Last frame of a session that is stored.
    fn frames(&self, run: &str, session: &str) -> Result<Option<i64>, StoreError> {
        self.connection
            .query_row(
                "SELECT last_seq FROM session WHERE run_id = ?1 AND session = ?2",
                [run, session],
                |row| row.get(0),
            )
            .map_err(StoreError::read("a session"))
    }
}

fn count(last_seq: Option<i64>) -> i64 {
    last_seq.map_or(0, |seq| seq + 1)
}

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut query = connection.prepare(&format!("PRAGMA integrity_check({FINDINGS})"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let words: String = row.get(0)?;
        if words != "ok" {
            problems.push(Problem::of_database(words));
        }
    }
    let mut query = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (child, parent): (String, String) = (row.get(0)?, row.get(2)?);
        problems.push(Problem::of_database(format!("a row of {child} belongs to no row of {parent}")));
    }
    Ok(problems)
}
